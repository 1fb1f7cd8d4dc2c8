// SPDX-License-Identifier: Apache-2.0
#include "curve_picture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <stdexcept>

namespace {

constexpr double width = 720, left = 70, right = 560, head = 40, panel_height = 230, gap = 64, foot = 50;
constexpr std::array<const char*, 6> colours = {"#1b6ca8", "#d1495b", "#edae49", "#3c7a57", "#7a5195", "#555555"};

std::string number(double x) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.4g", x);
  return text;
}

std::string escaped(const std::string& text) {
  std::string result;
  for (const char letter : text) result += letter == '<' ? "&lt;" : letter == '&' ? "&amp;" : std::string(1, letter);
  return result;
}

std::string label(double x, double y, const std::string& anchor, const std::string& words,
                  const char* colour = "#333") {
  return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + anchor + "\" fill=\"" + colour +
         "\">" + escaped(words) + "</text>\n";
}

/// The marks of an axis: at most ten or so, at round numbers, from below the least value to above the greatest.
struct Scale {
  double first = 0, last = 1, mark = 1;

  Scale(double least, double greatest) {
    const double range = std::max({greatest - least, 0.1 * std::abs(greatest), 1e-3});
    const double ten = std::pow(10, std::floor(std::log10(range)));
    mark = range / ten > 5 ? 2 * ten : range / ten > 2 ? ten : ten / 2;
    first = std::floor(least / mark) * mark;
    last = std::max(std::ceil(greatest / mark) * mark, first + mark);
  }
};

void draw_panel(std::ostream& out, const Panel& panel, double top, std::size_t epochs) {
  const double bottom = top + panel_height;
  double least = 1e300, greatest = -1e300;
  for (const Curve& curve : panel.curves)
    for (const double value : curve.values) least = std::min(least, value), greatest = std::max(greatest, value);
  if (least > greatest) least = 0, greatest = 1;
  if (least > 0 && least < greatest / 2) least = 0;  // near enough to show it
  const Scale scale(least, greatest);
  const auto x = [&](std::size_t epoch) {
    return left + (right - left) * static_cast<double>(epoch - 1) / static_cast<double>(epochs - 1);
  };
  const auto y = [&](double value) {
    return bottom - panel_height * (value - scale.first) / (scale.last - scale.first);
  };
  out << label(left, top - 12, "start", panel.title);
  const auto marks = static_cast<int>(std::lround((scale.last - scale.first) / scale.mark));
  for (int k = 0; k <= marks; ++k) {
    const double value = scale.first + k * scale.mark;
    out << "<path d=\"M" << left << ' ' << y(value) << " H" << right << "\" stroke=\"#ddd\"/>\n"
        << label(left - 8, y(value) + 4, "end", number(std::abs(value) < scale.mark / 2 ? 0 : value));
  }
  for (std::size_t epoch = 1; epoch <= epochs; epoch += (epochs + 14) / 15)
    out << label(x(epoch), bottom + 18, "middle", std::to_string(epoch));
  for (std::size_t c = 0; c < panel.curves.size(); ++c) {
    const auto& values = panel.curves[c].values;
    const char* colour = colours[c % colours.size()];
    out << "<polyline fill=\"none\" stroke-width=\"2\" stroke=\"" << colour << "\" points=\"";
    for (std::size_t k = 0; k < values.size(); ++k) out << x(k + 1) << ',' << y(values[k]) << ' ';
    out << "\"/>\n";
    for (std::size_t k = 0; k < values.size(); ++k)
      out << "<circle cx=\"" << x(k + 1) << "\" cy=\"" << y(values[k]) << "\" r=\"2.5\" fill=\"" << colour << "\"/>\n";
  }
}

}  // namespace

void draw_curves(const std::filesystem::path& path, const std::vector<Panel>& panels) {
  std::size_t epochs = 2;
  for (const Panel& panel : panels)
    for (const Curve& curve : panel.curves) epochs = std::max(epochs, curve.values.size());
  const double height = head + static_cast<double>(panels.size()) * (panel_height + gap) - gap + foot;

  std::ofstream out(path);
  out << "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" << width << "\" height=\"" << height
      << "\" viewBox=\"0 0 " << width << ' ' << height << "\" font-family=\"sans-serif\" font-size=\"13\">\n"
      << "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n";
  for (std::size_t p = 0; p < panels.size(); ++p)
    draw_panel(out, panels[p], head + static_cast<double>(p) * (panel_height + gap), epochs);
  out << label((left + right) / 2, height - 12, "middle", "epoch");
  if (!panels.empty())
    for (std::size_t c = 0; c < panels[0].curves.size(); ++c) {
      if (panels[0].curves[c].name.empty()) continue;
      const double y = head + 14 + 22 * static_cast<double>(c);
      const char* colour = colours[c % colours.size()];
      out << "<path d=\"M" << right + 20 << ' ' << y - 4 << " h24\" stroke-width=\"2\" stroke=\"" << colour << "\"/>\n"
          << label(right + 50, y, "start", panels[0].curves[c].name, colour);
    }
  out << "</svg>\n";
  if (!out.flush()) throw std::runtime_error("cannot write the picture " + path.string());
}

void draw_curves(const std::filesystem::path& path, const longshore::FitReport& trained, const std::string& metric) {
  Panel loss{"training loss", {{"", {}}}}, validation{"validation " + metric, {{"", {}}}};
  for (const longshore::EpochRecord& record : trained.epochs) {
    loss.curves[0].values.push_back(record.loss);
    validation.curves[0].values.push_back(record.validation);
  }
  draw_curves(path, {loss, validation});
}

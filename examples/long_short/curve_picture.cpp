// SPDX-License-Identifier: Apache-2.0
#include "curve_picture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <stdexcept>

namespace {

constexpr double width = 720, height = 400, left = 60, right = 700, top = 46, bottom = 350;
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

}  // namespace

void draw_curves(const std::filesystem::path& path, const std::string& title, const std::vector<Curve>& curves) {
  std::size_t epochs = 2;
  double most = 0;
  for (const Curve& curve : curves) {
    epochs = std::max(epochs, curve.values.size());
    for (const double value : curve.values) most = std::max(most, value);
  }
  const double step = std::pow(10, std::floor(std::log10(std::max(most, 1e-6) / 2)));
  const double mark = most / step > 10 ? 5 * step : most / step > 5 ? 2 * step : step;
  const double ceiling = std::max(mark, std::ceil(most / mark) * mark);
  const auto x = [&](std::size_t epoch) {
    return left + (right - left) * static_cast<double>(epoch - 1) / static_cast<double>(epochs - 1);
  };
  const auto y = [&](double value) { return bottom - (bottom - top) * value / ceiling; };

  std::ofstream out(path);
  out << "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " << width << ' ' << height
      << "\" font-family=\"sans-serif\" font-size=\"13\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
      << label(left, 24, "start", title);
  for (double value = 0; value <= ceiling * 1.001; value += mark)
    out << "<path d=\"M" << left << ' ' << y(value) << " H" << right << "\" stroke=\"#ddd\"/>\n"
        << label(left - 8, y(value) + 4, "end", number(value));
  const std::size_t every = (epochs + 9) / 10;
  for (std::size_t epoch = 1; epoch <= epochs; epoch += every)
    out << label(x(epoch), bottom + 18, "middle", std::to_string(epoch));
  out << label((left + right) / 2, bottom + 38, "middle", "epoch");
  for (std::size_t c = 0; c < curves.size(); ++c) {
    const char* colour = colours[c % colours.size()];
    out << "<polyline fill=\"none\" stroke-width=\"2\" stroke=\"" << colour << "\" points=\"";
    for (std::size_t k = 0; k < curves[c].values.size(); ++k) out << x(k + 1) << ',' << y(curves[c].values[k]) << ' ';
    out << "\"/>\n"
        << label(right - 8, bottom - 12 - 18 * static_cast<double>(curves.size() - 1 - c), "end", curves[c].name,
                 colour);
  }
  out << "</svg>\n";
  if (!out.flush()) throw std::runtime_error("cannot write the picture " + path.string());
}

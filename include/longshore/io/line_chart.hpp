// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/math.hpp>
#include <longshore/io/atomic_file.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A picture of numbers over steps, such as epochs, as SVG, which every browser shows: panels below each other over one
/// horizontal axis, a legend beside the first.
///
///     LineChart chart{{{"training loss", {{"lstm", {2.1, 1.7, 1.6}}, {"gru", {2.2, 1.8, 1.5}}}}}};
///     chart.save("curves.svg");
///
/// The same numbers give the same bytes, whatever the locale. Numbers that are not finite, or beyond 1e300,
/// leave a gap.
///
/// Cost: O(values).
struct LineChart {
  /// One line of a panel.
  struct Line {
    std::string name;            ///< in the legend; empty: not there
    std::vector<double> values;  ///< at the steps 1, 2, ...
  };
  /// What is drawn over one vertical scale.
  struct Panel {
    std::string title;
    std::vector<Line> lines;  ///< of the same names and order in every panel: colours and legend go by the first's
  };
  std::vector<Panel> panels;
  std::string axis = "epoch";  ///< what the steps are

  /// The picture as a text of SVG, 720 wide.
  std::string svg() const {
    std::size_t steps = 2;
    for (const Panel& panel : panels)
      for (const Line& line : panel.lines) steps = std::max(steps, line.values.size());
    const auto count = static_cast<double>(panels.size());
    const std::string height = number(std::max(head + count * (panel_height + gap) - gap, 2 * head) + foot);
    std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + number(width) + "\" height=\"" + height +
                      "\" viewBox=\"0 0 " + number(width) + ' ' + height +
                      "\" font-family=\"sans-serif\" font-size=\"13\">\n"
                      "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n";
    for (std::size_t p = 0; p < panels.size(); ++p)
      out += drawn(panels[p], head + static_cast<double>(p) * (panel_height + gap), steps);
    out += label((left + right) / 2, head + count * (panel_height + gap) - gap + foot - 12, "middle", axis);
    for (std::size_t l = 0; !panels.empty() && l < panels[0].lines.size(); ++l) {
      if (panels[0].lines[l].name.empty()) continue;
      const double y = head + 14 + 22 * static_cast<double>(l);
      out += "<path d=\"M" + number(right + 20) + ' ' + number(y - 4) + " h24\" stroke-width=\"2\" stroke=\"" +
             colour_of(l) + "\"/>\n" + label(right + 50, y, "start", panels[0].lines[l].name, colour_of(l));
    }
    return out + "</svg>\n";
  }

  /// Writes the picture; an older file stays until the new one is complete.
  ///
  /// @throws FileError if it cannot be written
  void save(const std::filesystem::path& path) const {
    AtomicFile file(path);
    const std::string text = svg();
    file.write(std::as_bytes(std::span(text.data(), text.size())));
    file.commit();
  }

 private:
  static constexpr double width = 720, left = 70, right = 560, head = 40, panel_height = 230, gap = 64, foot = 50;

  /// The marks of an axis: at most ten or so, at round numbers, from below the least value to above the greatest.
  struct Scale {
    double first = 0, last = 1, mark = 1;

    Scale(double least, double greatest) {
      const double range = std::max({greatest - least, 0.1 * std::abs(greatest), 0.1 * std::abs(least), 1e-3});
      const double ten = std::pow(10, std::floor(std::log10(range)));
      mark = range / ten > 5 ? 2 * ten : range / ten > 2 ? ten : ten / 2;
      first = std::floor(least / mark) * mark;
      last = std::max(std::ceil(greatest / mark) * mark, first + mark);
    }
  };

  static bool is_drawn(double value) { return math::is_finite(value) && std::abs(value) <= 1e300; }
  static std::string colour_of(std::size_t line) {
    constexpr std::array<const char*, 6> colours = {"#1b6ca8", "#d1495b", "#edae49", "#3c7a57", "#7a5195", "#555555"};
    return colours[line % colours.size()];
  }
  static std::string number(double x) {
    std::array<char, 32> text;
    const auto end = std::to_chars(text.data(), text.data() + text.size(), x, std::chars_format::general, 5).ptr;
    return std::string(text.data(), end);
  }
  static std::string escaped(std::string_view text) {
    std::string result;
    for (const char letter : text) result += letter == '<' ? "&lt;" : letter == '&' ? "&amp;" : std::string(1, letter);
    return result;
  }
  static std::string label(double x, double y, std::string_view anchor, std::string_view words,
                           const std::string& colour = "#333") {
    return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + std::string(anchor) + "\" fill=\"" +
           colour + "\">" + escaped(words) + "</text>\n";
  }

  static std::string drawn(const Panel& panel, double top, std::size_t steps) {
    const double bottom = top + panel_height;
    double least = std::numeric_limits<double>::infinity(), greatest = -least;
    for (const Line& line : panel.lines)
      for (const double value : line.values)
        if (is_drawn(value)) least = std::min(least, value), greatest = std::max(greatest, value);
    if (least > greatest) least = 0, greatest = 1;
    if (least > 0 && least < greatest / 2) least = 0;  // near enough to show it
    const Scale scale(least, greatest);
    const auto x = [&](std::size_t step) {
      return number(left + (right - left) * static_cast<double>(step - 1) / static_cast<double>(steps - 1));
    };
    const auto y = [&](double value) {
      return bottom - panel_height * ((value - scale.first) / (scale.last - scale.first));
    };
    std::string out = label(left, top - 12, "start", panel.title);
    const auto marks = static_cast<int>(std::lround((scale.last - scale.first) / scale.mark));
    for (int k = 0; k <= marks; ++k) {
      const double value = scale.first + k * scale.mark;
      out += "<path d=\"M" + number(left) + ' ' + number(y(value)) + " H" + number(right) + "\" stroke=\"#ddd\"/>\n" +
             label(left - 8, y(value) + 4, "end", number(std::abs(value) < scale.mark / 2 ? 0 : value));
    }
    for (std::size_t step = 1; step <= steps; step += (steps + 14) / 15)
      out += "<text x=\"" + x(step) + "\" y=\"" + number(bottom + 18) + "\" text-anchor=\"middle\" fill=\"#333\">" +
             std::to_string(step) + "</text>\n";
    for (std::size_t l = 0; l < panel.lines.size(); ++l) {
      const auto& values = panel.lines[l].values;
      std::string points, dots;
      const auto end_piece = [&] {
        if (!points.empty())
          out += "<polyline fill=\"none\" stroke-width=\"2\" stroke=\"" + colour_of(l) + "\" points=\"" + points +
                 "\"/>\n";
        points.clear();
      };
      for (std::size_t k = 0; k < values.size(); ++k) {
        if (!is_drawn(values[k])) {
          end_piece();
          continue;
        }
        points += (points.empty() ? "" : " ") + x(k + 1) + ',' + number(y(values[k]));
        dots += "<circle cx=\"" + x(k + 1) + "\" cy=\"" + number(y(values[k])) + "\" r=\"2.5\" fill=\"" + colour_of(l) +
                "\"/>\n";
      }
      end_piece();
      out += dots;
    }
    return out;
  }
};

}  // namespace longshore::inline LONGSHORE_ABI

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include <longshore/core/abi.hpp>
#include <longshore/core/math.hpp>
#include <longshore/io/line_chart.hpp>
#include <longshore/training/fit_report.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Draws the loss of a training run, and its validation if there was one, over the epochs as an SVG picture.
///
///     const auto trained = fit(model, batches, loss, Adam{}, {.epochs = 20}, measure);
///     draw_curves("curves.svg", trained, "NDCG@10");
///
/// Cost: O(epochs).
///
/// @param path    an older file stays until the new one is complete
/// @param metric  what the validation measures
/// @throws FileError if the file cannot be written
inline void draw_curves(const std::filesystem::path& path, const FitReport& trained, const std::string& metric = "") {
  LineChart::Panel loss{"training loss", {{"", {}}}}, validation{"validation " + metric, {{"", {}}}};
  bool measured = false;
  for (const EpochRecord& record : trained.epochs) {
    loss.lines[0].values.push_back(record.loss);
    validation.lines[0].values.push_back(record.validation);
    measured = measured || math::is_finite(record.validation);
  }
  LineChart chart{{std::move(loss)}};
  if (measured) chart.panels.push_back(std::move(validation));
  chart.save(path);
}

}  // namespace longshore::inline LONGSHORE_ABI

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <longshore/training/fit_report.hpp>
#include <string>
#include <vector>

/// One line of a picture: a value an epoch.
struct Curve {
  std::string name;  // in the legend; empty: not there
  std::vector<double> values;
};

/// What is drawn over one scale.
struct Panel {
  std::string title;
  std::vector<Curve> curves;  // of the same names in every panel
};

/// Draws curves over epochs as an SVG picture, which every browser shows: panels below each other, one legend.
///
/// @throws std::runtime_error if the file cannot be written
void draw_curves(const std::filesystem::path& path, const std::vector<Panel>& panels);

/// Draws the loss and the validation of one training run.
///
/// @param metric  what the validation measures
/// @throws std::runtime_error if the file cannot be written
void draw_curves(const std::filesystem::path& path, const longshore::FitReport& trained, const std::string& metric);

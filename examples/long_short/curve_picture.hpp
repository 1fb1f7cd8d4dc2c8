// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

/// One line of a picture: a value an epoch.
struct Curve {
  std::string name;
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

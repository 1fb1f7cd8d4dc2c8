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

/// Draws curves over epochs as an SVG picture, which every browser shows.
///
/// @param title  above the picture
/// @throws std::runtime_error if the file cannot be written
void draw_curves(const std::filesystem::path& path, const std::string& title, const std::vector<Curve>& curves);

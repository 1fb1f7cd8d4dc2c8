// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <longshore/io/line_chart.hpp>
#include <longshore/training/fit_report.hpp>
#include <string>
#include <utility>
#include <vector>

namespace ls = longshore;

/// The curves of all rows of the table: one CSV file with a line for each row and epoch, and a picture of it.
class Curves {
 public:
  /// @param file  written anew whenever the curves grow: it is complete whenever the program ends
  explicit Curves(std::filesystem::path file) : file_(std::move(file)) {}

  /// Adds an epoch of a row.
  ///
  /// @throws longshore::FileError if the file cannot be written
  void add(const std::string& row, const ls::EpochRecord& record);
  /// Puts all epochs of a row in place: a run that was resumed had some before.
  ///
  /// @throws longshore::FileError if the file cannot be written
  void set(const std::string& row, const std::vector<ls::EpochRecord>& records);

  /// A panel of the picture: one number of the records, row by row.
  ls::LineChart::Panel panel(const std::string& title, double ls::EpochRecord::*number) const;

 private:
  std::vector<ls::EpochRecord>& of(const std::string& row);
  void write() const;

  std::filesystem::path file_;
  std::vector<std::pair<std::string, std::vector<ls::EpochRecord>>> rows_;
};

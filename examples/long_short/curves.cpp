// SPDX-License-Identifier: Apache-2.0
#include "curves.hpp"

#include <longshore/io/csv_writer.hpp>

void Curves::add(const std::string& row, const ls::EpochRecord& record) {
  of(row).push_back(record);
  write();
}

void Curves::set(const std::string& row, const std::vector<ls::EpochRecord>& records) {
  of(row) = records;
  write();
}

ls::LineChart::Panel Curves::panel(const std::string& title, double ls::EpochRecord::*number) const {
  ls::LineChart::Panel panel{title, {}};
  for (const auto& [row, records] : rows_) {
    panel.lines.push_back({row, {}});
    for (const auto& record : records) panel.lines.back().values.push_back(record.*number);
  }
  return panel;
}

std::vector<ls::EpochRecord>& Curves::of(const std::string& row) {
  for (auto& [name, records] : rows_)
    if (name == row) return records;
  rows_.push_back({row, {}});
  return rows_.back().second;
}

void Curves::write() const {
  ls::CsvWriter table(
      file_, {"row", "epoch", "loss", "validation", "rate", "gradient_norm", "seconds", "examples_per_second"});
  for (const auto& [row, records] : rows_)
    for (const auto& record : records)
      table.row(row, record.epoch, record.loss, record.validation, record.rate, record.gradient_norm, record.seconds,
                record.examples_per_second);
}

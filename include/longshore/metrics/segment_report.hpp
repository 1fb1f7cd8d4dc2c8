// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/metrics/metric_result.hpp>
#include <longshore/metrics/report.hpp>
#include <longshore/metrics/segments.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Makes the table of metrics by segment: a line a segment and one for all rows, columns "rows" and the metrics.
///
///     std::vector<MetricResult> results{hit_rate(10)(ranking), ndcg(10)(ranking)};
///     stream << segment_report(results, Segments::by_count(lengths, {10, 50}, "events"));
///
/// Cost: O(B metrics).
///
/// @param results   of metrics over the same B rows
/// @param segments  of these rows; a segment without rows prints "-"
/// @throws ShapeError if the numbers of rows differ, or there is no metric
/// @throws DataError  if a row is in a segment that does not exist
inline Report segment_report(std::span<const MetricResult> results, const Segments& segments) {
  const std::size_t rows = segments.of_row.size(), count = segments.names.size();
  std::vector<std::size_t> sizes(count);
  for (std::size_t b = 0; b < rows; ++b) {
    const Index segment = segments.of_row[b];
    expects<DataError>(segment >= 0 && static_cast<std::size_t>(segment) < count, "segment_report: there are ", count,
                       " segments, row ", b, " is in ", segment);
    ++sizes[static_cast<std::size_t>(segment)];
  }
  expects(!results.empty(), "segment_report: expected at least one metric, got none");
  std::vector<Report::Column> columns{{"rows", 0}};
  std::vector<std::vector<double>> sums;  // (metric, segment)
  for (const MetricResult& result : results) {
    expects(result.per_row.size() == rows, "segment_report: expected ", rows, " rows of ", result.name, ", got ",
            result.per_row.size());
    columns.push_back({result.name, 4});
    sums.emplace_back(count);
    for (std::size_t b = 0; b < rows; ++b)
      sums.back()[static_cast<std::size_t>(segments.of_row[b])] += result.per_row.data()[b];
  }

  Report report(std::move(columns), "segment");
  for (std::size_t s = 0; s < count; ++s) {
    std::vector<std::optional<double>> values{static_cast<double>(sizes[s])};
    for (const auto& sum : sums)
      values.push_back(sizes[s] > 0 ? std::optional(sum[s] / static_cast<double>(sizes[s])) : std::nullopt);
    report.add(segments.names[s], std::move(values));
  }
  std::vector<std::optional<double>> values{static_cast<double>(rows)};
  for (const MetricResult& result : results) values.emplace_back(result.value);
  report.add("all", std::move(values));
  return report;
}

}  // namespace longshore::inline LONGSHORE_ABI

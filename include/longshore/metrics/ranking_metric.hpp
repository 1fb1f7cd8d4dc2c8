// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/interop/xtensor.hpp>
#include <longshore/metrics/metric_result.hpp>
#include <longshore/metrics/ranking.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A mean over rows of something that the ranks of the relevant items decide: `hit_rate(10)`, `ndcg(10)`, `mrr()`.
///
/// One type for all, so that lists of metrics are plain `std::vector<RankingMetric>`. Larger is better. Write your own:
///
///     RankingMetric first_place("first place", 1, [](std::span<const double> ranks, Index) {
///       return ranks.front() <= 1 ? 1.0 : 0.0;
///     });
///
/// Cost: of a call O(relevant items) of all rows.
class RankingMetric {
 public:
  /// Gives the value of one row from the ranks of its relevant items, at least one, ascending from 1, and the cut-off.
  /// With TiePolicy::mean ranks may be fractions: use `among_first`.
  using Row = double (*)(std::span<const double> ranks, Index k);

  /// The cut-off of metrics that look at the whole ranking.
  static constexpr Index whole_ranking = std::numeric_limits<Index>::max();

  /// Whether a rank is among the first k. Of the mean rank of equals the whole part counts: 10.5, the mean of the tenth
  /// place and the eleventh, is among the first ten.
  static bool among_first(double rank, Index k) { return rank < static_cast<double>(k) + 1; }

  /// @param name  without the cut-off: "HR" becomes "HR@10"
  /// @param k     length of the list that is looked at, at least 1
  /// @throws ShapeError if k is less than 1
  RankingMetric(std::string_view name, Index k, Row row) : name_(name), k_(k), row_(row) {
    expects(k >= 1, name, ": expected a list of at least one item, got k = ", k);
    if (k != whole_ranking) name_ += text_of("@", k);
  }

  /// As in "HR@10".
  const std::string& name() const { return name_; }

  /// The cut-off; `whole_ranking` where there is none.
  Index k() const { return k_; }

  /// @return  mean, standard error and the values of the rows; the name tells a sampled ranking: "HR@10 (100 sampled)",
  ///          or "HR@10 (100 given)" where the negatives were given
  /// @throws DataError, ShapeError if the ranking has no rows, or does not fit (`Ranking::check`)
  MetricResult operator()(const Ranking& ranking) const {
    ranking.check(name_);
    auto per_row = xt::xtensor<double, 1>::from_shape({ranking.size()});  // (B)
    for (std::size_t b = 0; b < ranking.size(); ++b) per_row.data()[b] = row_(ranking.row(b), k_);
    return MetricResult::of(
        ranking.sampled() ? text_of(name_, " (", ranking.negatives, ranking.given ? " given)" : " sampled)") : name_,
        std::move(per_row));
  }

 private:
  std::string name_;
  Index k_;
  Row row_;
};

}  // namespace longshore::inline LONGSHORE_ABI

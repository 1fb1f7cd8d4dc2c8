// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/core/random.hpp>
#include <longshore/metrics/check_numbers.hpp>
#include <longshore/metrics/number_range.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// How a paired test is made.
struct PairedTestSettings {
  Index rounds = 10000;  ///< random assignments of signs; all of them where there are not more
  std::uint64_t seed = 0;
};

/// What a paired test found.
///
/// Cost: plain data.
struct PairedTest {
  double difference = 0;  ///< mean of a - b
  double p_value = 1;  ///< two-sided chance of a difference at least as large if a and b were exchangeable in each row
  bool exact = false;  ///< whether all assignments of signs were tried, not a random part
};

/// Tests whether two systems differ on the same rows: the randomisation test of the mean difference.
///
///   p = (1 + #{|mean of s_b d_b| >= |mean of d_b|}) / (1 + rounds), signs s_b at random; the plain share where exact
///
/// Assumes nothing about the values, so it fits hits and reciprocal ranks. Source: Smucker et al. 2007.
/// Cost: O(rounds B), rows without difference excepted.
///
///     paired_test(ndcg(10)(ours).per_row, ndcg(10)(markov).per_row).p_value
///
/// @param a, b  (B) values of the same rows
/// @return   the mean difference a - b, and how likely one as large is by chance
/// @throws ShapeError if the lengths differ, or there is no round
/// @throws DataError  if there is no row, or a value is not finite
template <NumberRange A, NumberRange B>
PairedTest paired_test(const A& a, const B& b, const PairedTestSettings& settings = {}) {
  const auto left = span_of(a);
  const auto right = span_of(b);
  expects(left.size() == right.size(), "paired_test: expected values of the same rows, got ", left.size(), " and ",
          right.size());
  expects(settings.rounds >= 1, "paired_test: expected at least one round, got ", settings.rounds);
  expects<DataError>(!left.empty(), "paired_test: expected at least one row, got none");
  check_numbers("paired_test", "values of a", a);
  check_numbers("paired_test", "values of b", b);

  std::vector<double> differences;  // those that are not zero
  double sum = 0, sizes = 0;
  for (std::size_t i = 0; i < left.size(); ++i) {
    const double difference = static_cast<double>(left[i]) - static_cast<double>(right[i]);
    if (difference != 0) differences.push_back(difference);
    sum += difference;
    sizes += std::abs(difference);
  }
  PairedTest test;
  test.difference = sum / static_cast<double>(left.size());
  const std::size_t count = differences.size();
  const auto rounds = static_cast<std::uint64_t>(settings.rounds);
  test.exact = count < 31 && (std::uint64_t{1} << count) <= rounds;
  const std::uint64_t tries = test.exact ? std::uint64_t{1} << count : rounds;
  const double bound = std::abs(sum) - 1e-12 * sizes;  // equal up to rounding is equal
  const Random random = Random(settings.seed).stream("paired_test");
  std::uint64_t reached = 0;
  for (std::uint64_t round = 0; round < tries; ++round) {
    const Random signs = random.at(round);
    double signed_sum = 0;
    std::uint32_t word = static_cast<std::uint32_t>(round);
    for (std::size_t i = 0; i < count; ++i) {
      if (!test.exact && i % 32 == 0) word = signs.bits(i / 32);
      signed_sum += (word >> (i % 32)) & 1 ? -differences[i] : differences[i];
    }
    reached += std::abs(signed_sum) >= bound;
  }
  const std::uint64_t observed = test.exact ? 0 : 1;  // the data themselves are one of the assignments
  test.p_value = static_cast<double>(reached + observed) / static_cast<double>(tries + observed);
  return test;
}

}  // namespace longshore::inline LONGSHORE_ABI

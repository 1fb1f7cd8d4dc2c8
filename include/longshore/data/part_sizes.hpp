// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The shares of the parts of a split, relative to their sum.
struct Ratios {
  double train = 0.8;
  double validation = 0.1;
  double test = 0.1;
};

/// How many of some events each part gets.
///
/// Cost: plain data.
struct PartSizes {
  std::size_t train, validation, test;
};

/// Divides a number of events by ratios: validation and test get their shares rounded down, training the rest. A share
/// of validation or test that is positive but rounds down to 0 gets one event while training keeps at least one, test
/// first.
///
/// Cost: O(1).
/// Source: RecBole 1.2, `Dataset._calcu_split_ids`, so that its splits have the same sizes.
///
/// @throws ShapeError if a ratio is negative or not finite, or that of training is 0
inline PartSizes part_sizes(std::size_t events, const Ratios& ratios) {
  expects(ratios.train > 0 && ratios.validation >= 0 && ratios.test >= 0 &&
              ratios.train + ratios.validation + ratios.test <= 1e300,
          "part_sizes: expected ratios of at least 0, that of train above 0, got ", ratios.train, ", ",
          ratios.validation, " and ", ratios.test);
  const double sum = ratios.train + ratios.validation + ratios.test, count = static_cast<double>(events);
  const double validation = ratios.validation / sum * count, test = ratios.test / sum * count;
  PartSizes sizes{0, static_cast<std::size_t>(validation), static_cast<std::size_t>(test)};
  sizes.train = events - sizes.validation - sizes.test;
  const auto give_one = [&](double share, std::size_t& part) {
    if (sizes.train <= 1 || share <= 0 || share >= 1) return;
    ++part;
    --sizes.train;
  };
  give_one(test, sizes.test);
  give_one(validation, sizes.validation);
  return sizes;
}

}  // namespace longshore::inline LONGSHORE_ABI

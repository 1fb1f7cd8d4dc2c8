// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/interop/xtensor.hpp>
#include <longshore/metrics/check_numbers.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Measures how far two items are apart by the angle of their vectors, for `diversity`.
///
///   1 - v_i . v_j / (|v_i| |v_j|)          0 to 2; 1 where a vector is zero
///
/// Vectors may be embeddings, or 0/1 columns of categories. Keeps the vectors at length one.
///
/// Cost: of a call O(D), to make O(I D); memory D floats an item.
class CosineDistance {
 public:
  /// @param vectors  (I, D)
  /// @throws DataError if a number is not finite
  explicit CosineDistance(const xt::xtensor<float, 2>& vectors) : vectors_(vectors) {
    check_numbers("CosineDistance", "item vectors", vectors);
    const std::size_t features = vectors_.shape()[1];
    for (std::size_t i = 0; i < vectors_.shape()[0]; ++i) {
      double squares = 0;
      for (std::size_t d = 0; d < features; ++d) squares += double{vectors_(i, d)} * double{vectors_(i, d)};
      const double scale = squares > 0 ? 1 / std::sqrt(squares) : 0;
      for (std::size_t d = 0; d < features; ++d) vectors_(i, d) = static_cast<float>(vectors_(i, d) * scale);
    }
  }

  /// @throws DataError if an id is outside the vectors
  double operator()(Id i, Id j) const {
    const std::size_t items = vectors_.shape()[0];
    for (const Id item : {i, j})
      expects<DataError>(item >= 0 && static_cast<std::size_t>(item) < items, "CosineDistance: there are vectors of ",
                         items, " items, got the id ", item);
    double product = 0;
    for (std::size_t d = 0; d < vectors_.shape()[1]; ++d)
      product += double{vectors_(static_cast<std::size_t>(i), d)} * double{vectors_(static_cast<std::size_t>(j), d)};
    return 1 - std::clamp(product, -1.0, 1.0);
  }

 private:
  xt::xtensor<float, 2> vectors_;  // (I, D) of length one, or zero
};

}  // namespace longshore::inline LONGSHORE_ABI

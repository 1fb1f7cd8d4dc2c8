// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !__has_include(<Eigen/Core>)
#error "Longshore needs Eigen 3.4 or newer: give the compiler its folder, such as -isystem /usr/include/eigen3"
#define LONGSHORE_STOP "Eigen 3.4"
#include LONGSHORE_STOP  // no such file, as in core/abi.hpp
#endif

#include <cstddef>
#include <vector>

#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>

// g++ 12 takes the undefined operand of AVX-512 intrinsics, which they ignore, for a mistake (GCC bug 105593).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <Eigen/SVD>

namespace longshore::inline LONGSHORE_ABI {

/// Singular values of a square matrix, and its left singular vectors.
///
/// Cost: D (D + 1) numbers.
template <class Number>
struct LeftSingularVectors {
  std::vector<Number> values;   // (D) largest first
  std::vector<Number> vectors;  // (D, D) row after row; column d belongs to value d, of length 1
};

/// Works out the singular value decomposition of a small square matrix, on the calling thread, by Eigen's Jacobi
/// rotations, which keep the digits of small values.
///
/// Cost: O(D³).
///
/// @param matrix  (D, D) row after row
/// @throws ShapeError if the numbers are not D D
template <class Number>
LeftSingularVectors<Number> left_singular_vectors(const std::vector<Number>& matrix, Index size) {
  using Matrix = Eigen::Matrix<Number, Eigen::Dynamic, Eigen::Dynamic>;  // depends on Number: made where it is called
  const auto count = static_cast<std::size_t>(size);
  expects(matrix.size() == count * count, "left_singular_vectors: ", matrix.size(), " numbers came for a matrix of ",
          size, " rows");
  if (size == 0) return {};
  const Matrix given = Eigen::Map<const Matrix>(matrix.data(), size, size).transpose();
  const Eigen::JacobiSVD<Matrix> svd(given, Eigen::ComputeFullU);
  LeftSingularVectors<Number> result;
  for (Index i = 0; i < size; ++i) result.values.push_back(svd.singularValues()[i]);
  for (Index i = 0; i < size; ++i)
    for (Index j = 0; j < size; ++j) result.vectors.push_back(svd.matrixU()(i, j));
  return result;
}

}  // namespace longshore::inline LONGSHORE_ABI

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

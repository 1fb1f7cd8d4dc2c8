// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !__has_include(<Eigen/Core>)
#error "Longshore needs Eigen 3.4 or newer: give the compiler its folder, such as -isystem /usr/include/eigen3"
#define LONGSHORE_STOP "Eigen 3.4"
#include LONGSHORE_STOP  // no such file, as in core/abi.hpp
#endif

#include <Eigen/Core>
#include <type_traits>

#include <longshore/core/view.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A row-major Eigen matrix over memory that something else owns.
template <class T>
using EigenMap = Eigen::Map<std::conditional_t<
    std::is_const_v<T>, const Eigen::Matrix<std::remove_const_t<T>, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>,
    Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>>;

/// An Eigen map over a matrix on a host, without a copy.
///
///     eigen_map(linear.weights.view()).norm()
///
/// Cost: O(1), no copy.
///
/// @param view  (rows, columns) of a host space; must outlive the map
template <class T, class Space>
EigenMap<T> eigen_map(const View<T, 2, Space>& view) {
  static_assert(is_host_space<Space>, "eigen_map needs memory that the host reaches; copy a device array first");
  return EigenMap<T>(view.data(), view.extent(0), view.extent(1));
}

/// An Eigen column vector over an array of rank 1 on a host, such as a bias, without a copy.
///
/// Cost: O(1), no copy.
///
/// @param view  (n) of a host space; must outlive the map
template <class T, class Space>
auto eigen_map(const View<T, 1, Space>& view) {
  static_assert(is_host_space<Space>, "eigen_map needs memory that the host reaches; copy a device array first");
  using Vector = Eigen::Matrix<std::remove_const_t<T>, Eigen::Dynamic, 1>;
  return Eigen::Map<std::conditional_t<std::is_const_v<T>, const Vector, Vector>>(view.data(), view.extent(0));
}

/// A view over a row-major Eigen matrix or map, without a copy: of rank 2, or of rank 1 over a column vector.
///
/// Cost: O(1), no copy.
///
/// @param matrix  must outlive the view
/// @throws ShapeError if there are gaps between its rows, or more of them or columns than an `Index` holds
template <class Space, class Matrix>
auto view_of_eigen(Matrix& matrix) {
  static_assert(is_host_space<Space>, "view_of_eigen gives a view on a host space");
  using T = std::conditional_t<std::is_const_v<Matrix>, const typename Matrix::Scalar, typename Matrix::Scalar>;
  expects_extents("view_of_eigen", matrix.rows(), matrix.cols());
  if constexpr (Matrix::ColsAtCompileTime == 1) {
    expects(matrix.innerStride() == 1, "view_of_eigen: the vector has gaps; assign it to a vector of its own first");
    return View<T, 1, Space>(matrix.data(), matrix.rows());
  } else {
    static_assert(Matrix::IsRowMajor, "longshore is row-major: use Eigen::RowMajor, or assign to such a matrix first");
    expects(matrix.innerStride() == 1 && matrix.outerStride() == matrix.cols(),
            "view_of_eigen: the matrix has gaps between its rows; assign it to a matrix of its own first");
    return View<T, 2, Space>(matrix.data(), matrix.rows(), matrix.cols());
  }
}

}  // namespace longshore::inline LONGSHORE_ABI

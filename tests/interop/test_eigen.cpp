// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/tensor.hpp>
#include <longshore/interop/eigen.hpp>

namespace ls = longshore;
using Host = Kokkos::DefaultHostExecutionSpace;

TEST_CASE("an Eigen map shares the memory of a view, both ways") {
  ls::Tensor<double, 2, Host> tensor(2, 3);
  auto map = ls::eigen_map(tensor.view());
  map << 1, 2, 3, 4, 5, 6;
  CHECK(tensor.view()(1, 0) == 4);
  CHECK(ls::eigen_map(std::as_const(tensor).view())(1, 2) == 6);
  Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> matrix(2, 2);
  matrix << 1, 2, 3, 4;
  const auto view = ls::view_of_eigen<Host>(matrix);
  CHECK(view.data() == matrix.data());
  CHECK(view(1, 0) == 3);
  const auto& constant = matrix;
  static_assert(std::is_same_v<decltype(ls::view_of_eigen<Host>(constant)), ls::View<const float, 2, Host>>);
}

TEST_CASE("a view of rank 1 and an Eigen column vector share memory, both ways") {
  ls::Tensor<double, 1, Host> tensor(3);
  auto map = ls::eigen_map(tensor.view());
  map << 3, 0, 4;
  CHECK(tensor.view()(2) == 4);
  CHECK(ls::eigen_map(std::as_const(tensor).view()).norm() == 5);
  Eigen::VectorXf vector(3);
  vector << 1, 2, 3;
  const auto view = ls::view_of_eigen<Host>(vector);
  static_assert(std::is_same_v<decltype(view), const ls::View<float, 1, Host>>);
  CHECK(view.data() == vector.data());
  CHECK(view.extent(0) == 3);
  const auto& constant = vector;
  static_assert(std::is_same_v<decltype(ls::view_of_eigen<Host>(constant)), ls::View<const float, 1, Host>>);
  Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> matrix(3, 4);
  matrix.setZero();
  auto column = matrix.col(1);
  CHECK_THROWS_WITH_AS(ls::view_of_eigen<Host>(column),
                       "view_of_eigen: the vector has gaps; assign it to a vector of its own first", ls::ShapeError);
}

TEST_CASE("rows with gaps between them are refused") {
  Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> matrix(3, 4);
  matrix.setZero();
  auto block = matrix.block(0, 0, 2, 2);
  CHECK_THROWS_WITH_AS(ls::view_of_eigen<Host>(block),
                       "view_of_eigen: the matrix has gaps between its rows; assign it to a matrix of its own first",
                       ls::ShapeError);
}

TEST_CASE("P14: more rows than an Index holds are refused") {
  const Eigen::Index rows = Eigen::Index{1} << 31;
  Eigen::Map<Eigen::VectorXf> vector(nullptr, rows);  // without memory: none is looked at
  CHECK_THROWS_AS(ls::view_of_eigen<Host>(vector), ls::ShapeError);
  using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  Eigen::Map<Matrix> matrix(nullptr, 1, rows);
  CHECK_THROWS_AS(ls::view_of_eigen<Host>(matrix), ls::ShapeError);
  Eigen::Map<Eigen::VectorXf> longest(nullptr, rows - 1);
  CHECK(ls::view_of_eigen<Host>(longest).extent(0) == 2147483647);
}

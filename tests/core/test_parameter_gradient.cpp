// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/parameter_gradient.hpp>

#include <vector>

#include <doctest/doctest.h>

#include <longshore/core/training.hpp>
#include <longshore/embeddings/embedding_table.hpp>

#include "../support/spaces.hpp"

namespace ls = longshore;

namespace {

template <class T, class Space, int Rank>
ls::View<const T, Rank, Space> constant(const ls::View<T, Rank, Space>& view) {
  return view;
}

}  // namespace

TEST_CASE("a gradient says whether the loss reached the parameter: whole, in rows, or both") {
  using Gradient = ls::ParameterGradient<float, 2, Kokkos::Serial>;
  float number = 0;
  const ls::RowGradients<float, Kokkos::Serial> rows;
  CHECK_FALSE(Gradient());
  CHECK(Gradient{{&number, 1, 1}, nullptr, 0});
  CHECK(Gradient{{}, &rows, 3});
  CHECK(Gradient{{&number, 1, 1}, &rows, 3});
  CHECK_FALSE(Gradient{{}, &rows, 0});
}

TEST_CASE_TEMPLATE("the uses of a table in a step are a list in the order of backward, beside the dense gradient",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const ls::EmbeddingTable<Real, Space> table({.rows = 4, .features = 2});
  ls::Training<Space> context(table);
  ls::Tensor<ls::Id, 1, Space> first(3), second(1);
  ls::copy_from_host({2, 0, 2}, first.view());
  ls::copy_from_host({3}, second.view());
  ls::Tensor<Real, 2, Space> ones(3, 2), twos(1, 2), whole(4, 2);
  ls::copy_from_host(std::vector<Real>(6, 1), ones.view());
  ls::copy_from_host(std::vector<Real>(2, 2), twos.view());
  ls::copy_from_host(std::vector<Real>(8, 5), whole.view());

  CHECK_FALSE(context.gradient_of(table.weights));
  const auto a = table(context, constant(first.view()));
  a.gradient->data = ones.data();
  const auto all = table.whole(context);
  all.gradient->data = whole.data();
  const auto b = table(context, constant(second.view()));
  context.backward(b, constant(twos.view()));
  context.fence();

  const auto gradient = context.gradient_of(table.weights);
  REQUIRE(gradient);
  CHECK(ls::copy_to_host(gradient.dense) == std::vector<Real>(8, 5));
  CHECK(gradient.row_count == 4);
  REQUIRE(gradient.rows != nullptr);
  CHECK(ls::copy_to_host(gradient.rows->ids) == std::vector<ls::Id>{3});  // the last use comes first
  CHECK(ls::copy_to_host(gradient.rows->rows) == std::vector<Real>(2, 2));
  const auto* next = gradient.rows->next;
  REQUIRE(next != nullptr);
  CHECK(ls::copy_to_host(next->ids) == std::vector<ls::Id>{2, 0, 2});
  CHECK(ls::copy_to_host(next->rows) == std::vector<Real>(6, 1));
  CHECK(next->next == nullptr);

  context.reset();
  CHECK_FALSE(context.gradient_of(table.weights));
}

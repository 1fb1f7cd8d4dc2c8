// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/layers/mlp.hpp>
#include <longshore/serving/predict.hpp>

#include "../support/count_allocations.hpp"
#include "../support/small_training.hpp"

namespace ls = longshore;
using Space = Kokkos::Serial;
using Context = ls::Inference<Space, ls::Inline>;

namespace {

struct Request {
  ls::View<float, 2, Space> rows;  // (B, 4)
};

struct Model {
  ls::Mlp<float, Space> score{{.in = 4, .sizes = {8, 1}}, ls::Random(1)};

  ls::Matrix<float, Space> operator()(auto& context, const Request& request) const {
    return score(context, ls::Matrix<float, Space>(request.rows));
  }
};

/// A request of so many rows over numbers that outlive it.
Request rows(float* numbers, ls::Index count) { return {ls::View<float, 2, Space>(numbers, count, 4)}; }

}  // namespace

TEST_CASE("predict: gives what the model gives") {
  const Model model;
  float numbers[12] = {1, -2, 3, 0.5F, 0, 1, 0, -1, 2, 2, 2, 2};
  Context served, asked;
  const auto answer = ls::predict(model, served, rows(numbers, 3));
  const auto expected = model(asked, rows(numbers, 3));
  REQUIRE(answer.extent(0) == 3);
  for (ls::Index b = 0; b < 3; ++b) CHECK(answer.data(b, 0) == expected.data(b, 0));
  CHECK(answer.data(0, 0) != answer.data(1, 0));
}

TEST_CASE("predict: takes back the memory of the answer before, so that none is allocated after the first calls") {
  const Model model;
  float numbers[12] = {};
  Context context;
  const float* first = ls::predict(model, context, rows(numbers, 3)).data.data();
  ls::predict(model, context, rows(numbers, 3));
  const auto most = context.high_water();
  const auto before = count_allocations();
  for (int call = 0; call < 100; ++call) CHECK(ls::predict(model, context, rows(numbers, 1 + call % 3)).data.data());
  CHECK(count_allocations() == before);
  CHECK(context.high_water() == most);
  CHECK(ls::predict(model, context, rows(numbers, 3)).data.data() == first);
}

TEST_CASE("predict: starts afresh after a request that the model refused") {
  const Model model;
  float numbers[12] = {1, 1, 1, 1};
  Context context;
  const float expected = ls::predict(model, context, rows(numbers, 1)).data(0, 0);
  const Request narrow{ls::View<float, 2, Space>(numbers, 1, 3)};
  CHECK_THROWS_WITH_AS(ls::predict(model, context, narrow), "Linear: x has 3 features, the weights expect 4",
                       ls::ShapeError);
  CHECK(ls::predict(model, context, rows(numbers, 1)).data(0, 0) == expected);
}

TEST_CASE("P11: predict: refuses a batch with an item that the model does not have, and answers the next") {
  using Host = Kokkos::DefaultHostExecutionSpace;
  const test::SmallModel<float, Host> small(1, 0, 12);
  const test::SmallBatches batches;
  test::SmallBatches::batch_type batch;
  batches(0, 0, batch);
  ls::Inference<Host, ls::Inline> context;
  const float expected = ls::predict(small, context, batch).data(0, 0);
  auto* candidates = const_cast<ls::Id*>(batch.candidates.data());
  const ls::Id kept = candidates[1];
  for (const ls::Id wrong : {-1, 12, 1000000000}) {
    candidates[1] = wrong;
    CHECK_THROWS_AS(ls::predict(small, context, batch), ls::DataError);
  }
  candidates[1] = kept;
  CHECK(ls::predict(small, context, batch).data(0, 0) == expected);
}

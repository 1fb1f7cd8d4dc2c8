// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/inference.hpp>
#include <longshore/encoders/lstm.hpp>
#include <longshore/layers/mlp.hpp>
#include <longshore/pooling/last_step.hpp>
#include <thread>
#include <vector>

#include "../support/spaces.hpp"

namespace ls = longshore;

namespace {

template <class Space>
struct Model {
  ls::Lstm<float, Space> encode{{.in = 4, .hidden = 8}, ls::Random(1)};
  ls::LastStep<float, Space> last;
  ls::Mlp<float, Space> score{{.in = 8, .sizes = {6, 1}}, ls::Random(2)};
};

/// The answer to the i-th request: a history whose length and steps depend on i.
template <class Space>
float answer(const Model<Space>& model, ls::Inference<Space, ls::Inline>& context, std::uint64_t i) {
  context.reset();
  const auto length = static_cast<ls::Index>(i % 7);
  float steps[28] = {};
  for (std::uint64_t k = 0; k < 28; ++k) steps[k] = ls::Random(3).at(i).normal<float>(k);
  const ls::Index offsets[2] = {0, length};
  const ls::Sequences<float, Space> history{ls::Matrix<float, Space>(ls::View<float, 2, Space>(steps, length, 4)),
                                            {ls::View<const ls::Index, 1, Space>(offsets, 2), length}};
  return model.score(context, model.last(context, model.encode(context, history))).data(0, 0);
}

}  // namespace

TEST_CASE_TEMPLATE("P16: many threads on one const model, each with its own context, give the bits of one thread",
                   Space, LONGSHORE_HOST_SPACES) {
  const Model<Space> model;
  constexpr std::uint64_t requests = 10'000;
  std::vector<float> expected(requests);
  ls::Inference<Space, ls::Inline> alone;
  for (std::uint64_t i = 0; i < requests; ++i) expected[i] = answer(model, alone, i);
  for (const std::size_t threads : {2u, 4u, 8u, 16u}) {
    CAPTURE(threads);
    std::vector<int> different(threads);
    std::vector<std::thread> workers;
    for (std::size_t t = 0; t < threads; ++t)
      workers.emplace_back([&, t] {
        ls::Inference<Space, ls::Inline> context;
        for (std::uint64_t k = 0; k < requests; ++k) {
          const std::uint64_t i = (k * 7919 + t * 31) % requests;  // every thread in another order
          different[t] += answer(model, context, i) != expected[i];
        }
      });
    for (auto& worker : workers) worker.join();
    for (const int count : different) CHECK(count == 0);
  }
  CHECK(expected[1] != expected[2]);
}

TEST_CASE("nothing is recorded, and reset takes all memory back") {
  ls::Inference<Kokkos::Serial> context;
  CHECK(context.gradient() == nullptr);
  void* first = context.allocate(100);
  context.reset();
  CHECK(context.allocate(100) == first);
  CHECK(context.high_water() >= 100);
}

// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/training/loss_of.hpp>
#include <type_traits>

namespace ls = longshore;

namespace {

/// Numbers in the place of models, scores and batches.
struct Model {
  int operator()(int context, int batch) const { return context + 10 * batch; }
};
struct OfScores {
  int operator()(int context, int scores, int batch) const { return context + 100 * scores + 10000 * batch; }
};
struct OfModel {
  int operator()(int, const Model&, int batch) const { return -batch; }
};
struct OfBoth : OfScores {
  using OfScores::operator();
  int operator()(int, const Model&, int batch) const { return -batch; }
};

template <class Type>
struct Source {
  using batch_type = Type;
};
template <class Real, class Where>
struct Placed {};

}  // namespace

TEST_CASE("a loss that takes the model is given it, any other the scores of the model") {
  int context = 1;
  CHECK(ls::loss_of(context, Model{}, OfScores{}, 2) == 1 + 100 * 21 + 20000);
  CHECK(ls::loss_of(context, Model{}, OfModel{}, 2) == -2);
  CHECK(ls::loss_of(context, Model{}, OfBoth{}, 2) == -2);
}

TEST_CASE("ready-made batches are seen in the model's space, all others as they are") {
  using Ready = Source<ls::Batch<Kokkos::DefaultHostExecutionSpace>>;
  CHECK(std::is_same_v<ls::ExamplesOf<Placed<float, Kokkos::Serial>, Ready>, ls::Batch<Kokkos::Serial>>);
  CHECK(std::is_same_v<ls::ExamplesOf<Placed<float, Kokkos::Serial>, Source<int>>, int>);
}

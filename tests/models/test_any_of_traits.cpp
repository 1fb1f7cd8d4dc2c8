// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/losses/mean_squared_error.hpp>
#include <longshore/losses/softmax_cross_entropy.hpp>
#include <longshore/models/any_of.hpp>
#include <longshore/models/any_of_traits.hpp>
#include <longshore/pooling/last_step.hpp>
#include <longshore/pooling/mean_pooling.hpp>
#include <longshore/pooling/target_attention_pooling.hpp>
#include <longshore/scorers/biased_factor_scorer.hpp>
#include <longshore/scorers/dot_product_scorer.hpp>
#include <longshore/scorers/mlp_scorer.hpp>
#include <string_view>
#include <type_traits>

namespace ls = longshore;
using Space = Kokkos::Serial;

namespace {
/// Blocks of a concept that the library does not have.
template <class Real, class Space>
struct Own {
  static constexpr std::string_view block_name = "Own";
  int operator()(auto&, int number) const { return number + 1; }
  void visit(auto&&) {}
};
template <class Real, class Space>
struct Other : Own<Real, Space> {};
}  // namespace

TEST_CASE("blocks share Real and Space, and some of them may want more than the others") {
  using Last = ls::LastStep<double, Space>;
  using Mean = ls::MeanPooling<double, Space>;
  using Scorers = ls::AnyOfTraits<ls::MlpScorer<double, Space>, ls::BiasedFactorScorer<double, Space>>;
  using Poolings = ls::AnyOfTraits<Last, Mean, ls::TargetAttentionPooling<double, Space>>;
  static_assert(std::is_same_v<Poolings::Real, double> && std::is_same_v<Poolings::Space, Space>);
  static_assert(Scorers::scorers && Scorers::products && Scorers::scores_by_ids && !Scorers::poolings);
  static_assert(!Scorers::fusers && !Poolings::fusers);
  static_assert(!ls::AnyOfTraits<ls::MlpScorer<double, Space>>::products);
  static_assert(!ls::AnyOfTraits<ls::DotProductScorer<double, Space>>::scores_by_ids);
  static_assert(Poolings::poolings && Poolings::pools_by_target && Poolings::pools_by<float> && !Poolings::scorers);
  static_assert(!ls::AnyOfTraits<Last>::pools_by<float> && !ls::AnyOfTraits<Last, Mean>::pools_by_target);
  constexpr bool block = ls::AnyOfTraits<ls::MeanSquaredError, ls::SoftmaxCrossEntropy>::is_block<ls::MeanSquaredError>;
  CHECK_FALSE(block);
}

TEST_CASE("blocks of a concept of one's own may be chosen among, too") {
  ls::AnyOf<Own<float, Space>, Other<float, Space>> block = Other<float, Space>();
  int context = 0;
  CHECK(block.block.index() == 1);
  CHECK(block(context, 2) == 3);
}

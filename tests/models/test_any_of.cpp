// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/concepts.hpp>
#include <longshore/core/summary.hpp>
#include <longshore/encoders/gru.hpp>
#include <longshore/encoders/lstm.hpp>
#include <longshore/fusers/concat_fuser.hpp>
#include <longshore/fusers/mean_fuser.hpp>
#include <longshore/models/any_of.hpp>
#include <longshore/pooling/additive_attention_pooling.hpp>
#include <longshore/pooling/mean_pooling.hpp>
#include <longshore/scorers/biased_factor_scorer.hpp>
#include <longshore/scorers/cosine_scorer.hpp>
#include <longshore/scorers/dot_product_scorer.hpp>
#include <string>
#include <vector>

#include "../support/check_block.hpp"
#include "../support/ragged.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
using AnyPooling = ls::AnyOf<ls::MeanPooling<Real, Space>, ls::AdditiveAttentionPooling<Real, Space>>;

/// Sequences, pooled by one block of two.
template <class Real, class Space>
struct AnyPoolingCase {
  Ragged<Space> ragged;
  ls::Parameter<Real, 2, Space> steps;
  AnyPooling<Real, Space> block;

  AnyPoolingCase(const ls::Random& random, int shape)
      : ragged(Ragged<Space>::example(random.stream("lengths"), shape)),
        steps(random_input<Real, 2, Space>(random.stream("steps"), ragged.steps(), 3)) {
    if (shape % 2) block = ls::AdditiveAttentionPooling<Real, Space>({.in = 3, .hidden = 2}, random);
  }
  auto operator()(auto& context) const {
    return block(context,
                 ls::Windowed<Real, Space>(ls::Sequences<Real, Space>{ls::use(context, steps), ragged.offsets()}));
  }
  void visit(auto&& visitor) {
    visitor("steps", steps);
    visitor("block", block);
  }
};

}  // namespace

TEST_CASE("AnyOf models the concept of its blocks") {
  using Space = Kokkos::Serial;
  static_assert(ls::Pooling<AnyPooling<float, Space>, float, Space>);
  static_assert(ls::Encoder<ls::AnyOf<ls::Gru<float, Space>, ls::Lstm<float, Space>>, float, Space>);
  static_assert(ls::Fuser<ls::AnyOf<ls::ConcatFuser<float, Space>, ls::MeanFuser<float, Space>>, float, Space>);
  static_assert(std::is_same_v<ls::RealOf<AnyPooling<float, Space>>, float>);
  CHECK(AnyPooling<float, Space>().block.index() == 0);
}

TEST_CASE("a summary shows the block that was chosen, and a stacked recurrent encoder layer by layer") {
  using Space = Kokkos::Serial;
  using Attention = ls::AdditiveAttentionPooling<float, Space>;
  ls::AnyOf<ls::Gru<float, Space>, ls::Lstm<float, Space>> encode =
      ls::Lstm<float, Space>({.in = 3, .hidden = 2, .layers = 2, .bias = false});
  CHECK_FALSE(encode.sees_ahead());
  CHECK(encode.chosen_name() == "Lstm");
  std::vector<std::string> rows;
  for (const auto& row : ls::summary(encode).rows) rows.push_back(row.name + " " + row.block + " " + row.shape);
  CHECK(rows == std::vector<std::string>{"layers.0.weights_input Lstm 8 x 3", "layers.0.weights_hidden Lstm 8 x 2",
                                         "layers.1.weights_input Lstm 8 x 2", "layers.1.weights_hidden Lstm 8 x 2"});
  encode = ls::Gru<float, Space>({.in = 3, .hidden = 2, .bidirectional = true});
  CHECK(encode.sees_ahead());
  CHECK(ls::summary(encode).rows.front().block == "Gru");
  const AnyPooling<float, Space> pool = Attention({.in = 3, .hidden = 2});
  CHECK(ls::summary(pool).rows.front().block == ls::summary(Attention({.in = 3, .hidden = 2})).rows.front().block);
}

TEST_CASE("parameters are those of the chosen block, by its names") {
  const AnyPoolingCase<float, Kokkos::Serial> plain(ls::Random(1), 0), attentive(ls::Random(1), 1);
  int count = 0;
  bool named = false;
  ls::visit_parameters(plain.block, [&](const ls::Path&, const auto&) { ++count; });
  CHECK(count == 0);
  ls::visit_parameters(attentive,
                       [&](const ls::Path& path, const auto&) { named = named || path.text().starts_with("block."); });
  CHECK(named);
}

TEST_CASE("P1: gradients pass through the chosen block; P4: with the same bits everywhere") {
  check::gradients<AnyPoolingCase>();
  check::same_bits<AnyPoolingCase>(4);
}

TEST_CASE("a fuser takes its interests in braces through AnyOf too") {
  using Space = Kokkos::Serial;
  ls::AnyOf<ls::ConcatFuser<float, Space>, ls::MeanFuser<float, Space>> fuse = ls::MeanFuser<float, Space>{};
  std::vector<float> a{1, 2}, b{3, 6};
  ls::Inference<Space> context;
  const ls::Interest<float, Space> x(ls::Matrix<float, Space>(ls::View<float, 2, Space>(a.data(), 1, 2))),
      y(ls::Matrix<float, Space>(ls::View<float, 2, Space>(b.data(), 1, 2)));
  const auto mean = fuse(context, {}, {x, y});
  CHECK(mean.vectors.data(0, 0, 1) == 4);
  CHECK(fuse.weights(context, {}, {x, y})(0, 0, 0) == 0.5f);
  CHECK_FALSE(fuse.sees_candidates());
  fuse = ls::ConcatFuser<float, Space>{};
  CHECK(fuse(context, {}, {x, y}).features() == 4);
}

TEST_CASE("scorers of which one looks at ids are called with ids, and the others leave them aside") {
  using Space = Kokkos::Serial;
  using Dot = ls::DotProductScorer<double, Space>;
  using Biased = ls::BiasedFactorScorer<double, Space>;
  using Plain = ls::AnyOf<Dot, ls::CosineScorer<double, Space>>;
  using Mixed = ls::AnyOf<Dot, Biased>;
  static_assert(ls::Scorer<Plain, double, Space> && !ls::ScorerByIds<Plain, double, Space>);
  static_assert(!ls::Scorer<Mixed, double, Space> && ls::ScorerByIds<Mixed, double, Space>);
  Biased biased({.users = 2, .items = 3, .mean = 10});
  ls::copy_from_host<double>({1, 2}, biased.user_bias.weights.mutable_view());
  ls::copy_from_host<double>({0.25, 0.5, 0.75}, biased.item_bias.weights.mutable_view());
  std::vector<double> u{2}, v{3, 5, 7};
  std::vector<ls::Id> user{1}, ids{2, 0};
  ls::Inference<Space> context;
  const ls::Interest<double, Space> interest(ls::Matrix<double, Space>(ls::View<double, 2, Space>(u.data(), 1, 1)));
  const ls::Cube<double, Space> candidates(ls::View<double, 3, Space>(v.data(), 1, 2, 1));
  const ls::Matrix<double, Space> all(ls::View<double, 2, Space>(v.data(), 3, 1));
  const ls::View<const ls::Id, 1, Space> users(user.data(), 1);
  const ls::View<const ls::Id, 2, Space> items(ids.data(), 1, 2);
  Mixed score = biased;
  CHECK(ls::copy_to_host(score(context, interest, candidates, users, items).data) ==
        std::vector<double>{10 + 2 + 0.75 + 2 * 3, 10 + 2 + 0.25 + 2 * 5});
  CHECK(ls::copy_to_host(score.catalogue(context, interest, all, users).data) ==
        std::vector<double>{10 + 2 + 0.25 + 2 * 3, 10 + 2 + 0.5 + 2 * 5, 10 + 2 + 0.75 + 2 * 7});
  score = Dot{};
  CHECK(ls::copy_to_host(score(context, interest, candidates, users, items).data) == std::vector<double>{6, 10});
  CHECK(ls::copy_to_host(score.catalogue(context, interest, all, users).data) == std::vector<double>{6, 10, 14});
}

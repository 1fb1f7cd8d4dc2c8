// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/concepts.hpp>
#include <longshore/core/summary.hpp>
#include <longshore/encoders/gru.hpp>
#include <longshore/encoders/lstm.hpp>
#include <longshore/encoders/no_encoder.hpp>
#include <longshore/fusers/concat_fuser.hpp>
#include <longshore/fusers/mean_fuser.hpp>
#include <longshore/layers/row_products.hpp>
#include <longshore/losses/binary_cross_entropy.hpp>
#include <longshore/losses/mean_squared_error.hpp>
#include <longshore/models/any_of.hpp>
#include <longshore/models/interest_branch.hpp>
#include <longshore/models/no_branch.hpp>
#include <longshore/pooling/additive_attention_pooling.hpp>
#include <longshore/pooling/last_step.hpp>
#include <longshore/pooling/mean_pooling.hpp>
#include <longshore/pooling/target_attention_pooling.hpp>
#include <longshore/scorers/biased_factor_scorer.hpp>
#include <longshore/scorers/cosine_scorer.hpp>
#include <longshore/scorers/dot_product_scorer.hpp>
#include <longshore/scorers/mlp_scorer.hpp>
#include <string>
#include <vector>

#include "../support/check_block.hpp"
#include "../support/error_text.hpp"
#include "../support/ragged.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
using AnyPooling = ls::AnyOf<ls::MeanPooling<Real, Space>, ls::AdditiveAttentionPooling<Real, Space>>;

template <class Real, class Space>
using MixedPooling = ls::AnyOf<ls::MeanPooling<Real, Space>, ls::AdditiveAttentionPooling<Real, Space>,
                               ls::LastStep<Real, Space>, ls::TargetAttentionPooling<Real, Space>>;

/// Three steps in one window, and two candidates.
struct Pooled {
  using Space = Kokkos::Serial;
  std::vector<double> step{1, 2, 3, 4, 5, 7}, candidate{1, 0, 0, 1};
  std::vector<ls::Index> offset{0, 3};
  ls::Sequences<double, Space> history{ls::View<double, 2, Space>(step.data(), 3, 2),
                                       {ls::View<const ls::Index, 1, Space>(offset.data(), 2), 3}};
  ls::Windowed<double, Space> windowed{history};
  ls::Interest<double, Space> candidates{
      ls::Cube<double, Space>(ls::View<double, 3, Space>(candidate.data(), 1, 2, 2))};
};

struct TwoLabels {
  ls::View<const float, 2, Kokkos::Serial> labels, weights;
};
/// A model without parameters: it scores 1 and 3.
struct TwoScores {
  using Space = Kokkos::Serial;
  std::vector<double> scores{1, 3};
  ls::Matrix<double, Space> operator()(auto&, const TwoLabels&) const {
    return ls::View<double, 2, Space>(const_cast<double*>(scores.data()), 1, 2);
  }
};
struct LossOfModel {
  auto operator()(auto& context, const TwoScores& model, const TwoLabels& batch) const {
    return ls::MeanSquaredError{ls::Reduction::sum}(context, model(context, batch), batch);
  }
};

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

TEST_CASE("AnyOf: concept: models the concept of its blocks") {
  using Space = Kokkos::Serial;
  static_assert(ls::Pooling<AnyPooling<float, Space>, float, Space>);
  static_assert(ls::Encoder<ls::AnyOf<ls::Gru<float, Space>, ls::Lstm<float, Space>>, float, Space>);
  static_assert(!ls::Fuser<ls::AnyOf<ls::Gru<float, Space>, ls::Lstm<float, Space>>, float, Space>);
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

TEST_CASE("AnyOf: gradients: P1: pass through the chosen block") { check::gradients<AnyPoolingCase>(); }

TEST_CASE("AnyOf: threads: P4: the same bits everywhere") { check::same_bits<AnyPoolingCase>(4); }

TEST_CASE("AnyOf: hand: a fuser takes its interests in braces too") {
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
  CHECK(score.one_product());
  const auto product =
      ls::row_products<double, Space>(context, score.queries(context, interest, users), score.keys(context, all));
  CHECK(ls::copy_to_host(product.data) == ls::copy_to_host(score.catalogue(context, interest, all, users).data));
  score = Dot{};
  CHECK(ls::copy_to_host(score.queries(context, interest, users).data) == std::vector<double>{2});
  CHECK(ls::copy_to_host(score(context, interest, candidates, users, items).data) == std::vector<double>{6, 10});
  CHECK(ls::copy_to_host(score.catalogue(context, interest, all, users).data) == std::vector<double>{6, 10, 14});
}

TEST_CASE("AnyOf: refused: queries and keys of a chosen scorer that is no product, which it says of itself") {
  using Space = Kokkos::Serial;
  using Dot = ls::DotProductScorer<double, Space>;
  using Perceptron = ls::MlpScorer<double, Space>;
  using Either = ls::AnyOf<Dot, Perceptron>;
  static_assert(ls::ProductScorer<Either> && !ls::ProductScorer<ls::AnyOf<Perceptron>>);
  std::vector<double> u{2}, v{3, 5, 7};
  ls::Inference<Space> context;
  const ls::Interest<double, Space> interest(ls::Matrix<double, Space>(ls::View<double, 2, Space>(u.data(), 1, 1)));
  const ls::Matrix<double, Space> all(ls::View<double, 2, Space>(v.data(), 3, 1));
  Either score = Dot({.scale = 3});
  CHECK(score.one_product());
  CHECK(ls::copy_to_host(score.queries(context, interest).data) == std::vector<double>{6});
  CHECK(ls::copy_to_host(score.keys(context, all).data) == v);
  score = Perceptron({.interest = 1, .candidate = 1, .hidden = {2}});
  CHECK_FALSE(score.one_product());
  const std::string sentence =
      "AnyOf: the chosen scorer, MlpScorer, is no product of queries and keys; it scores the catalogue pair by pair";
  CHECK(test::error_text<ls::ShapeError>([&] { score.queries(context, interest); }) == sentence);
  CHECK(test::error_text<ls::ShapeError>([&] { score.keys(context, all); }) == sentence);
}

TEST_CASE("poolings of which one looks at the candidates are called with them, and the others leave them aside") {
  using Space = Pooled::Space;
  using Mixed = MixedPooling<double, Space>;
  static_assert(ls::TargetPooling<Mixed, double, Space> && !ls::Pooling<Mixed, double, Space>);
  const Pooled with;
  ls::Inference<Space> context;
  const ls::TargetAttentionPooling<double, Space> target({.features = 2}, ls::Random(1));
  const ls::AdditiveAttentionPooling<double, Space> additive({.in = 2, .hidden = 2}, ls::Random(2));
  const auto same = [&](const auto& chosen, const auto& expected) {
    CHECK(ls::copy_to_host(chosen.data) == ls::copy_to_host(expected.data));
  };
  Mixed pool;
  CHECK_FALSE(pool.sees_candidates());
  const auto mean = pool(context, with.candidates, with.windowed);
  CHECK(mean.extent(1) == 1);
  same(mean, ls::MeanPooling<double, Space>{}(context, with.windowed));
  pool = target;
  CHECK(pool.sees_candidates());
  same(pool(context, with.candidates, with.windowed), target(context, with.candidates, with.windowed));
  pool = additive;
  same(pool(context, {}, with.windowed), additive(context, with.windowed));
}

TEST_CASE("weights of steps pass through: out of the chosen block, empty where it has none, and into it") {
  using Space = Pooled::Space;
  const Pooled with;
  ls::Inference<Space> context;
  const ls::TargetAttentionPooling<double, Space> target({.features = 2}, ls::Random(1));
  const ls::AdditiveAttentionPooling<double, Space> additive({.in = 2, .hidden = 2}, ls::Random(2));
  MixedPooling<double, Space> pool = target;
  CHECK(ls::copy_to_host(pool.weights(context, with.candidates, with.windowed)) ==
        ls::copy_to_host(target.weights(context, with.candidates, with.windowed)));
  pool = additive;
  const auto expected = ls::copy_to_host(additive.weights(context, with.windowed));
  CHECK(expected.size() == 3);
  CHECK(ls::copy_to_host(pool.weights(context, with.candidates, with.windowed)) == expected);
  ls::AnyOf<ls::MeanPooling<double, Space>, ls::AdditiveAttentionPooling<double, Space>> alike = additive;
  CHECK(ls::copy_to_host(alike.weights(context, with.windowed)) == expected);

  std::vector<float> decay{0, 1, 1};
  const ls::View<const float, 1, Space> weights(decay.data(), 3);
  pool = ls::MeanPooling<double, Space>{};
  CHECK(pool.weights(context, with.candidates, with.windowed).size() == 0);
  CHECK(ls::copy_to_host(pool(context, with.windowed, weights).data) == std::vector<double>{4, 5.5});
  std::vector<ls::LogWeight> logarithms{{-1e9}, {0}, {0}};
  CHECK(ls::copy_to_host(
            pool(context, with.windowed, ls::View<const ls::LogWeight, 1, Space>(logarithms.data(), 3)).data) ==
        std::vector<double>{4, 5.5});
  pool = ls::LastStep<double, Space>{};
  CHECK(test::error_text<ls::ShapeError>([&] { pool(context, with.windowed, weights); }) ==
        "AnyOf: the chosen pooling, LastStep, takes no weights of steps; MeanPooling and SumPooling do");
}

TEST_CASE("a branch of any encoder and any pooling stands for each of their pairs") {
  using Space = Pooled::Space;
  using Encoders = ls::AnyOf<ls::NoEncoder<double, Space>, ls::Gru<double, Space>>;
  using Any = ls::InterestBranch<Encoders, MixedPooling<double, Space>>;
  using View = ls::AnyOf<ls::NoBranch<double, Space>, Any>;
  static_assert(ls::Branch<View, double, Space>);
  const Pooled with;
  ls::Inference<Space> context;
  const ls::Gru<double, Space> gru({.in = 2, .hidden = 2}, ls::Random(3));
  const ls::TargetAttentionPooling<double, Space> target({.features = 2}, ls::Random(1));
  const auto& history = with.history;
  const auto& windows = with.windowed.windows;
  View view = Any{{}, gru, target};
  CHECK(view.sees_candidates());
  CHECK(ls::copy_to_host(view(context, with.candidates, history, windows).vectors.data) ==
        ls::copy_to_host(target(context, with.candidates, {gru(context, history), windows}).data));
  CHECK(ls::copy_to_host(view.weights(context, with.candidates, history, windows)) ==
        ls::copy_to_host(target.weights(context, with.candidates, {gru(context, history), windows})));
  view = Any{{}, gru, ls::LastStep<double, Space>{}};
  CHECK_FALSE(view.sees_candidates());
  CHECK(Encoders(gru).sees_behind());
  CHECK_FALSE(Encoders().sees_behind());
  CHECK(view(context, ls::Interest<double, Space>{}, history, windows).candidates() == 1);
  CHECK(view.weights(context, with.candidates, history, windows).size() == 0);
  view = ls::NoBranch<double, Space>{};
  CHECK(view.weights(context, with.candidates, history, windows).size() == 0);
}

TEST_CASE("losses of which one takes the model are called with it, and the others with its scores") {
  using Space = Kokkos::Serial;
  const TwoScores model;
  std::vector<float> labels{0, 1};
  const TwoLabels batch{ls::View<const float, 2, Space>(labels.data(), 1, 2), {}};
  ls::Inference<Space> context;
  ls::AnyOf<ls::MeanSquaredError, LossOfModel> loss;
  CHECK(ls::copy_to_host(loss(context, model, batch).data)[0] == 2.5);
  loss = LossOfModel{};
  CHECK(ls::copy_to_host(loss(context, model, batch).data)[0] == 5);
  const ls::AnyOf<ls::BinaryCrossEntropy, ls::MeanSquaredError> of_scores = ls::MeanSquaredError{};
  CHECK(ls::copy_to_host(of_scores(context, model(context, batch), batch).data)[0] == 2.5);
}

// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <longshore/core/copy_to.hpp>
#include <longshore/data/long_short_views.hpp>
#include <longshore/encoders/gru.hpp>
#include <longshore/encoders/no_encoder.hpp>
#include <longshore/fusers/concat_fuser.hpp>
#include <longshore/losses/binary_cross_entropy.hpp>
#include <longshore/losses/softmax_cross_entropy.hpp>
#include <longshore/models/any_of.hpp>
#include <longshore/models/interest_branch.hpp>
#include <longshore/models/long_short_model.hpp>
#include <longshore/models/no_branch.hpp>
#include <longshore/optimizers/adam.hpp>
#include <longshore/optimizers/optimizer.hpp>
#include <longshore/pooling/additive_attention_pooling.hpp>
#include <longshore/pooling/last_step.hpp>
#include <longshore/pooling/mean_pooling.hpp>
#include <longshore/pooling/target_attention_pooling.hpp>
#include <longshore/scorers/biased_factor_scorer.hpp>
#include <longshore/scorers/dot_product_scorer.hpp>
#include <longshore/scorers/mlp_scorer.hpp>
#include <memory>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "../support/check_block.hpp"
#include "../support/count_allocations.hpp"
#include "../support/error_text.hpp"
#include "../support/sanitized.hpp"
#include "../support/small_histories.hpp"

namespace ls = longshore;

namespace {

using Host = ls::LongShortViews::Host;

template <class Real, class Space>
using AnyShort = ls::AnyOf<ls::NoBranch<Real, Space>,
                           ls::InterestBranch<ls::NoEncoder<Real, Space>, ls::AdditiveAttentionPooling<Real, Space>>,
                           ls::InterestBranch<ls::NoEncoder<Real, Space>, ls::TargetAttentionPooling<Real, Space>>>;
template <class Real, class Space>
using AnyLong =
    ls::AnyOf<ls::InterestBranch<ls::Gru<Real, Space>, ls::LastStep<Real, Space>>,
              ls::InterestBranch<ls::NoEncoder<Real, Space>, ls::MeanPooling<Real, Space>>, ls::NoBranch<Real, Space>>;
template <class Real, class Space>
using AnyScorer = ls::AnyOf<ls::MlpScorer<Real, Space>, ls::BiasedFactorScorer<Real, Space>>;
template <class Real, class Space>
using Model = ls::LongShortModel<AnyLong<Real, Space>, AnyShort<Real, Space>, ls::ConcatFuser<Real, Space>,
                                 AnyScorer<Real, Space>>;

constexpr ls::Id items = 8;
enum class Short { none, attention, target };

/// A model of a few numbers over the items of `small_histories`.
template <class Real, class Space>
Model<Real, Space> small_model(const ls::Random& random, Short kind, bool by_ids, ls::GradientKind gradient,
                               ls::Index features = 3, ls::Index hidden = 2) {
  const ls::Index both = kind == Short::none ? hidden : hidden + features;
  Model<Real, Space> model;
  model.items = ls::EmbeddingTable<Real, Space>(
      {.rows = items, .features = features, .gradient = gradient, .initial = ls::normal(1)}, random.stream("items"));
  model.long_term = ls::InterestBranch<ls::Gru<Real, Space>, ls::LastStep<Real, Space>>{
      {}, ls::Gru<Real, Space>({.in = features, .hidden = hidden}, random.stream("long")), {}};
  if (kind == Short::attention)
    model.short_term = ls::InterestBranch<ls::NoEncoder<Real, Space>, ls::AdditiveAttentionPooling<Real, Space>>{
        {}, {}, ls::AdditiveAttentionPooling<Real, Space>({.in = features, .hidden = 2}, random.stream("short"))};
  if (kind == Short::target)
    model.short_term = ls::InterestBranch<ls::NoEncoder<Real, Space>, ls::TargetAttentionPooling<Real, Space>>{
        {}, {}, ls::TargetAttentionPooling<Real, Space>({.features = features, .hidden = {4}}, random.stream("short"))};
  if (by_ids) {
    model.fuse = ls::ConcatFuser<Real, Space>({.in = both, .out = features}, random.stream("fuse"));
    model.score = ls::BiasedFactorScorer<Real, Space>({.users = 2, .items = items, .mean = 0.5, .gradient = gradient});
    auto& scorer = std::get<1>(model.score.block);
    ls::initialise(scorer.user_bias.weights, ls::normal(1), random.stream("user_bias"));
    ls::initialise(scorer.item_bias.weights, ls::normal(1), random.stream("item_bias"));
  } else {
    model.fuse = ls::ConcatFuser<Real, Space>{};
    model.score = ls::MlpScorer<Real, Space>(
        {.interest = both, .candidate = features, .hidden = {4}, .activation = ls::ActivationKind::tanh},
        random.stream("score"));
  }
  return model;
}

/// Five examples of two users with two candidates each, empty histories included; or those that are wanted.
template <class Space>
std::unique_ptr<ls::Batch<Space>> small_batch(ls::Positions positions, ls::Index each = 2, unsigned wanted = 31) {
  static const ls::Histories histories = small_histories();
  std::vector<ls::Example> examples;
  for (const ls::Example& example : {ls::Example{0, 0}, {0, 2}, {0, 5}, {1, 1}, {1, 3}}) {
    if (wanted % 2 == 1) examples.push_back(example);
    wanted /= 2;
  }
  const auto rows = static_cast<ls::Index>(examples.size());
  ls::Batch<Host> made;
  ls::LongShortViews(histories, {.long_term = {.last = 0}, .short_term = {.last = 2}, .positions = positions})
      .fill(examples, made);
  const auto candidates = made.allocate<ls::Id>(rows, each);
  for (ls::Index b = 0; b < rows; ++b)
    for (ls::Index c = 0; c < each; ++c) candidates(b, c) = static_cast<ls::Id>((3 * b + 4 * c) % items);
  made.candidates = candidates;
  auto batch = std::make_unique<ls::Batch<Space>>();
  ls::copy_batch(made, *batch);
  return batch;
}

/// A model and a batch: every combination of short branch, scorer, way of training and gradient of the tables; then of
/// any sizes and examples.
template <class Real, class Space>
struct ModelCase {
  Model<Real, Space> model;
  std::unique_ptr<ls::Batch<Space>> batch;

  ModelCase(const ls::Random& random, int shape)
      : model(small_model<Real, Space>(random, static_cast<Short>(shape % 3), shape / 3 % 2 == 1,
                                       shape % 2 == 0 ? ls::GradientKind::dense : ls::GradientKind::row_sparse,
                                       shape < 12 ? 3 : draw(random, 0, 5), shape < 12 ? 2 : draw(random, 1, 5))),
        batch(small_batch<Space>(shape / 2 % 2 == 0 ? ls::Positions::separate : ls::Positions::one_pass,
                                 shape < 12 ? 2 : draw(random, 2, 4),
                                 shape < 12 ? 31 : static_cast<unsigned>(draw(random, 3, 31)))) {}
  static ls::Index draw(const ls::Random& random, std::uint64_t i, std::uint64_t most) {
    return 1 + static_cast<ls::Index>(random.stream("sizes").below(i, most));
  }
  auto operator()(auto& context) const { return model(context, *batch); }
  void visit(auto&& visitor) { visitor("model", model); }
};

using Serial = Kokkos::Serial;

template <class Real>
std::vector<Real> scores_of(const Model<Real, Serial>& model, const ls::Batch<Serial>& batch) {
  ls::Inference<Serial> context;
  return ls::copy_to_host(model(context, batch).data);
}

/// Requests of one to five examples and one to four candidates, answered one by one on the execution space, then by many
/// threads at once, each in another order: how many answers differ in a bit.
template <class Space>
std::size_t answered_otherwise(const Model<float, Space>& model, std::size_t requests, std::size_t threads) {
  std::vector<std::unique_ptr<ls::Batch<Space>>> batches;
  for (unsigned wanted = 1; wanted < 32; ++wanted)
    for (ls::Index each = 1; each <= 4; ++each)
      batches.push_back(small_batch<Space>(ls::Positions::separate, each, wanted));
  std::vector<std::vector<float>> expected;
  for (const auto& batch : batches) {
    ls::Inference<Space> context;
    expected.push_back(ls::copy_to_host(model(context, *batch).data));
  }
  std::vector<std::size_t> different(threads);
  std::vector<std::thread> workers;
  for (std::size_t t = 0; t < threads; ++t)
    workers.emplace_back([&, t] {
      ls::Inference<Space, ls::Inline> context;
      for (std::size_t k = 0; k < requests; ++k) {
        const std::size_t i = (k * 37 + t * 31) % batches.size();
        context.reset();
        const auto scores = model(context, *batches[i]);
        const bool same = scores.data.size() == expected[i].size() &&
                          std::memcmp(scores.data.data(), expected[i].data(), expected[i].size() * sizeof(float)) == 0;
        different[t] += !same;
      }
    });
  for (auto& worker : workers) worker.join();
  return std::accumulate(different.begin(), different.end(), std::size_t{0});
}

template <class Space>
void share_a_model(std::size_t requests) {
  for (const auto kind : {Short::attention, Short::target})
    for (const std::size_t threads : {2u, 4u, 8u, 16u}) {
      CAPTURE(threads);
      const bool by_ids = threads % 8 == 0;
      const auto model = small_model<float, Space>(ls::Random(3), kind, by_ids, ls::GradientKind::dense);
      CHECK(answered_otherwise(model, requests, threads) == 0);
    }
}

/// What eight steps of training ask memory for, the first three left aside.
template <class Space>
void allocates_nothing() {
  CAPTURE(Space::name());
  ls::Tensor<float, 2, Space> labels(5, 2);
  ls::copy_from_host<float>({1, 0, 1, 0, 1, 0, 1, 0, 1, 0}, labels.view());
  for (const ls::GradientKind gradient : {ls::GradientKind::dense, ls::GradientKind::row_sparse}) {
    auto model = small_model<float, Space>(ls::Random(5), Short::attention, false, gradient);
    const auto batch = small_batch<Space>(ls::Positions::one_pass);
    ls::Training<Space> context(model);
    ls::Optimizer<ls::Adam, Space> optimizer(model);
    std::size_t first = 0, later = 0;
    for (int step = 0; step < 8; ++step) {
      const auto before = count_allocations();
      context.reset();
      const auto scores = model(context, *batch);
      context.backward(ls::BinaryCrossEntropy{}(context, scores, std::as_const(labels).view()));
      optimizer.step(model, context);
      optimizer.check();
      (step < 3 ? first : later) += count_allocations() - before;
    }
    if (allocations_are_counted) CHECK(first > 0);
    CHECK(later == 0);
  }
}

}  // namespace

TEST_CASE("LongShortModel: hand: a model of plain parts") {
  using Mean = ls::InterestBranch<ls::NoEncoder<double, Serial>, ls::MeanPooling<double, Serial>>;
  using Last = ls::InterestBranch<ls::NoEncoder<double, Serial>, ls::LastStep<double, Serial>>;
  ls::LongShortModel<Mean, Last, ls::ConcatFuser<double, Serial>, ls::BiasedFactorScorer<double, Serial>> model;
  model.items = ls::EmbeddingTable<double, Serial>({.rows = items, .features = 1});
  ls::copy_from_host<double>({1, 2, 3, 4, 5, 6, 7, 8}, model.items.weights.mutable_view());
  model.fuse = ls::ConcatFuser<double, Serial>({.in = 2, .out = 1});
  ls::visit_parameters(model.fuse, [](const ls::Path& path, auto& parameter) {
    const bool bias = path.text().ends_with("bias");
    ls::copy_from_host(bias ? std::vector<double>{0} : std::vector<double>{10, 1}, parameter.mutable_view());
  });
  model.score = ls::BiasedFactorScorer<double, Serial>({.users = 2, .items = items, .mean = 100});
  ls::copy_from_host<double>({0.25, 0.5}, model.score.user_bias.weights.mutable_view());
  const auto batch = small_batch<Serial>(ls::Positions::separate);
  ls::Inference<Serial> context;
  const auto scores = model(context, *batch);
  CHECK(scores.data(0, 0) == 100.25);  // nothing behind it: no interest
  // User 0 after items 0 and 1: mean 1.5, last 2, so 10 * 1.5 + 2 = 17; candidates 3 and 7 have the vectors 4 and 8.
  CHECK(scores.data(1, 0) == doctest::Approx(100.25 + 17 * 4).epsilon(1e-12));
  CHECK(scores.data(1, 1) == doctest::Approx(100.25 + 17 * 8).epsilon(1e-12));
  // User 1 after items 4, 5 and 6: mean 6, last 7, so 67; candidates 4 and 0.
  CHECK(scores.data(4, 0) == doctest::Approx(100.5 + 67 * 5).epsilon(1e-12));
  CHECK(scores.data(4, 1) == doctest::Approx(100.5 + 67 * 1).epsilon(1e-12));
}

TEST_CASE(
    "LongShortModel: edges: empty histories too score the same as separate examples and in one pass, bit for bit") {
  const auto separate = small_batch<Serial>(ls::Positions::separate),
             one_pass = small_batch<Serial>(ls::Positions::one_pass);
  CHECK(separate->history.offsets.count() == 5);
  CHECK(one_pass->history.offsets.count() == 2);
  for (const auto kind : {Short::none, Short::attention, Short::target})
    for (const bool by_ids : {false, true}) {
      CAPTURE(by_ids);
      const auto model = small_model<float, Serial>(ls::Random(3), kind, by_ids, ls::GradientKind::dense);
      const auto scores = scores_of(model, *separate);
      CHECK(scores == scores_of(model, *one_pass));
      CHECK(*std::max_element(scores.begin(), scores.end()) > *std::min_element(scores.begin(), scores.end()));
    }
}

TEST_CASE(
    "LongShortModel: reference: the catalogue equals every item as a candidate, the interest is one vector a user") {
  const auto batch = small_batch<Serial>(ls::Positions::one_pass);
  ls::Tensor<ls::Id, 2, Serial> everything(5, items);
  for (ls::Index b = 0; b < 5; ++b)
    for (ls::Id i = 0; i < items; ++i) everything.view()(b, i) = i;
  for (const bool by_ids : {false, true}) {
    const auto model = small_model<double, Serial>(ls::Random(4), Short::attention, by_ids, ls::GradientKind::dense);
    CHECK_FALSE(model.sees_candidates());
    ls::Inference<Serial> context;
    const auto interest = model.interest(context, *batch);
    CHECK(interest.users() == 5);
    CHECK(interest.candidates() == 1);
    CHECK(interest.features() == (by_ids ? 3 : 5));
    const auto catalogue = ls::copy_to_host(model.catalogue(context, *batch).data);
    batch->candidates = std::as_const(everything).view();
    const auto scores = scores_of(model, *batch);
    check::close(catalogue, scores, 1e-12);
    batch->candidates = {};
    CHECK(ls::copy_to_host(model.catalogue(context, *batch).data) == catalogue);  // needs no candidates
  }
}

TEST_CASE_TEMPLATE("the factors of a scorer that is a product give the catalogue; the loss over it needs no logits",
                   Score, ls::DotProductScorer<double, Serial>, ls::BiasedFactorScorer<double, Serial>) {
  using Branch = ls::InterestBranch<ls::NoEncoder<double, Serial>, ls::MeanPooling<double, Serial>>;
  ls::LongShortModel<Branch, ls::NoBranch<double, Serial>, ls::ConcatFuser<double, Serial>, Score> model;
  model.items =
      ls::EmbeddingTable<double, Serial>({.rows = items, .features = 3, .initial = ls::normal(1)}, ls::Random(1));
  if constexpr (ls::ScorerByIds<Score, double, Serial>) {
    model.score = Score({.users = 2, .items = items, .mean = 0.5});
    ls::initialise(model.score.item_bias.weights, ls::normal(1), ls::Random(2));
  }
  const auto batch = small_batch<Serial>(ls::Positions::separate);
  ls::Inference<Serial> context;
  const auto factors = model.factors(context, *batch);
  const auto catalogue = model.catalogue(context, *batch);
  check::close(ls::copy_to_host(ls::row_products<double, Serial>(context, factors.queries, factors.keys).data),
               ls::copy_to_host(catalogue.data), 1e-12);
  double expected = 0;
  for (ls::Index b = 0; b < 5; ++b) {
    double sum = 0;
    for (ls::Id i = 0; i < items; ++i) sum += std::exp(catalogue.data(b, i));
    expected += (std::log(sum) - catalogue.data(b, batch->candidates(b, 0))) / 5;
  }
  CHECK(ls::SoftmaxCrossEntropy{}(context, model, *batch).data(0) == doctest::Approx(expected));
}

TEST_CASE("where the scorer is chosen at run time, softmax over the catalogue takes factors if there are any") {
  const auto batch = small_batch<Serial>(ls::Positions::separate);
  for (const bool by_ids : {true, false}) {
    const auto model = small_model<double, Serial>(ls::Random(5), Short::attention, by_ids, ls::GradientKind::dense);
    CHECK(model.has_factors() == by_ids);
    ls::Inference<Serial> context;
    const auto catalogue = model.catalogue(context, *batch);
    std::vector<double> by_hand(1);
    for (ls::Index b = 0; b < 5; ++b) {
      double sum = 0;
      for (ls::Id i = 0; i < items; ++i) sum += std::exp(catalogue.data(b, i));
      by_hand[0] += (std::log(sum) - catalogue.data(b, batch->candidates(b, 0))) / 5;
    }
    check::close(ls::copy_to_host(ls::SoftmaxCrossEntropy{}(context, model, *batch).data), by_hand, 1e-12);
    if (!by_ids) CHECK_THROWS_AS(model.factors(context, *batch), ls::ShapeError);
  }
  const auto by_target = small_model<double, Serial>(ls::Random(5), Short::target, true, ls::GradientKind::dense);
  CHECK_FALSE(by_target.has_factors());
}

TEST_CASE(
    "LongShortModel: refused: an interest without the candidates that a part sees; the sentence says what to do") {
  const auto batch = small_batch<Serial>(ls::Positions::separate);
  const auto model = small_model<float, Serial>(ls::Random(4), Short::target, false, ls::GradientKind::dense);
  CHECK(model.sees_candidates());
  ls::Inference<Serial> context;
  const std::string sentence =
      "LongShortModel::interest: a part of this model looks at the candidates, so there is no interest without them; "
      "score candidates in chunks instead";
  CHECK(test::error_text<ls::ShapeError>([&] { model.interest(context, *batch); }) == sentence);
  CHECK(test::error_text<ls::ShapeError>([&] { model.catalogue(context, *batch); }) == sentence);
}

TEST_CASE("LongShortModel: concept: visit names every part once") {
  const auto model = small_model<float, Serial>(ls::Random(5), Short::attention, true, ls::GradientKind::dense);
  std::vector<std::string> names;
  ls::visit_parameters(model, [&](const ls::Path& path, const auto&) { names.push_back(path.text()); });
  CHECK(names == std::vector<std::string>{
                     "items.weights", "long_term.encode.layers.0.weights_input",
                     "long_term.encode.layers.0.weights_hidden", "long_term.encode.layers.0.bias_input",
                     "long_term.encode.layers.0.bias_hidden", "short_term.pool.matrix", "short_term.pool.bias",
                     "short_term.pool.query", "fuse.project.weights", "fuse.project.bias", "score.mean",
                     "score.user_bias.weights", "score.item_bias.weights"});
}

TEST_CASE("a copy has its own numbers, and a copy in double scores alike") {
  const auto batch = small_batch<Serial>(ls::Positions::separate);
  auto model = small_model<float, Serial>(ls::Random(6), Short::attention, false, ls::GradientKind::dense);
  const auto copy = model;
  const auto before = scores_of(copy, *batch);
  const auto wide = scores_of(ls::copy_to<Serial, double>(model), *batch);
  check::close(before, wide, 1e-5);
  ls::visit_parameters(model, [](const ls::Path&, auto& parameter) {
    for (std::size_t i = 0; i < parameter.size(); ++i) parameter.mutable_view().data()[i] += 1;
  });
  CHECK(scores_of(copy, *batch) == before);
  CHECK(scores_of(model, *batch) != before);
}

TEST_CASE("a half is deaf to the window that it leaves out, and a model without both is refused") {
  const auto batch = small_batch<Serial>(ls::Positions::separate);
  auto model = small_model<float, Serial>(ls::Random(7), Short::none, false, ls::GradientKind::dense);
  auto full = small_model<float, Serial>(ls::Random(7), Short::attention, false, ls::GradientKind::dense);
  const auto half_before = scores_of(model, *batch), full_before = scores_of(full, *batch);
  const auto short_term = batch->short_term;
  batch->short_term = batch->long_term;
  CHECK(scores_of(model, *batch) == half_before);
  CHECK(scores_of(full, *batch) != full_before);
  batch->short_term = short_term;
  model.long_term = ls::NoBranch<float, Serial>{};
  const auto text = test::error_text<ls::ShapeError>([&] { scores_of(model, *batch); });
  CHECK(test::has(text, "LongShortModel: both branches are left out"));
}

TEST_CASE("nothing is dropped unless the rate is set; then training differs from inference") {
  const auto batch = small_batch<Serial>(ls::Positions::separate);
  auto model = small_model<float, Serial>(ls::Random(8), Short::attention, false, ls::GradientKind::dense);
  const auto trained = [&] {
    ls::Training<Serial> context(model, ls::Random(1));
    return ls::copy_to_host(model(context, *batch).data);
  };
  CHECK(trained() == scores_of(model, *batch));
  model.dropout.settings.rate = 0.5;
  CHECK(trained() != scores_of(model, *batch));
}

TEST_CASE("a frozen part gets no gradient, and the others get the same") {
  ModelCase<double, Serial> example(ls::Random(9), 1);
  ls::Training<Serial> before(example);
  const auto all = check::run<double>(before, example);
  auto& encoder = std::get<0>(example.model.long_term.block).encode;
  ls::visit_parameters(encoder, [](const ls::Path&, auto& parameter) { parameter.frozen = true; });
  ls::Training<Serial> after(example);
  const auto some = check::run<double>(after, example);
  CHECK(some.gradients.size() + 4 == all.gradients.size());
  for (const auto& entry : some.gradients) CHECK(entry.second == all.gradients.at(entry.first));
}

TEST_CASE("LongShortModel: gradients: P1: equal central differences, the table's uses added up") {
  check::gradients<ModelCase>();
}

TEST_CASE(
    "LongShortModel: threads: P3, P4: the bits of Serial on every host space, the numbers within 1e-5 on a device") {
  check::same_bits<ModelCase>(16);
}

TEST_CASE_TEMPLATE("P16: threads that share a model of AnyOf, with target attention too, give the bits of one thread",
                   Space, LONGSHORE_HOST_SPACES) {
  share_a_model<Space>(100);
}

TEST_CASE_TEMPLATE("P16: 16 threads share a model for ten thousand requests each" * doctest::test_suite("slow"), Space,
                   LONGSHORE_HOST_SPACES) {
  share_a_model<Space>(sanitized ? 300 : 10'000);
}

TEST_CASE("LongShortModel: a whole training step allocates nothing after the first ones") {
  allocates_nothing<Serial>();
#if defined(KOKKOS_ENABLE_OPENMP)
  allocates_nothing<Kokkos::OpenMP>();
#endif
}

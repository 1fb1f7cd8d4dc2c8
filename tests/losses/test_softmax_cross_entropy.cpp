// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <longshore/core/batch.hpp>
#include <longshore/embeddings/embedding_table.hpp>
#include <longshore/layers/row_products.hpp>
#include <longshore/losses/softmax_cross_entropy.hpp>
#include <memory>
#include <utility>
#include <vector>

#include "../support/check_block.hpp"
#include "../support/count_allocations.hpp"
#include "../support/kernel_case.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
struct SoftmaxCrossEntropyCase {
  ls::Parameter<Real, 2, Space> interests, items;  // (B, D), (I, D)
  ls::Parameter<Real, 1, Space> bias;              // (I) or empty
  ls::Tensor<ls::Id, 1, Space> targets;            // (B)
  ls::Tensor<float, 1, Space> weights;             // (B) or empty
  bool mean = true;

  /// One item, a few, panels and tiles that are not full, more than one tile of rows, several bodies, no rows, then any.
  SoftmaxCrossEntropyCase(const ls::Random& random, int shape) {
    constexpr int sizes[][3] = {{1, 1, 2}, {3, 5, 4}, {50, 150, 3}, {7, 33, 1}, {2, 300, 5}, {0, 4, 3}};
    const auto [rows, count, width] = extents_of(sizes, random, shape, 9, 1);
    mean = shape % 2 == 0;
    interests = random_input<Real, 2, Space>(random.stream("interests"), rows, width);
    items = random_input<Real, 2, Space>(random.stream("items"), count, width);
    if (shape % 3 != 1) bias = random_input<Real, 1, Space>(random.stream("bias"), count);
    std::vector<ls::Id> ids;
    std::vector<float> factors;
    for (std::uint64_t b = 0; b < static_cast<std::uint64_t>(rows); ++b) {
      ids.push_back(static_cast<ls::Id>(random.stream("ids").below(b, static_cast<std::uint64_t>(count))));
      factors.push_back(2 * random.stream("weights").uniform<float>(b));
    }
    take(ids, shape % 4 < 2 ? factors : std::vector<float>());
  }
  SoftmaxCrossEntropyCase(const Golden& golden, const std::string& name)
      : interests(golden.shape(name + "/interests")[0], golden.shape(name + "/interests")[1]),
        items(golden.shape(name + "/items")[0], golden.shape(name + "/items")[1]),
        bias(golden.has(name + "/bias") ? golden.shape(name + "/bias")[0] : 0),
        mean(golden.integer(name + "/mean") == 1) {
    std::vector<ls::Id> ids;
    std::vector<float> factors;
    for (const auto id : golden.integers(name + "/targets")) ids.push_back(static_cast<ls::Id>(id));
    if (golden.has(name + "/weights"))
      for (const auto weight : golden.integers(name + "/weights")) factors.push_back(static_cast<float>(weight));
    take(ids, factors);
  }

  void take(const std::vector<ls::Id>& ids, const std::vector<float>& factors) {
    targets = ls::Tensor<ls::Id, 1, Space>(static_cast<ls::Index>(ids.size()));
    weights = ls::Tensor<float, 1, Space>(static_cast<ls::Index>(factors.size()));
    ls::copy_from_host(ids, targets.view());
    ls::copy_from_host(factors, weights.view());
  }
  ls::SoftmaxCrossEntropy loss() const { return {.reduction = mean ? ls::Reduction::mean : ls::Reduction::sum}; }
  auto given_weights() const { return weights.empty() ? ls::View<const float, 1, Space>() : weights.view(); }
  auto given_bias(auto& context) const { return bias.empty() ? ls::Value<Real, 1, Space>() : ls::use(context, bias); }
  auto operator()(auto& context) const {
    return loss()(context, ls::use(context, interests), ls::use(context, items), targets.view(), given_weights(),
                  given_bias(context));
  }
  void visit(auto&& visitor) {
    visitor("interests", interests);
    visitor("items", items);
    visitor("bias", bias);
  }
};

/// Tied weights: rows of the table are the interests, the whole of it the items.
template <class Real, class Space>
struct TiedCase {
  ls::EmbeddingTable<Real, Space> table;
  ls::Tensor<ls::Id, 1, Space> ids, targets;

  TiedCase(const ls::Random& random, int shape)
      : table({.rows = shape < wide_shape ? 40 + 200 * (shape % 2) : wide_rows,
               .features = 3,
               .gradient = shape % 4 < 2 ? ls::GradientKind::row_sparse : ls::GradientKind::dense,
               .initial = ls::normal(1)},
              random),
        ids(9),
        targets(9) {
    std::vector<ls::Id> from, to;
    for (std::uint64_t b = 0; b < 9; ++b) {
      from.push_back(static_cast<ls::Id>(random.below(b, 12)));  // some twice
      to.push_back(static_cast<ls::Id>(random.below(20 + b, 12)));
    }
    ls::copy_from_host(from, ids.view());
    ls::copy_from_host(to, targets.view());
  }
  auto operator()(auto& context) const {
    const auto interests = table(context, ids.view());
    return ls::SoftmaxCrossEntropy{}(context, interests, table.whole(context), targets.view());
  }
  void visit(auto&& visitor) { visitor("table", table); }
};

/// The interests and the items are one value.
template <class Real, class Space>
struct SameValueCase {
  ls::Parameter<Real, 2, Space> items;
  ls::Tensor<ls::Id, 1, Space> targets;

  SameValueCase(const ls::Random& random, int shape)
      : items(random_input<Real, 2, Space>(random, 3 + 60 * shape, 3)), targets(items.extent(0)) {
    std::vector<ls::Id> to;
    for (ls::Index b = 0; b < items.extent(0); ++b) to.push_back(static_cast<ls::Id>((b * 7 + 1) % items.extent(0)));
    ls::copy_from_host(to, targets.view());
  }
  auto operator()(auto& context) const {
    const auto value = ls::use(context, items);
    return ls::SoftmaxCrossEntropy{}(context, value, value, targets.view());
  }
  void visit(auto&& visitor) { visitor("items", items); }
};

/// A model of one table with a row for unknown ids: the interest of a user is the row of that number. Its scores are
/// known as logits only.
template <class Real, class Space>
struct ByLogits {
  ls::EmbeddingTable<Real, Space> items;
  bool sees = false;
  bool sees_candidates() const { return sees; }
  ls::Matrix<Real, Space> catalogue(auto& context, const auto& batch) const {
    return ls::row_products<Real, Space>(context, items(context, batch.users), items.whole(context));
  }
  void visit(auto&& visitor) { visitor("items", items); }
};
/// The same that also names its factors.
template <class Real, class Space>
struct ByFactors : ByLogits<Real, Space> {
  struct Factors {
    ls::Matrix<Real, Space> queries, keys;
  };
  Factors factors(auto& context, const auto& batch) const {
    return {this->items(context, batch.users), this->items.whole(context)};
  }
};

/// A loss that is given such a model and a batch: (B, C) candidates of which the first is the target.
template <template <class, class> class Model, class Real, class Space>
struct OfModelCase {
  Model<Real, Space> model;
  ls::SoftmaxCrossEntropy loss;
  std::shared_ptr<ls::Batch<Space>> batch = std::make_shared<ls::Batch<Space>>();

  OfModelCase() = default;
  OfModelCase(const ls::Random& random, int shape) : loss{.unknown_row = shape % 2 == 1} {
    const ls::Index rows = shape >= wide_shape ? wide_rows : shape == 2 ? 150 : 5;
    model.items = ls::EmbeddingTable<Real, Space>(
        {.rows = rows, .features = 3, .unknown_row = true, .initial = ls::normal(1)}, random);
    std::vector<ls::Id> users, candidates;
    for (std::uint64_t b = 0; b < 7; ++b) {
      users.push_back(static_cast<ls::Id>(random.below(b, 5)));
      for (std::uint64_t c = 0; c < 2; ++c) candidates.push_back(static_cast<ls::Id>(random.below(20 + 2 * b + c, 6)));
    }
    candidates[4] = rows;  // the unknown one
    take(users, candidates, shape == 0 ? std::vector<float>() : std::vector<float>(14, 0.5f));
  }
  void take(const std::vector<ls::Id>& users, const std::vector<ls::Id>& candidates,
            const std::vector<float>& weights) {
    const auto rows = static_cast<ls::Index>(users.size()), width = static_cast<ls::Index>(candidates.size()) / rows;
    const auto fill = [&]<class T>(const std::vector<T>& from, auto... extents) {
      const auto view = batch->template allocate<T>(extents...);
      ls::copy_from_host(from, view);
      return view;
    };
    batch->users = fill(users, rows);
    batch->candidates = fill(candidates, rows, width);
    if (!weights.empty()) batch->weights = fill(weights, rows, width);
  }
  auto operator()(auto& context) const { return loss(context, model, *batch); }
  void visit(auto&& visitor) { visitor("model", model); }
};
template <class Real, class Space>
struct LogitsCase : OfModelCase<ByLogits, Real, Space> {
  using OfModelCase<ByLogits, Real, Space>::OfModelCase;
};
template <class Real, class Space>
struct FactorsCase : OfModelCase<ByFactors, Real, Space> {
  using OfModelCase<ByFactors, Real, Space>::OfModelCase;
};

/// The definition: every logit, every exponential, one after the other.
template <class Real, class Space>
double by_definition(const SoftmaxCrossEntropyCase<Real, Space>& example) {
  const auto u = ls::copy_to_host(example.interests.view()), v = ls::copy_to_host(example.items.view());
  const auto shift = ls::copy_to_host(example.bias.view());
  const auto targets = ls::copy_to_host(example.targets.view());
  const auto weights = ls::copy_to_host(example.weights.view());
  const auto features = static_cast<std::size_t>(example.items.extent(1)),
             count = static_cast<std::size_t>(example.items.extent(0));
  double total = 0;
  for (std::size_t b = 0; b < targets.size(); ++b) {
    double sum = 0, hit = 0;
    for (std::size_t i = 0; i < count; ++i) {
      double logit = shift.empty() ? 0 : static_cast<double>(shift[i]);
      for (std::size_t d = 0; d < features; ++d)
        logit += static_cast<double>(u[b * features + d]) * static_cast<double>(v[i * features + d]);
      sum += std::exp(logit);
      if (i == static_cast<std::size_t>(targets[b])) hit = logit;
    }
    total += (weights.empty() ? 1 : static_cast<double>(weights[b])) * (std::log(sum) - hit);
  }
  return example.mean && !targets.empty() ? total / static_cast<double>(targets.size()) : total;
}

}  // namespace

TEST_CASE("SoftmaxCrossEntropy: concept: is a plain value with a name, called with interests, items and targets") {
  using Space = Kokkos::Serial;
  static_assert(std::is_trivially_copyable_v<ls::SoftmaxCrossEntropy>);
  static_assert(std::is_invocable_r_v<ls::Value<float, 1, Space>, const ls::SoftmaxCrossEntropy, ls::Inference<Space>&,
                                      const ls::Matrix<float, Space>&, const ls::Matrix<float, Space>&,
                                      const ls::View<const ls::Id, 1, Space>&>);
  CHECK(std::string(ls::SoftmaxCrossEntropy::name) == "SoftmaxCrossEntropy");
  const SoftmaxCrossEntropyCase<float, Space> example(ls::Random(1), 2);
  ls::Inference<Space> context;
  CHECK(example(context).extent(0) == 1);
}

TEST_CASE_TEMPLATE("SoftmaxCrossEntropy: hand: two items with odds of one to three", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  SoftmaxCrossEntropyCase<Real, Space> example(ls::Random(1), 0);
  example.interests = ls::Parameter<Real, 2, Space>(1, 1);
  example.items = ls::Parameter<Real, 2, Space>(2, 1);
  example.bias = ls::Parameter<Real, 1, Space>(2);
  ls::copy_from_host<Real>({2}, example.interests.mutable_view());
  ls::copy_from_host<Real>({Real(1), Real(1 + std::log(3.0))}, example.items.mutable_view());
  ls::copy_from_host<Real>({Real(0), Real(-std::log(3.0))}, example.bias.mutable_view());  // logits 2 and 2 + log 3
  example.take({0}, {5});
  ls::Training<Space> context(example);
  const std::vector<Real> one{1};
  const auto outcome = check::run<Real>(context, example, &one);
  // Probabilities 1/4 and 3/4, weight 5: slopes -15/4 and 15/4.
  check::close(outcome.output, {5 * std::log(4.0)}, tolerance<Real>);
  check::close(outcome.gradients.at("items"), {-7.5, 7.5}, tolerance<Real>);
  check::close(outcome.gradients.at("bias"), {-3.75, 3.75}, tolerance<Real>);
  check::close(outcome.gradients.at("interests"), {3.75 * std::log(3.0)}, tolerance<Real>);
}

TEST_CASE_TEMPLATE("SoftmaxCrossEntropy: reference: equals its definition term by term", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (int shape = 0; shape < 24; ++shape) {
    CAPTURE(shape);
    const SoftmaxCrossEntropyCase<Real, Space> example(ls::Random(2).stream(static_cast<std::uint32_t>(shape)), shape);
    ls::Inference<Space> context;
    const auto loss = example(context);
    context.fence();
    check::close(ls::copy_to_host(loss.data), {by_definition(example)}, tolerance<Real>, 1);
  }
}

TEST_CASE_TEMPLATE("SoftmaxCrossEntropy: reference: a catalogue of more tiles than bodies, gradients written out",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  SoftmaxCrossEntropyCase<Real, Space> example(ls::Random(3), 1);
  example.interests = random_input<Real, 2, Space>(ls::Random(4), 3, 2);
  example.items = random_input<Real, 2, Space>(ls::Random(5), 9001, 2);
  example.bias = random_input<Real, 1, Space>(ls::Random(6), 9001);
  example.mean = false;
  example.take({9000, 0, 300}, {1, 2, 0});
  ls::Training<Space> context(example);
  const std::vector<Real> one{1};
  const auto outcome = check::run<Real>(context, example, &one);
  check::close(outcome.output, {by_definition(example)}, tolerance<Real>);
  const auto u = numbers_of(example.interests.view()), v = numbers_of(example.items.view()),
             shift = numbers_of(example.bias.view());
  const std::size_t targets[] = {9000, 0, 300};
  const double weights[] = {1, 2, 0};
  std::vector<double> du(6, 0), dv(v.size(), 0), dbias(shift.size(), 0);
  for (std::size_t b = 0; b < 3; ++b) {
    std::vector<double> p(shift.size());
    double sum = 0;
    for (std::size_t i = 0; i < p.size(); ++i)
      sum += p[i] = std::exp(u[2 * b] * v[2 * i] + u[2 * b + 1] * v[2 * i + 1] + shift[i]);
    for (std::size_t i = 0; i < p.size(); ++i) {
      const double slope = weights[b] * (p[i] / sum - (i == targets[b] ? 1 : 0));
      dbias[i] += slope;
      for (std::size_t d = 0; d < 2; ++d) {
        du[2 * b + d] += slope * v[2 * i + d];
        dv[2 * i + d] += slope * u[2 * b + d];
      }
    }
  }
  check::close(outcome.gradients.at("interests"), du, tolerance<Real>);
  check::close(outcome.gradients.at("items"), dv, tolerance<Real>);
  check::close(outcome.gradients.at("bias"), dbias, tolerance<Real>);
}

TEST_CASE_TEMPLATE("SoftmaxCrossEntropy: golden: loss and gradients equal PyTorch's", Where, LONGSHORE_EVERYWHERE) {
  check::golden<SoftmaxCrossEntropyCase, typename Where::Real, typename Where::Space>("losses/softmax_cross_entropy");
}

TEST_CASE_TEMPLATE("SoftmaxCrossEntropy: edges: P13: logits of 1e4 give finite losses and gradients, the exact ones",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  SoftmaxCrossEntropyCase<Real, Space> example(ls::Random(1), 0);
  example.interests = ls::Parameter<Real, 2, Space>(2, 1);
  example.items = ls::Parameter<Real, 2, Space>(200, 1);
  example.bias = {};
  std::vector<Real> places(200, Real(-100));
  places[150] = 100;
  ls::copy_from_host<Real>({100, -100}, example.interests.mutable_view());
  ls::copy_from_host(places, example.items.mutable_view());
  example.take({3, 150}, {});
  example.mean = false;
  ls::Training<Space> context(example);
  const std::vector<Real> one{1};
  const auto outcome = check::run<Real>(context, example, &one);
  // Row 1: 1e4 at item 150, -1e4 elsewhere: 2e4. Row 2: -1e4 there, 1e4 at 199 others: 2e4 + log 199.
  check::close(outcome.output, {4e4 + std::log(199.0)}, tolerance<Real>);
  const auto& du = outcome.gradients.at("interests");
  CHECK(static_cast<double>(du[0]) == doctest::Approx(200));   // 100 - (-100)
  CHECK(static_cast<double>(du[1]) == doctest::Approx(-200));  // -100 - 100
  for (const Real number : outcome.gradients.at("items")) REQUIRE(std::isfinite(static_cast<double>(number)));
}

TEST_CASE_TEMPLATE("SoftmaxCrossEntropy: edges: one item is certain: no loss and no gradient", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const SoftmaxCrossEntropyCase<Real, Space> example(ls::Random(1), 0);
  REQUIRE(example.items.extent(0) == 1);
  ls::Training<Space> context(example);
  const auto outcome = check::run<Real>(context, example);
  CHECK(std::abs(static_cast<double>(outcome.output[0])) < 1e-6);
  for (const auto& entry : outcome.gradients)
    for (const Real number : entry.second) CHECK(std::abs(static_cast<double>(number)) < 1e-6);
}

TEST_CASE_TEMPLATE(
    "SoftmaxCrossEntropy: edges: without rows the loss is zero and gradients of an earlier step are gone", Where,
    LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  SoftmaxCrossEntropyCase<Real, Space> example(ls::Random(1), 2);
  REQUIRE(!example.bias.empty());
  ls::Training<Space> context(example);
  check::run<Real>(context, example);
  ls::Tensor<Real, 2, Space> nobody(0, example.items.extent(1));
  context.reset();
  const auto loss = example.loss()(context, ls::Matrix<Real, Space>(nobody.view()), ls::use(context, example.items),
                                   ls::View<const ls::Id, 1, Space>(), ls::View<const float, 1, Space>(),
                                   ls::use(context, example.bias));
  context.backward(loss);
  context.fence();
  CHECK(ls::copy_to_host(loss.data) == std::vector<Real>{0});
  REQUIRE(context.gradient_of(example.items).dense.data() != nullptr);
  for (const Real number : ls::copy_to_host(context.gradient_of(example.items).dense)) REQUIRE(number == 0);
  for (const Real number : ls::copy_to_host(context.gradient_of(example.bias).dense)) REQUIRE(number == 0);
}

TEST_CASE_TEMPLATE("SoftmaxCrossEntropy: edges: P12: not-a-number in an interest or an item reaches the loss", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const bool in_items : {false, true}) {
    SoftmaxCrossEntropyCase<Real, Space> example(ls::Random(1), 2);
    auto& parameter = in_items ? example.items : example.interests;
    auto numbers = ls::copy_to_host(parameter.view());
    numbers[numbers.size() / 2] = std::numeric_limits<Real>::quiet_NaN();
    ls::copy_from_host(numbers, parameter.mutable_view());
    ls::Inference<Space> context;
    const auto loss = example(context);
    context.fence();
    CHECK(std::isnan(ls::copy_to_host(loss.data)[0]));
  }
}

TEST_CASE("SoftmaxCrossEntropy: edges: memory does not grow with the product of rows and items") {
  using Space = Kokkos::Serial;
  SoftmaxCrossEntropyCase<float, Space> example(ls::Random(1), 1);
  example.interests = random_input<float, 2, Space>(ls::Random(2), 64, 4);
  example.items = random_input<float, 2, Space>(ls::Random(3), 50000, 4);
  example.take(std::vector<ls::Id>(64, 49999), {});
  ls::Training<Space> context(example);
  const auto outcome = check::run<float>(context, example);
  CHECK(std::isfinite(outcome.output[0]));
  CHECK(context.high_water() < 4u << 20);  // the logits would be 12.8 MB
}

TEST_CASE("SoftmaxCrossEntropy: edges: after the first steps a training step allocates nothing") {
  using Space = Kokkos::Serial;
  const SoftmaxCrossEntropyCase<float, Space> example(ls::Random(6), 2);
  ls::Training<Space, ls::Inline> context(example);
  const auto step = [&] {
    context.reset();
    context.backward(example(context));
  };
  step();
  step();
  const auto before = count_allocations();
  for (int i = 0; i < 3; ++i) step();
  CHECK(count_allocations() == before);
}

TEST_CASE("SoftmaxCrossEntropy: edges: frozen items get no gradient and the interests the same bits") {
  using Space = Kokkos::Serial;
  SoftmaxCrossEntropyCase<double, Space> example(ls::Random(1), 2);
  ls::Training<Space> all(example);
  const auto expected = check::run<double>(all, example);
  example.items.frozen = example.bias.frozen = true;
  ls::Training<Space> some(example);
  const auto outcome = check::run<double>(some, example);
  CHECK(outcome.gradients.size() == 1);
  CHECK(outcome.gradients.at("interests") == expected.gradients.at("interests"));
}

TEST_CASE("SoftmaxCrossEntropy: gradients: P1: equal central differences") {
  check::gradients<SoftmaxCrossEntropyCase>();
}

TEST_CASE("SoftmaxCrossEntropy: gradients: tied weights get both shares") {
  check::gradients<TiedCase>(4);
  check::gradients<SameValueCase>(2);
}

TEST_CASE_TEMPLATE("SoftmaxCrossEntropy: hand: of a model, candidate 0 is the target and the unknown row is no item",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto value = [](auto example, bool unknown_row, const std::vector<ls::Id>& users,
                        const std::vector<ls::Id>& candidates, const std::vector<float>& weights) {
    example.model.items = ls::EmbeddingTable<Real, Space>({.rows = 2, .features = 1, .unknown_row = true});
    ls::copy_from_host(std::vector<Real>{1, 0, 2}, example.model.items.weights.mutable_view());
    example.loss.unknown_row = unknown_row;
    example.take(users, candidates, weights);
    ls::Training<Space> context(example);
    const auto loss = example(context);
    context.backward(loss);
    context.fence();
    const auto table = ls::copy_to_host(context.gradient_of(example.model.items.weights).dense);  // of the products
    return std::pair(static_cast<double>(ls::copy_to_host(loss.data)[0]), static_cast<double>(table[2]));
  };
  const double e = std::exp(1.0), of_two = std::log(e + 1), of_three = std::log(e + 1 + e * e);
  const auto both = [&](auto... arguments) {
    const auto logits = value(LogitsCase<Real, Space>(), arguments...);
    const auto factors = value(FactorsCase<Real, Space>(), arguments...);
    CHECK(logits.first == doctest::Approx(factors.first).epsilon(1e-5));
    CHECK(logits.second == doctest::Approx(factors.second).epsilon(1e-5));
    return logits;
  };
  using Ids = std::vector<ls::Id>;
  using Weights = std::vector<float>;
  const auto near = [](double x) { return doctest::Approx(x).epsilon(1e-5); };
  const auto is = [&](const std::pair<double, double>& got, double loss, double of_unknown_row) {
    CHECK(got.first == near(loss));
    CHECK(got.second == near(of_unknown_row));
  };
  is(both(false, Ids{0}, Ids{0}, Weights{}), of_two - 1, 0);
  is(both(false, Ids{0}, Ids{1}, Weights{}), of_two, 0);
  is(both(true, Ids{0}, Ids{0}, Weights{}), of_three - 1, e * e / (e + 1 + e * e));
  is(both(true, Ids{0}, Ids{2}, Weights{}), of_three - 2, e * e / (e + 1 + e * e) - 1);
  // An unknown target weighs nothing; of the candidates and the weights column 0 counts.
  CHECK(both(false, Ids{0, 0}, Ids{1, 0, 2, 0}, Weights{}).first == near(of_two / 2));
  CHECK(both(false, Ids{0, 0}, Ids{1, 0, 0, 1}, Weights{3, 100, 5, 100}).first ==
        near((3 * of_two + 5 * (of_two - 1)) / 2));
}

TEST_CASE("SoftmaxCrossEntropy: gradients: of a model, by its factors and by its logits: P1, and P4") {
  check::gradients<FactorsCase>(4);
  check::gradients<LogitsCase>(4);
  check::same_bits<FactorsCase>(4);
  check::same_bits<LogitsCase>(4);
  check::inference_equals_training<LogitsCase>(4);
}

TEST_CASE("SoftmaxCrossEntropy: refused: a model that sees the candidates, batches without targets, wrong weights") {
  using Space = Kokkos::Serial;
  ls::Inference<Space> context;
  FactorsCase<float, Space> example(ls::Random(1), 1);
  const auto none = example.batch->candidates;
  example.batch->weights.extents[1] = 1;
  CHECK_THROWS_WITH_AS(example(context), "SoftmaxCrossEntropy: weights are 7 x 1, the candidates 7 x 2",
                       ls::ShapeError);
  example.batch->weights = {};
  example.batch->candidates.extents[1] = 0;
  CHECK_THROWS_WITH_AS(example(context), "SoftmaxCrossEntropy: candidate 0 is the target, the batch has no candidates",
                       ls::ShapeError);
  example.batch->candidates = none;
  example.batch->candidates.extents[0] = 6;
  CHECK_THROWS_WITH_AS(example(context), "SoftmaxCrossEntropy: 7 queries for 6 examples", ls::ShapeError);
  LogitsCase<float, Space> logits(ls::Random(1), 0);
  logits.batch->candidates.extents[0] = 6;
  CHECK_THROWS_WITH_AS(logits(context), "SoftmaxCrossEntropy: the catalogue is 7 x 6 for 6 examples", ls::ShapeError);
  example.batch->candidates = none;
  example.take({0, 1}, {2, 3, 100, 4}, {});
  CHECK_THROWS_WITH_AS(example(context),
                       "SoftmaxCrossEntropy: candidates: id 100 at position 2 is outside the table of 6 rows",
                       ls::DataError);
  logits.take({0, 1}, {2, 3, -1, 4}, {});
  CHECK_THROWS_WITH_AS(logits(context),
                       "SoftmaxCrossEntropy: candidates: id -1 at position 2 is outside the table of 6 rows",
                       ls::DataError);
  example.model.sees = true;
  CHECK_THROWS_WITH_AS(example(context),
                       "SoftmaxCrossEntropy: a part of the model sees the candidates, so that a catalogue cannot be "
                       "scored at once; SampledSoftmax is for such models",
                       ls::ShapeError);
}

TEST_CASE("SoftmaxCrossEntropy: threads: P4: the same bits everywhere") {
  check::same_bits<SoftmaxCrossEntropyCase>(12);
  check::same_bits<TiedCase>(4);
  check::inference_equals_training<SoftmaxCrossEntropyCase>(6);
}

TEST_CASE("SoftmaxCrossEntropy: refused: extents that do not fit, and a catalogue without items") {
  using Space = Kokkos::Serial;
  ls::Inference<Space> context;
  std::vector<float> numbers(12);
  std::vector<ls::Id> ids(4);
  const auto matrix = [&](int rows, int columns) {
    return ls::Matrix<float, Space>(ls::View<float, 2, Space>(numbers.data(), rows, columns));
  };
  const auto targets = [&](int count) { return ls::View<const ls::Id, 1, Space>(ids.data(), count); };
  const auto weights = [&](int count) { return ls::View<const float, 1, Space>(numbers.data(), count); };
  const auto bias = [&](int count) {
    return ls::Value<float, 1, Space>(ls::View<float, 1, Space>(numbers.data(), count));
  };
  const ls::SoftmaxCrossEntropy loss;
  CHECK_THROWS_WITH_AS(loss(context, matrix(2, 3), matrix(4, 2), targets(2)),
                       "SoftmaxCrossEntropy: interests have 3 features, the items 2", ls::ShapeError);
  CHECK_THROWS_WITH_AS(loss(context, matrix(2, 3), matrix(0, 3), targets(2)), "SoftmaxCrossEntropy: there are no items",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(loss(context, matrix(2, 3), matrix(4, 3), targets(3)),
                       "SoftmaxCrossEntropy: 3 targets for 2 interests", ls::ShapeError);
  CHECK_THROWS_WITH_AS(loss(context, matrix(2, 3), matrix(4, 3), targets(2), weights(4)),
                       "SoftmaxCrossEntropy: 4 weights for 2 interests", ls::ShapeError);
  CHECK_THROWS_WITH_AS(loss(context, matrix(2, 3), matrix(4, 3), targets(2), weights(2), bias(3)),
                       "SoftmaxCrossEntropy: 3 biases for 4 items", ls::ShapeError);
  ids[1] = 4;
  CHECK_THROWS_WITH_AS(loss(context, matrix(2, 3), matrix(4, 3), targets(2)),
                       "SoftmaxCrossEntropy: targets: id 4 at position 1 is outside the table of 4 rows",
                       ls::DataError);
}

// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <longshore/core/concepts.hpp>
#include <longshore/scorers/biased_factor_scorer.hpp>
#include <longshore/scorers/factorization_machine.hpp>
#include <string>
#include <vector>

#include "../support/check_block.hpp"
#include "../support/learns.hpp"
#include "../support/part_arrays.hpp"

namespace ls = longshore;

namespace {

/// Features and ids of users and candidates, some of them left out, and a block.
template <class Real, class Space>
struct MachineInputs {
  ls::Parameter<Real, 3, Space> interest, candidates;  // (B, 1 or C, H) and (B, C, D), or empty
  ls::Tensor<ls::Id, 1, Space> users;                  // (B)
  ls::Tensor<ls::Id, 2, Space> items;                  // (B, C)
  ls::FactorizationMachine<Real, Space> block;

  MachineInputs(const ls::Random& random, int shape) {
    // H, D, users and items of the tables, K, users and candidates of the batch, whether each has its own interest.
    const int sizes[][8] = {{0, 0, 1, 1, 1, 1, 1, 0},  {3, 4, 0, 0, 2, 3, 4, 0}, {5, 2, 4, 9, 5, 3, 4, 1},
                            {17, 0, 0, 5, 7, 7, 2, 0}, {0, 6, 5, 0, 8, 4, 2, 0}, {2, 3, 5, 6, 3, 0, 2, 0},
                            {2, 3, 5, 6, 4, 2, 0, 1},  {4, 3, 2, 3, 9, 6, 1, 0}};
    auto s = extents_of(sizes, random, shape, 9, 5);
    if (shape >= 8) s[7] = shape % 2;
    const auto draw = [&](const char* stream, int count, int below) {
      std::vector<ls::Id> ids(static_cast<std::size_t>(count));
      for (std::size_t i = 0; i < ids.size() && below > 0; ++i)
        ids[i] = static_cast<ls::Id>(random.stream(stream).below(i, static_cast<std::uint64_t>(below)));
      return ids;
    };
    if (s[0] > 0) interest = random_input<Real, 3, Space>(random.stream("u"), s[5], s[7] != 0 ? s[6] : 1, s[0]);
    if (s[1] > 0) candidates = random_input<Real, 3, Space>(random.stream("v"), s[5], s[6], s[1]);
    users = tensor_of<ls::Id, 1, Space>(draw("users", s[5], s[2]), s[5]);
    items = tensor_of<ls::Id, 2, Space>(draw("items", s[5] * s[6], s[3]), s[5], s[6]);
    block = ls::FactorizationMachine<Real, Space>(
        {.interest = s[0],
         .candidate = s[1],
         .users = s[2],
         .items = s[3],
         .factors = s[4],
         .mean = 3.5,
         .learned_mean = shape % 2 == 0,
         .gradient = shape % 3 == 0 ? ls::GradientKind::dense : ls::GradientKind::row_sparse,
         .initial = ls::normal(0.7)},
        random);
    const auto start = [&](auto& parameter, const char* stream) {
      ls::initialise(parameter, ls::normal(1), random.stream(stream));
    };
    start(block.interest_weights, "w_u");
    start(block.candidate_weights, "w_v");
    if (s[2] > 0) start(block.user_bias.weights, "b_u");
    if (s[3] > 0) start(block.item_bias.weights, "b_i");
  }
  MachineInputs(const Golden& golden, const std::string& name) {
    const auto extent = [&](const std::string& tensor, std::size_t r) {
      return golden.has(name + "/" + tensor) ? golden.shape(name + "/" + tensor)[r] : 0;
    };
    const auto cube = [&](const std::string& tensor) {
      return golden.has(name + "/" + tensor)
                 ? ls::Parameter<Real, 3, Space>(extent(tensor, 0), extent(tensor, 1), extent(tensor, 2))
                 : ls::Parameter<Real, 3, Space>();
    };
    interest = cube("interest");
    candidates = cube("candidates");
    block = ls::FactorizationMachine<Real, Space>({.interest = extent("interest", 2),
                                                   .candidate = extent("candidates", 2),
                                                   .users = extent("block.user_factors.weights", 0),
                                                   .items = extent("block.item_factors.weights", 0),
                                                   .factors = static_cast<int>(golden.integer(name + "/factors"))});
    const auto ids = [&](const char* tensor) {
      const auto given = golden.integers(name + "/" + tensor);
      return std::vector<ls::Id>(given.begin(), given.end());
    };
    users = tensor_of<ls::Id, 1, Space>(ids("users"), extent("users", 0));
    items = tensor_of<ls::Id, 2, Space>(ids("items"), extent("items", 0), extent("items", 1));
  }
  ls::View<const ls::Id, 1, Space> user_ids() const { return users.view(); }
  ls::View<const ls::Id, 2, Space> item_ids() const { return items.view(); }
  void visit(auto&& visitor) {
    visitor("interest", interest);
    visitor("candidates", candidates);
    visitor("block", block);
  }
};

template <class Real, class Space>
struct MachineCase : MachineInputs<Real, Space> {
  using MachineInputs<Real, Space>::MachineInputs;
  auto operator()(auto& context) const {
    const auto u = this->block.settings.interest > 0 ? ls::use(context, this->interest) : ls::Cube<Real, Space>();
    const auto v = this->block.settings.candidate > 0 ? ls::use(context, this->candidates) : ls::Cube<Real, Space>();
    return this->block(context, u, v, this->user_ids(), this->item_ids());
  }
};

/// A catalogue whose vectors are the block's own, one more table of the case.
template <class Real, class Space>
struct MachineCatalogue {
  MachineInputs<Real, Space> inputs;
  ls::Parameter<Real, 2, Space> all;  // (I, D), or empty

  MachineCatalogue(const ls::Random& random, int shape) : inputs(random, shape == 2 || shape == 6 ? 7 : shape) {
    const auto& settings = inputs.block.settings;
    const ls::Index count = settings.items > 0 ? settings.items : 11;
    if (settings.candidate > 0) all = random_input<Real, 2, Space>(random.stream("all"), count, settings.candidate);
    if (inputs.interest.extent(1) > 1)
      inputs.interest =
          random_input<Real, 3, Space>(random.stream("u"), inputs.interest.extent(0), 1, settings.interest);
  }
  auto operator()(auto& context) const {
    const auto& settings = inputs.block.settings;
    const auto u = settings.interest > 0 ? ls::use(context, inputs.interest) : ls::Cube<Real, Space>();
    const auto v = settings.candidate > 0 ? ls::use(context, all) : ls::Matrix<Real, Space>();
    return inputs.block.catalogue(context, u, v, inputs.user_ids());
  }
  void visit(auto&& visitor) {
    inputs.visit(visitor);
    visitor("all", all);
  }
};

/// One feature: its value, weight and factors.
struct Feature {
  double value, weight;
  std::vector<double> factors;
};

/// Equation 1: each feature alone, and each pair, in double.
double expected_score(double mean, const std::vector<Feature>& features) {
  double sum = mean;
  for (std::size_t i = 0; i < features.size(); ++i) {
    sum += features[i].weight * features[i].value;
    for (std::size_t j = i + 1; j < features.size(); ++j)
      for (std::size_t k = 0; k < features[i].factors.size(); ++k)
        sum += features[i].factors[k] * features[j].factors[k] * features[i].value * features[j].value;
  }
  return sum;
}

/// The features of one side: numbers `x` from `first` on, and an id.
template <class Real, class Space>
void add_side(std::vector<Feature>& features, const ls::FactorizationMachine<Real, Space>& block, bool user,
              const std::vector<Real>& x, std::size_t first, ls::Id id) {
  const auto count = static_cast<std::size_t>(block.settings.factors);
  const auto weights = ls::copy_to_host((user ? block.interest_weights : block.candidate_weights).view());
  const auto factors = ls::copy_to_host((user ? block.interest_factors : block.candidate_factors).view());
  for (std::size_t h = 0; h < weights.size(); ++h) {
    Feature feature{static_cast<double>(x[first + h]), static_cast<double>(weights[h]), {}};
    for (std::size_t k = 0; k < count; ++k)
      feature.factors.push_back(static_cast<double>(factors[k * weights.size() + h]));
    features.push_back(feature);
  }
  if ((user ? block.settings.users : block.settings.items) == 0) return;
  const auto row = static_cast<std::size_t>(id);
  const auto bias = ls::copy_to_host((user ? block.user_bias : block.item_bias).weights.view());
  const auto own = ls::copy_to_host((user ? block.user_factors : block.item_factors).weights.view());
  Feature feature{1, static_cast<double>(bias[row]), {}};
  for (std::size_t k = 0; k < count; ++k) feature.factors.push_back(static_cast<double>(own[row * count + k]));
  features.push_back(feature);
}

}  // namespace

TEST_CASE_TEMPLATE("FactorizationMachine: hand: all pairs of two features and two ids", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  ls::FactorizationMachine<Real, Space> score(
      {.interest = 1, .candidate = 1, .users = 1, .items = 2, .factors = 1, .mean = 100});
  ls::copy_from_host<Real>({2}, score.interest_weights.mutable_view());
  ls::copy_from_host<Real>({3}, score.interest_factors.mutable_view());
  ls::copy_from_host<Real>({-1}, score.candidate_weights.mutable_view());
  ls::copy_from_host<Real>({2}, score.candidate_factors.mutable_view());
  ls::copy_from_host<Real>({10}, score.user_bias.weights.mutable_view());
  ls::copy_from_host<Real>({5}, score.user_factors.weights.mutable_view());
  ls::copy_from_host<Real>({20, 30}, score.item_bias.weights.mutable_view());
  ls::copy_from_host<Real>({7, 1}, score.item_factors.weights.mutable_view());
  auto u = tensor_of<Real, 3, Space>({4}, 1, 1, 1), v = tensor_of<Real, 3, Space>({6, 8}, 1, 2, 1);
  auto all = tensor_of<Real, 2, Space>({8, 6}, 2, 1);
  const auto users = tensor_of<ls::Id, 1, Space>({0}, 1);
  const auto items = tensor_of<ls::Id, 2, Space>({1, 0}, 1, 2);
  ls::Inference<Space> context;
  // Item 1 with 6: values times factors are 12, 5, 12 and 1, whose pairs sum to (30^2 - 144 - 25 - 144 - 1) / 2 = 293,
  // alone 100 + 8 + 10 - 6 + 30 = 142. Item 0 with 8: 12, 5, 16, 7: (40^2 - 474) / 2 = 563, alone 130.
  using Cube = ls::Cube<Real, Space>;
  const auto two = score(context, Cube(u.view()), Cube(v.view()), users.view(), items.view());
  const auto scores = score.catalogue(context, Cube(u.view()), ls::Matrix<Real, Space>(all.view()), users.view());
  context.fence();
  CHECK(ls::copy_to_host(two.data) == std::vector<Real>{435, 693});
  CHECK(ls::copy_to_host(scores.data) == std::vector<Real>{693, 435});
}

TEST_CASE_TEMPLATE("FactorizationMachine: reference: equals a sum over all pairs, and the catalogue too", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (int shape = 0; shape < 12; ++shape) {
    CAPTURE(shape);
    const MachineCase<Real, Space> example(ls::Random(4), shape);
    const auto& block = example.block;
    const auto users = ls::copy_to_host(example.user_ids()), items = ls::copy_to_host(example.item_ids());
    const auto u = ls::copy_to_host(example.interest.view()), v = ls::copy_to_host(example.candidates.view());
    const double mean = static_cast<double>(ls::copy_to_host(block.mean.view())[0]);
    const auto count = static_cast<std::size_t>(example.items.extent(1));
    const auto own = static_cast<std::size_t>(example.interest.extent(1));
    const auto wide = [](ls::Index size) { return static_cast<std::size_t>(size); };
    std::vector<double> expected;
    for (std::size_t b = 0; b < users.size(); ++b)
      for (std::size_t c = 0; c < count; ++c) {
        std::vector<Feature> features;
        add_side(features, block, true, u, (b * own + (own > 1 ? c : 0)) * wide(block.settings.interest), users[b]);
        add_side(features, block, false, v, (b * count + c) * wide(block.settings.candidate), items[b * count + c]);
        expected.push_back(expected_score(mean, features));
      }
    ls::Inference<Space> context;
    check::close(ls::copy_to_host(example(context).data), expected, tolerance<Real>);

    const MachineCatalogue<Real, Space> catalogue(ls::Random(4), shape);
    const auto& machine = catalogue.inputs.block;
    const auto of_users = ls::copy_to_host(catalogue.inputs.user_ids());
    const auto interest = ls::copy_to_host(catalogue.inputs.interest.view()),
               all = ls::copy_to_host(catalogue.all.view());
    const ls::Index rows = machine.settings.items > 0 ? machine.settings.items : 11;
    std::vector<double> expected_all;
    for (std::size_t b = 0; b < of_users.size(); ++b)
      for (ls::Index i = 0; i < rows; ++i) {
        std::vector<Feature> features;
        add_side(features, machine, true, interest, b * wide(machine.settings.interest), of_users[b]);
        add_side(features, machine, false, all, wide(i) * wide(machine.settings.candidate), i);
        expected_all.push_back(expected_score(mean, features));
      }
    check::close(ls::copy_to_host(catalogue(context).data), expected_all, tolerance<Real>);
  }
}

TEST_CASE_TEMPLATE("FactorizationMachine: golden: output and gradients equal PyTorch's", Where, LONGSHORE_EVERYWHERE) {
  check::golden<MachineCase, typename Where::Real, typename Where::Space>("scorers/factorization_machine");
}

TEST_CASE("FactorizationMachine: gradients: P1: equal central differences, for candidates and for the catalogue") {
  check::gradients<MachineCase>();
  check::gradients<MachineCatalogue>();
}

TEST_CASE("FactorizationMachine: threads: the same bits everywhere") {
  check::same_bits<MachineCase>(8);
  check::inference_equals_training<MachineCase>(8);
  check::same_bits<MachineCatalogue>(8);
}

TEST_CASE_TEMPLATE("FactorizationMachine: edges: with ids alone it scores as biased factors do", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  ls::FactorizationMachine<Real, Space> machine({.users = 4, .items = 9, .factors = 5, .mean = 3}, ls::Random(1));
  ls::BiasedFactorScorer<Real, Space> biased({.users = 4, .items = 9, .features = 5, .mean = 3});
  ls::initialise(machine.item_bias.weights, ls::normal(1), ls::Random(2));
  ls::initialise(machine.user_bias.weights, ls::normal(1), ls::Random(3));
  biased.user_bias = machine.user_bias;
  biased.item_bias = machine.item_bias;
  biased.user_factors = machine.user_factors;
  biased.item_factors = machine.item_factors;
  const auto users = tensor_of<ls::Id, 1, Space>({3, 0}, 2);
  const auto items = tensor_of<ls::Id, 2, Space>({8, 1, 0, 4}, 2, 2);
  ls::Inference<Space> context;
  const auto numbers = [](const auto& scores) {
    const auto host = ls::copy_to_host(scores.data);
    return std::vector<double>(host.begin(), host.end());
  };
  const auto scores = machine(context, users.view(), items.view());
  check::close(ls::copy_to_host(scores.data), numbers(biased(context, users.view(), items.view())), tolerance<Real>);
  const auto all = machine.catalogue(context, users.view());
  check::close(ls::copy_to_host(all.data), numbers(biased.catalogue(context, users.view())), tolerance<Real>);
}

TEST_CASE("FactorizationMachine: edges: features of 1e4 stay finite, and the mean is learned only if it is to be") {
  using Space = Kokkos::Serial;
  MachineCase<float, Space> example(ls::Random(4), 1), learned(ls::Random(4), 2);
  ls::initialise(example.interest, ls::normal(1e4), ls::Random(1));
  ls::Training<Space> context(example), other(learned);
  const auto outcome = check::run<float>(context, example);
  for (const float y : outcome.output) CHECK(std::isfinite(y));
  CHECK(outcome.gradients.count("block.mean") == 0);
  CHECK(check::run<float>(other, learned).gradients.at("block.mean")[0] != 0.0f);
}

TEST_CASE("FactorizationMachine: edges: Adam teaches it the scores of another one") { check::learns<MachineCase>(2); }

TEST_CASE("FactorizationMachine: refused: a side with nothing, no factors, vectors and ids that do not fit") {
  using Space = Kokkos::Serial;
  using Block = ls::FactorizationMachine<float, Space>;
  CHECK_THROWS_WITH_AS(Block({.interest = 1}),
                       "FactorizationMachine: candidate and items are at least 0 and one of them is not 0, they are 0 "
                       "and 0",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.interest = 3, .users = -1}),
                       "FactorizationMachine: interest and users are at least 0 and one of them is not 0, they are 3 "
                       "and -1",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.interest = 1, .candidate = 1, .factors = 0}),
                       "FactorizationMachine: factors is at least 1, it is 0", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.factors = std::numeric_limits<ls::Index>::max()}),
                       "FactorizationMachine: factors + 2 is at least 0 and below 2^31, it is 2147483649",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.interest = 1, .candidate = 1, .mean = std::numeric_limits<double>::infinity()}),
                       "FactorizationMachine: mean is a finite number, it is inf", ls::ShapeError);
  ls::Inference<Space> context;
  const Block block({.interest = 4, .candidate = 4, .users = 3, .items = 5});
  ls::Tensor<float, 3, Space> vectors(2, 1, 4), narrow(2, 1, 2), two(2, 2, 4), fewer(1, 1, 4);
  ls::Tensor<float, 2, Space> some(3, 4), all(5, 4);
  using Cube = ls::Cube<float, Space>;
  using Matrix = ls::Matrix<float, Space>;
  const Cube x(vectors.view()), other(narrow.view()), each(two.view());
  const auto ids = tensor_of<ls::Id, 1, Space>({0, 1}, 2), one = tensor_of<ls::Id, 1, Space>({0}, 1);
  const auto no_user = tensor_of<ls::Id, 1, Space>({0, 3}, 2);
  const auto items = tensor_of<ls::Id, 2, Space>({0, 1}, 2, 1), more = tensor_of<ls::Id, 2, Space>({0, 1, 2, 5}, 2, 2);
  const char* none = "FactorizationMachine: the interest has 0 features, 4 are expected";
  CHECK_THROWS_WITH_AS(block(context, ids.view(), items.view()), none, ls::ShapeError);
  CHECK_THROWS_WITH_AS(block.catalogue(context, ids.view()), none, ls::ShapeError);
  CHECK_THROWS_WITH_AS(block(context, x, other, ids.view(), items.view()),
                       "FactorizationMachine: the candidates have 2 features, 4 are expected", ls::ShapeError);
  CHECK_THROWS_WITH_AS(block(context, x, x, one.view(), items.view()),
                       "FactorizationMachine: 1 user ids came for 2 interests", ls::ShapeError);
  CHECK_THROWS_WITH_AS(block(context, x, x, ids.view(), more.view()),
                       "FactorizationMachine: 2 times 2 item ids came for 2 times 1 candidates", ls::ShapeError);
  CHECK_THROWS_WITH_AS(block(context, each, x, ids.view(), items.view()),
                       "FactorizationMachine: 2 users with 2 vectors each came for 2 times 1 candidates",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(block(context, Cube(fewer.view()), x, one.view(), items.view()),
                       "FactorizationMachine: 1 users with 1 vectors each came for 2 times 1 candidates",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(block.catalogue(context, x, Matrix(some.view()), ids.view()),
                       "FactorizationMachine: there are vectors of 3 items, 5 have factors of their own",
                       ls::ShapeError);
  CHECK_THROWS_AS(block.catalogue(context, each, Matrix(all.view()), ids.view()), ls::ShapeError);
  ls::Tensor<float, 2, Space> narrow_items(5, 2);
  CHECK_THROWS_WITH_AS(block.catalogue(context, x, Matrix(narrow_items.view()), ids.view()),
                       "FactorizationMachine: the items have 2 features, 4 are expected", ls::ShapeError);
  CHECK_THROWS_WITH_AS(block(context, x, x, no_user.view(), items.view()),
                       "EmbeddingTable: id 3 at position 1 is outside the table of 3 rows", ls::DataError);
  CHECK_NOTHROW(block.check(ids.view(), items.view()));
  CHECK_THROWS_WITH_AS(block.check(no_user.view(), items.view()),
                       "FactorizationMachine: users: id 3 at position 1 is outside the table of 3 rows", ls::DataError);
  CHECK_THROWS_WITH_AS(block.check(ids.view(), more.view()),
                       "FactorizationMachine: items: id 5 at position 3 is outside the table of 5 rows", ls::DataError);
}

TEST_CASE("FactorizationMachine: concept: models ScorerByIds, and scores a catalogue by one product") {
  using Space = Kokkos::Serial;
  static_assert(ls::ScorerByIds<ls::FactorizationMachine<float, Space>, float, Space>);
  static_assert(ls::ProductScorer<ls::FactorizationMachine<float, Space>>);
  CHECK(ls::FactorizationMachine<float, Space>::block_name == "FactorizationMachine");
}

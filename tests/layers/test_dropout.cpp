// SPDX-License-Identifier: Apache-2.0
#include <longshore/layers/dropout.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <limits>
#include <longshore/core/concepts.hpp>
#include <vector>

#include "../support/check_block.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
struct DropoutCase {
  ls::Parameter<Real, 2, Space> x;  // (B, D)
  ls::Dropout<Real, Space> block;

  DropoutCase(const ls::Random& random, int shape) {
    // Below, at and around one run of 64 elements, nothing, and more than one chunk of a kernel.
    constexpr int sizes[][2] = {{1, 1}, {3, 21}, {8, 8}, {0, 4}, {13, 5}, {67, 65}};
    const double rates[] = {0.5, 0.1, 0, 0.9, 0.3};
    const auto [rows, features] = extents_of(sizes, random, shape, 20);
    x = random_input<Real, 2, Space>(random.stream("x"), rows, features);
    block = ls::Dropout<Real, Space>({.rate = rates[shape % 5]});
  }
  DropoutCase(const Golden& golden, const std::string& name)
      : x(golden.shape(name + "/x")[0], golden.shape(name + "/x")[1]),
        block({.rate = static_cast<double>(golden.integer(name + "/percent")) / 100}) {}

  auto operator()(auto& context) const { return block(context, ls::use(context, x)); }
  void visit(auto&& visitor) {
    visitor("x", x);
    visitor("block", block);
  }
};

/// A model without parameters: contexts only need something to visit.
template <class Space>
struct Nothing {
  void visit(auto&&) {}
};

/// One dropout after the other, of one value.
struct Twice {
  ls::Parameter<double, 2, Kokkos::Serial> x = random_input<double, 2, Kokkos::Serial>(ls::Random(1), 9, 9);
  ls::Dropout<double, Kokkos::Serial> half{{.rate = 0.5}};
  auto operator()(auto& context) const { return half(context, half(context, ls::use(context, x))); }
  void visit(auto&& visitor) { visitor("x", x); }
};

template <class Real, class Space>
std::vector<Real> drop_ones(ls::Training<Space>& context, double rate, int rows, int features) {
  ls::Tensor<Real, 2, Space> x(rows, features);
  ls::copy_from_host(std::vector<Real>(x.size(), 1), x.view());
  const auto y = ls::Dropout<Real, Space>({.rate = rate})(context, x.view());
  context.fence();
  return ls::copy_to_host(y.data);
}

}  // namespace

TEST_CASE("Dropout: concept: models Layer, with steps, rows and candidates") {
  using Space = Kokkos::Serial;
  static_assert(ls::Layer<ls::Dropout<float, Space>, float, Space>);
  const ls::Dropout<float, Space> drop({.rate = 0.5});
  ls::Training<Space> context(drop);
  ls::Tensor<float, 3, Space> candidates(4, 5, 2);
  const auto y = drop(context, ls::Cube<float, Space>(candidates.view()));
  CHECK(y.extent(0) == 4);
  CHECK(y.extent(1) == 5);
  CHECK(y.extent(2) == 2);
  const std::vector<ls::Index> rows{0, 20};
  const auto z = drop(context, ls::Sequences<float, Space>{reshape(y, 20, 2), {{rows.data(), 2}, 20}});
  CHECK(z.steps.extent(0) == 20);
  CHECK(z.offsets.longest == 20);
}

TEST_CASE_TEMPLATE("Dropout: hand: at rate 1/2 an element becomes zero or twice itself, and so does its gradient",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  DropoutCase<Real, Space> example(ls::Random(3), 0);
  example.x = random_input<Real, 2, Space>(ls::Random(3), 20, 10);
  ls::Training<Space> context(example, ls::Random(11));
  const std::vector<Real> ones(200, 1);
  const auto outcome = check::run<Real>(context, example, &ones);
  const auto x = ls::copy_to_host(example.x.view());
  int dropped = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const bool gone = outcome.output[i] == 0;
    dropped += gone;
    if (!gone) CHECK(outcome.output[i] == 2 * x[i]);
    CHECK(outcome.gradients.at("x")[i] == (gone ? 0 : 2));
  }
  CHECK(dropped > 60);
  CHECK(dropped < 140);
}

TEST_CASE_TEMPLATE("Dropout: hand: inference and rate 0 give back the very same array", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  ls::Tensor<Real, 2, Space> x(3, 4);
  ls::Inference<Space> inference;
  CHECK(ls::Dropout<Real, Space>({.rate = 0.9})(inference, x.view()).data.data() == x.data());
  CHECK(inference.high_water() == 0);
  const ls::Dropout<Real, Space> none({.rate = 0});
  ls::Training<Space> training(none);
  CHECK(none(training, x.view()).data.data() == x.data());
}

TEST_CASE_TEMPLATE("Dropout: reference: equals a loop that draws each element by its position", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (int shape = 0; shape < 30; ++shape) {
    CAPTURE(shape);
    const DropoutCase<Real, Space> example(ls::Random(8).stream(static_cast<std::uint32_t>(shape)), shape);
    ls::Training<Space> context(example, ls::Random(12));
    context.set_step(5);
    const auto value = example(context);
    context.fence();
    const ls::Random random = ls::Random(12).at(5).stream(std::uint32_t{0});
    const auto x = ls::copy_to_host(example.x.view());
    const double rate = example.block.settings.rate;
    std::vector<double> expected;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::size_t run = i / 64, lane = i % 16, word = i % 64 / 16;
      const double draw = random.block(16 * run + lane).words[word] / 0x1p32;
      expected.push_back(draw < rate ? 0 : static_cast<double>(x[i]) / (1 - rate));
    }
    check::close(ls::copy_to_host(value.data), expected, tolerance<Real>);
  }
}

TEST_CASE_TEMPLATE(
    "Dropout: reference: hits the stated share of elements, without pattern between neighbours, calls "
    "and steps",
    Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const int rows = 500, features = 100;
  const double count = rows * features;
  for (const double rate : {0.01, 0.2, 0.5, 0.95}) {
    CAPTURE(rate);
    ls::Training<Space> context(Nothing<Space>{}, ls::Random(21));
    const auto first = drop_ones<Real, Space>(context, rate, rows, features);
    const auto second = drop_ones<Real, Space>(context, rate, rows, features);
    context.reset();
    context.set_step(1);
    const auto next_step = drop_ones<Real, Space>(context, rate, rows, features);
    context.reset();
    context.set_step(0);
    CHECK(drop_ones<Real, Space>(context, rate, rows, features) == first);
    const auto dropped = [&](const std::vector<Real>& a, const std::vector<Real>& b, std::size_t shift) {
      double both = 0;
      for (std::size_t i = shift; i < a.size(); ++i) both += a[i] == 0 && b[i - shift] == 0;
      return both;
    };
    // Five standard deviations of a binomial count.
    const auto near = [&](double found, double share) {
      CHECK(std::abs(found - count * share) < 5 * std::sqrt(count * share * (1 - share)) + 1);
    };
    near(dropped(first, first, 0), rate);
    near(dropped(first, second, 0), rate * rate);
    near(dropped(first, next_step, 0), rate * rate);
    for (const std::size_t shift : {1u, 4u, 16u, 64u, 100u}) {
      CAPTURE(shift);
      near(dropped(first, first, shift) * count / (count - static_cast<double>(shift)), rate * rate);
    }
  }
}

TEST_CASE_TEMPLATE("Dropout: golden: output and gradients equal PyTorch's, given the mask", Where,
                   LONGSHORE_EVERYWHERE) {
  check::golden<DropoutCase, typename Where::Real, typename Where::Space>("layers/dropout");
}

TEST_CASE_TEMPLATE("Dropout: edges: what is dropped is zero even where it was infinite", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  ls::Tensor<Real, 2, Space> x(10, 10);
  ls::copy_from_host(std::vector<Real>(100, std::numeric_limits<Real>::infinity()), x.view());
  const ls::Dropout<Real, Space> drop({.rate = 0.5});
  ls::Training<Space> context(drop);
  const auto y = drop(context, x.view());
  context.fence();
  int zeros = 0;
  for (const Real value : ls::copy_to_host(y.data)) {
    CHECK((value == 0 || value == std::numeric_limits<Real>::infinity()));
    zeros += value == 0;
  }
  CHECK(zeros > 20);
  ls::Tensor<Real, 2, Space> none(0, 10);
  CHECK(drop(context, none.view()).extent(0) == 0);
}

TEST_CASE("Dropout: edges: float and double drop the same elements, almost all of them at a rate near 1") {
  using Space = Kokkos::Serial;
  ls::Training<Space> context(Nothing<Space>{});
  const auto wide = drop_ones<double, Space>(context, 0.3, 20, 20);
  check::repeat_step(context);
  const auto narrow = drop_ones<float, Space>(context, 0.3, 20, 20);
  for (std::size_t i = 0; i < wide.size(); ++i) CHECK((wide[i] == 0) == (narrow[i] == 0));
  for (const double value : drop_ones<double, Space>(context, 1 - 1e-12, 20, 20)) CHECK(value == 0);
}

TEST_CASE("Dropout: gradients: P1: equal central differences") { check::gradients<DropoutCase>(); }

TEST_CASE("Dropout: gradients: add up where the input is used twice") {
  // Two in a row: four times itself where both kept it.
  const Twice twice;
  ls::Training<Kokkos::Serial> context(twice);
  const std::vector<double> ones(81, 1);
  const auto outcome = check::run<double>(context, twice, &ones);
  const auto x = ls::copy_to_host(twice.x.view());
  for (std::size_t i = 0; i < x.size(); ++i)
    CHECK(outcome.gradients.at("x")[i] == doctest::Approx(outcome.output[i] / x[i]));
  // Two beside each other, both reaching the loss: the gradients add up.
  ls::Training<Kokkos::Serial> other(twice);
  const auto value = ls::use(other, twice.x);
  const auto left = twice.half(other, value), right = twice.half(other, value);
  left.gradient->data = const_cast<double*>(ones.data());
  other.backward(right, ls::View<const double, 2, Kokkos::Serial>(ones.data(), 9, 9));
  const auto gradient = ls::copy_to_host(other.gradient_of(twice.x).dense);
  for (std::size_t i = 0; i < x.size(); ++i)
    CHECK(gradient[i] == doctest::Approx((left.data.data()[i] + right.data.data()[i]) / x[i]));
}

TEST_CASE("Dropout: threads: the same bits everywhere") { check::same_bits<DropoutCase>(12); }

TEST_CASE("Dropout: refused: rates below 0 and from 1 on") {
  using Block = ls::Dropout<float, Kokkos::Serial>;
  CHECK_THROWS_WITH_AS((Block({.rate = 1})), "Dropout: rate is at least 0 and below 1, it is 1", ls::ShapeError);
  CHECK_THROWS_WITH_AS((Block({.rate = -0.25})), "Dropout: rate is at least 0 and below 1, it is -0.25",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS((Block({.rate = std::numeric_limits<double>::quiet_NaN()})),
                       "Dropout: rate is at least 0 and below 1, it is nan", ls::ShapeError);
}

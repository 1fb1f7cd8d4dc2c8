// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <longshore/core/inference.hpp>
#include <longshore/core/initialiser.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/core/training.hpp>
#include <longshore/core/use.hpp>
#include <longshore/embeddings/embedding_table.hpp>
#include <longshore/encoders/lstm.hpp>
#include <longshore/layers/dropout.hpp>
#include <longshore/layers/linear.hpp>
#include <longshore/pooling/mean_pooling.hpp>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "../support/check_block.hpp"
#include "../support/count_allocations.hpp"
#include "../support/spaces.hpp"

namespace ls = longshore;

namespace {

/// Two layers; the second may be left out of the loss.
template <class Real, class Space>
struct TwoLinears {
  ls::Linear<Real, Space> first{{.in = 3, .out = 4}, ls::Random(1)}, second{{.in = 3, .out = 4}, ls::Random(2)};
  void visit(auto&& visitor) {
    visitor("first", first);
    visitor("second", second);
  }
};

/// Its visit names one layer only.
template <class Real, class Space>
struct Forgetful {
  ls::Linear<Real, Space> named{{.in = 3, .out = 4}}, forgotten{{.in = 3, .out = 4}};
  void visit(auto&& visitor) { visitor("named", named); }
};

/// A history that is embedded, dropped out, encoded and pooled: ragged, row-sparse and random.
template <class Real, class Space>
struct Reader {
  ls::EmbeddingTable<Real, Space> items{{.rows = 9, .features = 5}, ls::Random(1)};
  ls::Dropout<Real, Space> drop{{.rate = 0.3}};
  ls::Lstm<Real, Space> encode{{.in = 5, .hidden = 8}, ls::Random(2)};
  ls::MeanPooling<Real, Space> pool;
  ls::Linear<Real, Space> out{{.in = 8, .out = 3}, ls::Random(3)};

  ls::Matrix<Real, Space> operator()(auto& context, const ls::View<const ls::Id, 1, Space>& ids,
                                     const ls::Offsets<Space>& offsets) const {
    return out(context, pool(context, encode(context, drop(context, items(context, ids, offsets)))));
  }
  void visit(auto&& visitor) {
    visitor("items", items);
    visitor("drop", drop);
    visitor("encode", encode);
    visitor("pool", pool);
    visitor("out", out);
  }
};

enum class Plant { nothing, one_entry, parameter, everything };

/// y = x * scale, feature by feature, and what a backward step may get wrong: one entry by 1 %, a parameter left out,
/// each entry by a millionth.
struct Scaled {
  ls::Parameter<double, 2, Kokkos::Serial> x = random_input<double, 2, Kokkos::Serial>(ls::Random(3), 4, 5);
  ls::Parameter<double, 1, Kokkos::Serial> scale = random_input<double, 1, Kokkos::Serial>(ls::Random(4), 5);
  Plant plant = Plant::nothing;

  auto operator()(auto& context) const {
    const auto from = ls::use(context, x);
    const auto y = ls::make_value<double>(context, 4, 5);
    for (ls::Index b = 0; b < 4; ++b)
      for (ls::Index d = 0; d < 5; ++d) y.data(b, d) = from.data(b, d) * scale.view()(d);
    context.record(y, [this, from, y](auto& c) {
      const auto dy = c.gradient_of(y);
      const auto dx = c.gradient_to(from);
      for (ls::Index b = 0; b < 4; ++b)
        for (ls::Index d = 0; d < 5; ++d)
          dx.view(b, d) = dy(b, d) * scale.view()(d) * (plant == Plant::everything ? 1 + 2e-6 : 1);
      if (plant == Plant::one_entry) dx.view(2, 3) *= 1.01;
      if (plant == Plant::parameter) return;
      const auto dscale = c.gradient_to(scale);
      for (ls::Index d = 0; d < 5; ++d) {
        dscale.view(d) = 0;
        for (ls::Index b = 0; b < 4; ++b) dscale.view(d) += dy(b, d) * from.data(b, d);
      }
    });
    return y;
  }
  void visit(auto&& visitor) {
    visitor("x", x);
    visitor("scale", scale);
  }
};

struct Twice {
  ls::Parameter<float, 1, Kokkos::Serial> weights{3};
  void visit(auto&& visitor) {
    visitor("first", weights);
    visitor("second", weights);
  }
};

template <class Real, class Space>
ls::Tensor<Real, 2, Space> ones(ls::Index rows, ls::Index columns) {
  ls::Tensor<Real, 2, Space> tensor(rows, columns);
  ls::copy_from_host(std::vector<Real>(tensor.size(), Real(1)), tensor.view());
  return tensor;
}

}  // namespace

TEST_CASE("P14: a part that visit names twice is named") {
  const Twice model;
  CHECK_THROWS_WITH_AS(ls::Training<Kokkos::Serial>{model}, "Training: visit names second a second time", ls::Error);
}

TEST_CASE_TEMPLATE("gradients of a block that is used twice add up", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const TwoLinears<Real, Space> model;
  const auto x = ones<Real, Space>(5, 3), dy = ones<Real, Space>(5, 4);
  auto input = x;
  ls::Training<Space> context(model);
  const auto gradient = [&](int uses) {
    context.reset();
    ls::Matrix<Real, Space> last;
    for (int k = 0; k < uses; ++k) {
      const auto y = model.first(context, ls::Matrix<Real, Space>(input.view()));
      if (k + 1 < uses) y.gradient->data = const_cast<Real*>(dy.data());
      last = y;
    }
    context.backward(last, dy.view());
    return ls::copy_to_host(context.gradient_of(model.first.bias).dense);
  };
  CHECK(gradient(1) == std::vector<Real>(4, 5));
  CHECK(gradient(3) == std::vector<Real>(4, 15));
}

TEST_CASE("a branch that does not reach the loss gets no gradient and runs no backward step") {
  using Space = Kokkos::Serial;
  const TwoLinears<double, Space> model;
  auto x = ones<double, Space>(2, 3);
  const auto dy = ones<double, Space>(2, 4);
  ls::Training<Space> context(model);
  int ran = 0;
  const auto used = model.first(context, ls::Matrix<double, Space>(x.view()));
  const auto unused = model.second(context, ls::Matrix<double, Space>(x.view()));
  context.record(unused, [p = &ran](auto&) { ++*p; });
  context.backward(used, dy.view());
  CHECK(ran == 0);
  CHECK(context.gradient_of(model.first.weights));
  CHECK_FALSE(context.gradient_of(model.second.weights));
}

TEST_CASE("frozen parameters get no gradient; the others do") {
  using Space = Kokkos::Serial;
  TwoLinears<double, Space> model;
  model.first.weights.frozen = true;
  auto x = ones<double, Space>(2, 3);
  const auto dy = ones<double, Space>(2, 4);
  ls::Training<Space> context(model);
  context.backward(model.first(context, ls::Matrix<double, Space>(x.view())), dy.view());
  CHECK_FALSE(context.gradient_of(model.first.weights));
  CHECK(context.gradient_of(model.first.bias));
  CHECK_FALSE(context.trains(model.first.weights));
}

TEST_CASE("what a context leaves out gets no gradient in it and in no other one; the list is for every parameter") {
  using Space = Kokkos::Serial;
  const TwoLinears<double, Space> model;
  auto x = ones<double, Space>(2, 3);
  const auto dy = ones<double, Space>(2, 4);
  const auto trained = [&](const std::vector<bool>& left_out) {
    ls::Training<Space> context(model, ls::Random(0), Space(), left_out);
    context.backward(model.first(context, ls::Matrix<double, Space>(x.view())), dy.view());
    CHECK(static_cast<bool>(context.gradient_of(model.first.bias)) == context.trains(model.first.bias));
    return std::vector<bool>{context.trains(model.first.weights), context.trains(model.first.bias),
                             context.trains(model.second.weights), context.trains(model.second.bias)};
  };
  CHECK(trained({false, true, true, false}) == std::vector<bool>{true, false, false, true});
  CHECK(trained({true, false, false, false}) == std::vector<bool>{false, true, true, true});
  CHECK(trained({}) == std::vector<bool>(4, true));
  CHECK_FALSE(model.first.bias.frozen);
  CHECK_THROWS_WITH_AS(trained({true}), "Training: 1 left_out, 4 parameters", ls::ShapeError);
  CHECK_THROWS_AS(trained(std::vector<bool>(5)), ls::ShapeError);
}

TEST_CASE("a parameter that visit forgot throws in the first step, and the context goes on after reset") {
  using Space = Kokkos::Serial;
  const Forgetful<double, Space> model;
  auto x = ones<double, Space>(2, 3);
  const auto dy = ones<double, Space>(2, 4);
  ls::Training<Space> context(model);
  const auto y = model.forgotten(context, ls::Matrix<double, Space>(x.view()));
  CHECK_THROWS_WITH_AS(context.backward(y, dy.view()),
                       "Training: a parameter of 12 elements is not in the model this context was made for; does "
                       "`visit` name every part?",
                       ls::Error);
  context.reset();
  const auto named = model.named(context, ls::Matrix<double, Space>(x.view()));
  CHECK_THROWS_WITH_AS(context.backward(named, std::as_const(x).view()),
                       "Training::backward: the value has 8 elements, the cotangent 6", ls::ShapeError);
  context.backward(named, dy.view());
  CHECK(context.gradient_of(model.named.bias).dense(0) == 2);
}

TEST_CASE(
    "P14: an error in the middle of a step leaves model and context usable, with the same bits as if it had not been") {
  using Space = Kokkos::Serial;
  const TwoLinears<double, Space> model;
  auto x = ones<double, Space>(2, 3), wrong = ones<double, Space>(2, 5);
  const auto dy = ones<double, Space>(2, 4);
  ls::Training<Space> context(model);
  const auto step = [&] {
    context.reset();
    context.backward(model.first(context, ls::Matrix<double, Space>(x.view())), dy.view());
    return ls::copy_to_host(context.gradient_of(model.first.weights).dense);
  };
  const auto before = step();
  context.reset();
  model.first(context, ls::Matrix<double, Space>(x.view()));
  CHECK_THROWS_AS(model.first(context, ls::Matrix<double, Space>(wrong.view())), ls::ShapeError);
  CHECK(step() == before);
}

TEST_CASE("a step allocates nothing after the first ones") {
  using Space = Kokkos::Serial;
  const TwoLinears<float, Space> model;
  auto x = ones<float, Space>(50, 3);
  const auto dy = ones<float, Space>(50, 4);
  const auto measure = [&](auto& context) {
    const auto step = [&] {
      context.reset();
      const auto y = model.first(context, ls::Matrix<float, Space>(x.view()));
      if constexpr (std::remove_cvref_t<decltype(context)>::training) context.backward(y, dy.view());
    };
    step(), step(), step();
    const auto before = count_allocations();
    for (int k = 0; k < 10; ++k) step();
    return count_allocations() - before;
  };
  ls::Training<Space> training(model);
  ls::Inference<Space> inference;
  ls::Inference<Space, ls::Inline> direct;
  CHECK(measure(training) == 0);
  CHECK(measure(inference) == 0);
  CHECK(measure(direct) == 0);
  CHECK(training.high_water() > 0);
  if (allocations_are_counted) CHECK(count_allocations() > 0);
}

TEST_CASE("dropout's random numbers depend on step and call, not on the context") {
  using Space = Kokkos::Serial;
  const TwoLinears<float, Space> model;
  ls::Training<Space> a(model, ls::Random(3)), b(model, ls::Random(3)), c(model, ls::Random(4));
  const auto draw = [](auto& context, std::uint64_t step) {
    context.reset();
    context.set_step(step);
    return std::vector<std::uint32_t>{context.random().bits(0), context.random().bits(0)};
  };
  CHECK(draw(a, 5) == draw(b, 5));
  CHECK(draw(a, 5) == draw(a, 5));
  CHECK(draw(a, 5) != draw(a, 6));
  CHECK(draw(a, 5) != draw(c, 5));
  CHECK(draw(a, 5)[0] != draw(a, 5)[1]);
}

TEST_CASE("each step of a loop of one's own draws other random numbers, the same in every run of it") {
  using Space = Kokkos::Serial;
  const TwoLinears<float, Space> model;
  const auto loop = [&] {
    ls::Training<Space> context(model, ls::Random(3));
    std::vector<std::uint32_t> drawn;
    for (int k = 0; k < 100; ++k) {
      context.reset();
      drawn.push_back(context.random().bits(0));
    }
    return drawn;
  };
  const auto drawn = loop();
  CHECK(loop() == drawn);
  CHECK(std::set<std::uint32_t>(drawn.begin(), drawn.end()).size() == drawn.size());
}

TEST_CASE_TEMPLATE(
    "P16: contexts on several threads over one const model, each with shapes of its own, give the bits of one", Space,
    LONGSHORE_HOST_SPACES) {
  const Reader<double, Space> model;
  constexpr int shapes = 24;
  const auto gradients = [&](ls::Training<Space, ls::Inline>& context, int shape) {
    context.reset();
    context.set_step(static_cast<std::uint64_t>(shape));  // for dropout
    // Sequences of 0 to 6 steps, as many as the shape says: what a context keeps grows and shrinks from step to step.
    std::vector<ls::Index> offsets{0};
    ls::Index longest = 0;
    for (int b = 0; b < shape; ++b) {
      const ls::Index length = (3 * b + shape) % 7;
      offsets.push_back(offsets.back() + length);
      longest = std::max(longest, length);
    }
    std::vector<ls::Id> ids(static_cast<std::size_t>(offsets.back()));
    for (std::size_t n = 0; n < ids.size(); ++n)
      ids[n] = static_cast<ls::Id>((5 * n + static_cast<std::size_t>(shape)) % 9);
    const auto y = model(context, ls::View<const ls::Id, 1, Space>(ids.data(), ids.size()),
                         {{offsets.data(), offsets.size()}, longest});
    const auto cotangent = check::random_cotangent<double>(y.data.size());
    context.backward(y, ls::View<const double, 2, Space>(cotangent.data(), y.extent(0), y.extent(1)));
    std::vector<double> all = ls::copy_to_host(y.data);
    ls::visit_parameters(model, [&](const ls::Path&, const auto& parameter) {
      const auto gradient = context.gradient_of(parameter);
      std::vector<double> some(parameter.size());
      if (gradient.dense.data()) some = ls::copy_to_host(gradient.dense);
      if constexpr (std::remove_cvref_t<decltype(parameter)>::rank == 2) check::add_rows(gradient, some);
      all.insert(all.end(), some.begin(), some.end());
    });
    return all;
  };
  std::vector<std::vector<double>> expected;
  ls::Training<Space, ls::Inline> alone(model, ls::Random(5));
  for (int shape = 0; shape < shapes; ++shape) expected.push_back(gradients(alone, shape));
  for (const std::size_t threads : {2u, 4u}) {
    CAPTURE(threads);
    std::vector<int> different(threads);
    std::vector<std::thread> workers;
    for (std::size_t t = 0; t < threads; ++t)
      workers.emplace_back([&, t] {
        ls::Training<Space, ls::Inline> context(model, ls::Random(5));
        for (int k = 0; k < (sanitized ? 2 : 20) * shapes; ++k) {
          const int shape = (5 * k + 7 * static_cast<int>(t)) % shapes;  // no two threads have the same one at a time
          different[t] += gradients(context, shape) != expected[static_cast<std::size_t>(shape)];
        }
      });
    for (auto& worker : workers) worker.join();
    for (const int count : different) CHECK(count == 0);
  }
  CHECK(expected[5] != expected[6]);
}

TEST_CASE("a loss has one element") {
  using Space = Kokkos::Serial;
  const TwoLinears<double, Space> model;
  ls::Training<Space> context(model);
  const auto two = ls::make_value<double>(context, 2);
  CHECK_THROWS_WITH_AS(context.backward(two), "Training::backward: the loss has 2 elements, 1 is expected",
                       ls::ShapeError);
}

TEST_CASE("backward runs once a step, from a value of this step and context") {
  using Space = Kokkos::Serial;
  const TwoLinears<double, Space> model;
  auto x = ones<double, Space>(1, 3);
  const auto dy = ones<double, Space>(1, 4), dx = ones<double, Space>(1, 3);
  const ls::Matrix<double, Space> input(x.view());
  ls::Training<Space> context(model), other(model);
  ls::Inference<Space> inference;
  const char* const foreign = "Training::backward: the value is a constant, older than `reset`, or of another context";
  const char* const again = "Training::backward: it ran in this step already; a step has one loss: reset first";
  CHECK_THROWS_WITH_AS(context.backward(model.first(inference, input), dy.view()), foreign, ls::Error);
  CHECK_THROWS_WITH_AS(context.backward(input, dx.view()), foreign, ls::Error);
  CHECK_THROWS_WITH_AS(context.backward(model.first(other, input), dy.view()), foreign, ls::Error);
  const auto y = model.first(context, input), z = model.second(context, input);
  context.backward(y, dy.view());
  const auto before = ls::copy_to_host(context.gradient_of(model.first.weights).dense);
  CHECK_THROWS_WITH_AS(context.backward(y, dy.view()), again, ls::Error);
  CHECK_THROWS_WITH_AS(context.backward(z, dy.view()), again, ls::Error);
  CHECK(ls::copy_to_host(context.gradient_of(model.first.weights).dense) == before);
  CHECK_FALSE(context.gradient_of(model.second.weights));
  context.reset();
  const auto old = model.first(context, input);
  context.reset();
  const auto same_place = model.first(context, input);
  CHECK(same_place.gradient == old.gradient);
  CHECK_THROWS_WITH_AS(context.backward(old, dy.view()), foreign, ls::Error);
  context.backward(model.second(context, input), dy.view());
  CHECK(context.gradient_of(model.second.weights));
}

TEST_CASE("backward reads the gradient that it is given, and adds to its own memory") {
  using Space = Kokkos::Serial;
  const TwoLinears<double, Space> model;
  auto x = ones<double, Space>(1, 3);
  const auto dy = ones<double, Space>(1, 4);
  ls::Training<Space> context(model);
  const auto y = model.first(context, ls::Matrix<double, Space>(x.view()));
  context.record(ls::Matrix<double, Space>(), [y](auto& c) {  // a step that runs in any case, and adds to y
    const auto target = c.gradient_to(y);
    REQUIRE(target.adds());
    target.view(0, 0) += 10;
  });
  context.backward(y, dy.view());
  CHECK(ls::copy_to_host(dy.view()) == std::vector<double>(4, 1));
  CHECK(ls::copy_to_host(context.gradient_of(model.first.bias).dense) == std::vector<double>{11, 1, 1, 1});
}

TEST_CASE("a parameter that is frozen later gets no gradient; one that is thawed later needs a new context") {
  using Space = Kokkos::Serial;
  TwoLinears<double, Space> model;
  auto x = ones<double, Space>(1, 3);
  const auto dy = ones<double, Space>(1, 4);
  model.first.weights.frozen = true;
  ls::Training<Space> context(model);
  model.first.weights.frozen = false;
  model.first.bias.frozen = true;
  CHECK_FALSE(context.trains(model.first.bias));
  const char* const text =
      "Training: a parameter of 12 elements was frozen when this was made, it is not now; make a new context, or `fit` "
      "again";
  CHECK_THROWS_WITH_AS(context.trains(model.first.weights), text, ls::Error);
  const auto step = [&](ls::Training<Space>& its) {
    its.reset();
    its.backward(model.first(its, ls::Matrix<double, Space>(x.view())), dy.view());
  };
  CHECK_THROWS_WITH_AS(step(context), text, ls::Error);
  ls::Training<Space> made_anew(model);
  step(made_anew);
  CHECK(made_anew.gradient_of(model.first.weights));
  CHECK_FALSE(made_anew.gradient_of(model.first.bias));
}

TEST_CASE("P1: a gradient that is wrong by 1 % in one entry, missing, or off by a millionth is reported") {
  const auto mistake = [](Plant plant) {
    Scaled example;
    example.plant = plant;
    return check::compare_gradients(example).mistake;
  };
  CHECK(mistake(Plant::nothing) == "");
  CHECK(mistake(Plant::one_entry).starts_with("x: gradient 13 is "));
  CHECK(mistake(Plant::parameter).starts_with("scale: gradient 0 is "));
  const std::string everything = mistake(Plant::everything);  // 2e-06, or a little less
  CHECK(everything.starts_with("x: the gradients are off by "));
  CHECK(everything.find("e-06 of their norm") != std::string::npos);
}

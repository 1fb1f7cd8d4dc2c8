// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/use.hpp>

#include <vector>

#include <doctest/doctest.h>

#include <longshore/core/inference.hpp>
#include <longshore/core/tensor.hpp>
#include <longshore/core/training.hpp>

#include "../support/spaces.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
struct Two {
  ls::Parameter<Real, 2, Space> first{2, 2};
  ls::Parameter<Real, 1, Space> second{3};
  void visit(auto&& visitor) {
    visitor("first", first);
    visitor("second", second);
  }
};

template <class T, int Rank, class Space>
ls::View<const T, Rank, Space> constant(const ls::View<T, Rank, Space>& view) {
  return view;
}

}  // namespace

TEST_CASE_TEMPLATE("a parameter is a value that shares its elements, and what reaches the value goes to the parameter",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const Two<Real, Space> model;
  ls::Training<Space> context(model);
  ls::Tensor<Real, 2, Space> cotangent(2, 2), other(2, 2);
  ls::copy_from_host({1, 2, 3, 4}, cotangent.view());
  ls::copy_from_host({10, 20, 30, 40}, other.view());
  for (int step = 0; step < 2; ++step) {
    context.reset();
    const auto value = ls::use(context, model.first);
    const auto unused = ls::use(context, model.second);
    CHECK(value.data.data() == model.first.view().data());
    CHECK(value.extent(1) == 2);
    CHECK(unused.extent(0) == 3);
    context.backward(value, constant(cotangent.view()));
    context.fence();
    CHECK(ls::copy_to_host(context.gradient_of(model.first).dense) == std::vector<Real>{1, 2, 3, 4});
    CHECK_FALSE(context.gradient_of(model.second));
  }
  // Two uses in a step add up.
  context.reset();
  const auto first = ls::use(context, model.first), second = ls::use(context, model.first);
  first.gradient->data = other.data();
  context.backward(second, constant(cotangent.view()));
  context.fence();
  CHECK(ls::copy_to_host(context.gradient_of(model.first).dense) == std::vector<Real>{11, 22, 33, 44});
}

TEST_CASE("in inference it is a constant; a frozen or an empty parameter gets no gradient") {
  using Space = Kokkos::Serial;
  Two<double, Space> model;
  ls::Inference<Space> inference;
  CHECK(ls::use(inference, model.second).gradient == nullptr);
  CHECK(ls::use(inference, model.second).data.data() == model.second.view().data());
  model.first.frozen = true;
  model.second = ls::Parameter<double, 1, Space>(0);
  ls::Training<Space> context(model);
  CHECK(ls::use(context, model.first).gradient == nullptr);
  CHECK(ls::use(context, model.first).data.data() == model.first.view().data());
  const auto nothing = ls::use(context, model.second);
  CHECK(nothing.data.size() == 0);
  double unread = 0;
  CHECK_NOTHROW(context.backward(nothing, ls::View<const double, 1, Space>(&unread, 0)));
}

TEST_CASE_TEMPLATE("add_to writes to the first target and adds to later ones; an empty one is left out", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const ls::Index size = 1000;
  ls::Tensor<Real, 1, Space> from(size), to(size);
  std::vector<Real> numbers(size), twice(size);
  for (ls::Index i = 0; i < size; ++i) {
    numbers[static_cast<std::size_t>(i)] = static_cast<Real>(i) / 4;
    twice[static_cast<std::size_t>(i)] = static_cast<Real>(i) / 2;
  }
  ls::copy_from_host(numbers, from.view());
  ls::copy_from_host(std::vector<Real>(size, 77), to.view());
  const Space space;
  ls::add_to<Real, 1, Space>(space, from.view(), {to.view(), ls::Update::write});
  space.fence();
  CHECK(ls::copy_to_host(to.view()) == numbers);
  ls::add_to<Real, 1, Space>(space, from.view(), {to.view(), ls::Update::add});
  space.fence();
  CHECK(ls::copy_to_host(to.view()) == twice);
  CHECK_NOTHROW(ls::add_to<Real, 1, Space>(space, from.view(), {}));
}

// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/concepts.hpp>
#include <longshore/core/training.hpp>
#include <longshore/core/use.hpp>
#include <longshore/encoders/no_encoder.hpp>

#include "../support/kernel_case.hpp"

namespace ls = longshore;

namespace {

/// A step table, so that the gradient is seen.
struct Steps {
  ls::Parameter<double, 2, Kokkos::Serial> x{3, 2};
  void visit(auto&& visitor) { visitor("x", x); }
};

}  // namespace

TEST_CASE("NoEncoder is an Encoder without parameters that hands on the same memory, sequences and gradient") {
  using Space = Kokkos::Serial;
  static_assert(ls::Encoder<ls::NoEncoder<float, Space>, float, Space>);
  const ls::NoEncoder<double, Space> encode;
  int parameters = 0;
  ls::visit_parameters(encode, [&](const ls::Path&, const auto&) { ++parameters; });
  CHECK(parameters == 0);
  const Steps steps;
  const auto offsets = filled_tensor<ls::Index, 1, Space>({0, 1, 3}, 3);
  ls::Training<Space> context(steps);
  const auto y = encode(context, ls::Sequences<double, Space>{ls::use(context, steps.x), {offsets.view(), 2}});
  CHECK(y.steps.data.data() == steps.x.view().data());
  CHECK(y.count() == 2);
  CHECK(y.offsets.longest == 2);
  std::vector<double> cotangent{1, 2, 3, 4, 5, 6};
  context.backward(y.steps, ls::View<const double, 2, Space>(cotangent.data(), 3, 2));
  CHECK(ls::copy_to_host(context.gradient_of(steps.x).dense) == cotangent);
}

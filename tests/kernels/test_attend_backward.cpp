// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/kernels/attend_backward.hpp>
#include <vector>

#include "../support/attend_arrays.hpp"
#include "../support/check_block.hpp"
#include "../support/numeric_gradient.hpp"

namespace ls = longshore;

namespace {

/// Gradients by queries, keys and values, from arrays that the forward pass has been through.
template <class Real, class Space>
std::vector<std::vector<double>> backward(AttendArrays<Real, Space>& given, const ls::Tensor<Real, 2, Space>& dy) {
  using Matrix = ls::Tensor<Real, 2, Space>;
  given.forward(3, 0);
  const ls::Index length = given.length, features = given.shape.features;
  Matrix dquery(length, features), dkey(length, features), dvalue(length, features);
  auto memory = given.tiles();
  ls::for_each_team<Space>(
      Space(), 1,
      AttendBackwardOnce<Real>{given.shape, length, 3, 0, given.in(given.attended), given.in(dy), given.in(given.query),
                               given.in(given.key), given.in(given.value), given.in(given.statistics),
                               given.out(dquery), given.out(dkey), given.out(dvalue), memory.data()});
  return {numbers_of(dquery.view()), numbers_of(dkey.view()), numbers_of(dvalue.view())};
}

}  // namespace

TEST_CASE_TEMPLATE("attend_backward: equals central differences of the definition, dropped weights too", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const double within = std::is_same_v<Real, float> ? 1e-5 : 1e-8;
  for (const bool causal : {false, true})
    for (const bool drops : {false, true})
      for (const ls::Index length : {1, 5, 18}) {
        CAPTURE(causal);
        CAPTURE(drops);
        CAPTURE(length);
        AttendArrays<Real, Space> given(length, 3, causal);
        AttendNumbers numbers(given);
        if (drops) {
          given.shape.random = ls::Random(8);
          given.shape.first_kept = 1u << 31;
          given.shape.kept_scale = Real(2);
          // Which ones: from a longer look with unit vectors for values.
          AttendArrays<Real, Space> shown(length, length, causal);
          const auto features = shown.shape.features;
          shown.shape.random = given.shape.random;
          shown.shape.first_kept = given.shape.first_kept;
          std::vector<Real> units(numbers.kept.size(), Real(0));
          for (std::size_t k = 0; k < numbers.length; ++k) units[k * static_cast<std::size_t>(features + 1)] = Real(1);
          ls::copy_from_host(units, shown.value.view());
          const auto seen = shown.forward(3, 0);
          for (std::size_t i = 0; i < seen.size(); ++i) numbers.kept[i] = seen[i] > 0 ? 2 : 0;
        }
        const auto dy = random_tensor<Real, 2, Space>(ls::Random(4), length, 3);
        const auto actual = backward<Real, Space>(given, dy);
        std::size_t i = 0;
        for (auto* some : {&numbers.query, &numbers.key, &numbers.value})
          check::close<double>(
              actual[i++], numeric_gradient(*some, numbers_of(dy.view()), [&] { return numbers.output(); }), within, 1);
      }
}

TEST_CASE_TEMPLATE("attend_backward: several tiles of queries, keys and features equal the chain rule written out",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const bool causal : {false, true}) {
    const ls::Index length = 140, features = 130;
    AttendArrays<Real, Space> given(length, features, causal);
    const auto dy = random_tensor<Real, 2, Space>(ls::Random(4), length, features);
    const auto actual = backward<Real, Space>(given, dy);
    const AttendNumbers n(given);
    const auto g = numbers_of(dy.view()), y = n.output();
    std::vector<double> dquery(g.size(), 0), dkey(g.size(), 0), dvalue(g.size(), 0);
    for (std::size_t q = 0; q < n.length; ++q) {
      double greatest = 0, sum = 0;
      const auto a = n.weights(q, greatest, sum);
      for (std::size_t k = 0; k < n.length; ++k) {
        double by_weight = 0;  // <dy, value - y>: softmax takes the mean off
        for (std::size_t d = 0; d < n.features; ++d)
          by_weight += g[q * n.features + d] * (n.value[k * n.features + d] - y[q * n.features + d]);
        for (std::size_t d = 0; d < n.features; ++d) {
          dvalue[k * n.features + d] += a[k] * g[q * n.features + d];
          dquery[q * n.features + d] += n.scale * a[k] * by_weight * n.key[k * n.features + d];
          dkey[k * n.features + d] += n.scale * a[k] * by_weight * n.query[q * n.features + d];
        }
      }
    }
    check::close<double>(actual[0], dquery, 10 * tolerance<Real>);
    check::close<double>(actual[1], dkey, 10 * tolerance<Real>);
    check::close<double>(actual[2], dvalue, 10 * tolerance<Real>);
  }
}

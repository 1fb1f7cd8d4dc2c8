// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/kernels/target_attention_shape.hpp>
#include <vector>

namespace ls = longshore;

namespace {

/// Regions [first, first + size) that are expected to lie one behind the other and to end at `end`.
void check_regions(const std::vector<std::pair<std::int64_t, std::int64_t>>& regions, std::int64_t end) {
  std::int64_t at = 0;
  for (const auto& [first, size] : regions) {
    CHECK(first == at);
    at += size;
  }
  CHECK(at == end);
}

}  // namespace

TEST_CASE("target_attention_shape: rows are padded, and regions neither overlap nor leave holes") {
  const auto shape = ls::target_attention_shape<float>(5, {80, 41, 3});
  CHECK(shape.features == 5);
  CHECK(shape.layers == 3);
  CHECK(shape.width[1] == 41);
  const std::int64_t a = shape.stride[0], b = shape.stride[1], c = shape.stride[2];
  CHECK(a == 80);
  CHECK(b == ls::padded_size<float>(41));
  CHECK(shape.last() == c);
  CHECK(shape.columns() == a + b + c);
  CHECK(shape.columns_before(2) == a + b);
  check_regions({{0, 3 * 5 * a},
                 {shape.packed_bias(0), a},
                 {shape.packed_weights(1), 80 * b},
                 {shape.packed_bias(1), b},
                 {shape.packed_weights(2), 41 * c},
                 {shape.packed_bias(2), c},
                 {shape.packed_output(), c + 1}},
                shape.packed_size());
  check_regions({{shape.upright_weights(1), 41 * a}, {shape.upright_weights(2), 3 * b}}, shape.upright_size());
  check_regions({{shape.key_gradient(), 80 * 5},
                 {shape.product_gradient(), 80 * 5},
                 {shape.weight_gradient(1), 41 * a},
                 {shape.bias_gradient(1), b},
                 {shape.weight_gradient(2), 3 * b},
                 {shape.bias_gradient(2), c},
                 {shape.output_gradient(), c + 1}},
                shape.gradient_size());
}

TEST_CASE("target_attention_shape: eight layers fit") {
  const auto shape = ls::target_attention_shape<double>(2, {1, 2, 3, 4, 5, 6, 7, 8});
  CHECK(shape.layers == 8);
  CHECK(shape.packed_output() > shape.packed_bias(7));
  CHECK(shape.output_gradient() > shape.bias_gradient(7));
}

// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/layers/row_products.hpp>

#include "../support/check_block.hpp"
#include "../support/part_arrays.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
struct RowProductsCase {
  ls::Parameter<Real, 2, Space> queries, keys;  // (B, D), (I, D)

  RowProductsCase(const ls::Random& random, int shape) {
    constexpr int sizes[][3] = {{1, 1, 1}, {3, 40, 5}, {5, 13, 33}, {0, 3, 4}, {2, 0, 4}};
    const auto s = extents_of(sizes, random, shape);
    queries = random_input<Real, 2, Space>(random.stream("queries"), s[0], s[2]);
    keys = random_input<Real, 2, Space>(random.stream("keys"), s[1], s[2]);
  }
  auto operator()(auto& context) const {
    return ls::row_products<Real, Space>(context, ls::use(context, queries), ls::use(context, keys));
  }
  void visit(auto&& visitor) {
    visitor("queries", queries);
    visitor("keys", keys);
  }
};

}  // namespace

TEST_CASE_TEMPLATE("row_products: multiplies each row with each row", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  auto queries = tensor_of<Real, 2, Space>({1, 2, 0, -1}, 2, 2),
       keys = tensor_of<Real, 2, Space>({3, 4, 1, 0, 0, 5}, 3, 2);
  ls::Inference<Space> context;
  const auto y = ls::row_products<Real, Space>(context, queries.view(), keys.view());
  context.fence();
  CHECK(ls::copy_to_host(y.data) == std::vector<Real>{11, 1, 10, -4, 0, -5});
}

TEST_CASE("row_products: gradients equal central differences") { check::gradients<RowProductsCase>(); }

TEST_CASE("row_products: the same bits everywhere") {
  check::same_bits<RowProductsCase>(5);
  check::inference_equals_training<RowProductsCase>(5);
}

TEST_CASE("row_products: refuses rows of another width") {
  using Space = Kokkos::Serial;
  ls::Inference<Space> context;
  ls::Tensor<float, 2, Space> queries(2, 3), keys(4, 5);
  CHECK_THROWS_WITH_AS((ls::row_products<float, Space>(context, queries.view(), keys.view())),
                       "row_products: the queries have 3 features, the keys 5", ls::ShapeError);
}

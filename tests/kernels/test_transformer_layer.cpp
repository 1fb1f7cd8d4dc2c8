// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/kernels/transformer_layer.hpp>
#include <vector>

#include "../support/check_block.hpp"
#include "../support/transformer_arrays.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("transformer_layer_forward: on views, equals loops, with norms first or behind", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const bool norm_first : {false, true})
    for (const bool gelu : {false, true})
      for (const auto& lengths : {std::vector<ls::Index>{1}, {0, 3, 0, 20, 1}, {90, 2, 40, 40, 0}}) {
        CAPTURE(norm_first);
        CAPTURE(gelu);
        TransformerArraysOf<Real, Space> given(lengths, 2, 3, 9, lengths.size() > 1, norm_first, gelu);
        check::close<double>(given.forward(), TransformerNumbers(given).output(), 3 * tolerance<Real>);
      }
}

TEST_CASE("transformer_layer_forward: leaves a second array of hidden units only where backward cannot do without") {
  using Space = Kokkos::Serial;
  TransformerArraysOf<float, Space> given({5, 6}, 2, 3, 9, false, false, false);
  auto arrays = given.arrays();  // 11 rows, 6 features, 9 hidden units
  CHECK_FALSE(arrays.separate());
  CHECK(arrays.left_size() == 3 * 66 + 4 * 11 + 99);
  CHECK(arrays.active() == arrays.kept());
  arrays.activation = ls::ActivationKind::gelu;
  CHECK(arrays.separate());
  CHECK(arrays.left_size() == 3 * 66 + 4 * 11 + 2 * 99);
  CHECK(arrays.active() == arrays.kept() + 99);
  arrays.activation = ls::ActivationKind::relu;
  arrays.drop.first_kept = 1;
  CHECK(arrays.separate());
}

TEST_CASE_TEMPLATE("transformer_layer_forward: with every element dropped, the residual sum alone is left", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  TransformerArraysOf<Real, Space> given({4, 0, 30}, 2, 3, 9, true, true, true);
  auto arrays = given.arrays();
  arrays.drop = {ls::Random(1), 0xFFFFFFFF, Real(5)};
  ls::Tensor<Real, 1, Space> left(static_cast<ls::Index>(arrays.left_size()));
  arrays.left = left.data();
  ls::Tensor<Real, 2, Space> y(34, 6);
  ls::Tensor<Real, 1, Space> workspace(static_cast<ls::Index>(ls::transformer_layer_forward_workspace(arrays)));
  ls::transformer_layer_forward<Real, Space>(Space(), given.attention.x.view(), given.weights(), arrays, y.view(),
                                             workspace.view());
  CHECK(numbers_of(y.view()) == numbers_of(given.attention.x.view()));
}

// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/kernels/target_attention_group_gradients.hpp>
#include <vector>

#include "../support/target_attention_arrays.hpp"

namespace ls = longshore;
using Space = Kokkos::Serial;

TEST_CASE("target_attention_group_gradients: groups may run in any order and write nothing of each other") {
  WindowList list;
  for (ls::Index w = 0; w < 120; ++w) {
    list.begin.push_back(5 * w);
    list.end.push_back(5 * w + 12);
  }
  list.steps = list.end.back();
  TargetAttentionArrays<float, Space> arrays(list, 1, 3, {5, 4});
  arrays.forward(1, true);
  const auto groups = ls::target_attention_groups(arrays.placed.windows(), 1, true);
  REQUIRE(groups.count > 2);
  using Functor = ls::TargetAttentionGroupGradients<float, Space>;
  const auto& shape = arrays.shape;
  const std::vector<float> upright(static_cast<std::size_t>(shape.upright_size()), 0.5f);
  const auto run = [&](bool backwards) {
    const auto count = static_cast<std::size_t>(groups.count);
    std::vector<float> dk(static_cast<std::size_t>(arrays.placed.pair_count) * 3),
        dfirst(120 * static_cast<std::size_t>(shape.stride[0]));
    std::vector<float> dq(120 * 3), parts(count * static_cast<std::size_t>(shape.gradient_size()));
    std::vector<float> tiles(count * static_cast<std::size_t>(Functor::tile_size(shape)));
    const Functor functor{groups,
                          shape,
                          ls::ActivationKind::sigmoid,
                          1,
                          arrays.scores.data(),
                          arrays.k.data(),
                          arrays.q.data(),
                          arrays.weights[0].data(),
                          upright.data(),
                          arrays.packed.data() + shape.packed_output(),
                          arrays.hidden.data(),
                          dk.data(),
                          dfirst.data(),
                          dq.data(),
                          parts.data(),
                          tiles.data()};
    for (ls::Index g = 0; g < groups.count; ++g) functor(ls::HostTeam{backwards ? groups.count - 1 - g : g});
    dk.insert(dk.end(), dq.begin(), dq.end());
    dk.insert(dk.end(), dfirst.begin(), dfirst.end());
    dk.insert(dk.end(), parts.begin(), parts.end());
    return dk;
  };
  const auto forwards = run(false);
  CHECK(forwards == run(true));
  for (std::size_t i = 0; i < static_cast<std::size_t>(arrays.placed.pair_count) * 3; ++i) CHECK(forwards[i] != 0);
}

TEST_CASE("target_attention_group_gradients: the functor is small enough for a light launch") {
  CHECK(sizeof(ls::TargetAttentionGroupGradients<double, Space>) < 480);
  CHECK(sizeof(ls::TargetAttentionScores<double, Space>) < 480);
}

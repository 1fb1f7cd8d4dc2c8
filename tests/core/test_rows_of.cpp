// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/rows_of.hpp>

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <longshore/core/inference.hpp>
#include <longshore/core/tensor.hpp>
#include <longshore/embeddings/embedding_table.hpp>
#include <longshore/fusers/mean_fuser.hpp>
#include <longshore/layers/activation.hpp>
#include <longshore/layers/layer_norm.hpp>
#include <longshore/layers/linear.hpp>
#include <longshore/layers/mlp.hpp>
#include <longshore/pooling/target_attention_pooling.hpp>
#include <longshore/scorers/cosine_scorer.hpp>
#include <longshore/scorers/dot_product_scorer.hpp>
#include <longshore/scorers/factorization_machine.hpp>

#include "../support/error_text.hpp"

namespace ls = longshore;
using Space = Kokkos::Serial;
using Cube = ls::Cube<float, Space>;
using test::error_text;

TEST_CASE("rows_of: the vectors of a cube are rows, with its elements, gradient and step") {
  std::vector<float> numbers(24);
  ls::Gradient gradient;
  const Cube cube(ls::View<float, 3, Space>(numbers.data(), 2, 3, 4), &gradient, 17);
  const auto rows = ls::rows_of("Here", cube);
  CHECK(rows.extent(0) == 6);
  CHECK(rows.extent(1) == 4);
  CHECK(rows.data.data() == numbers.data());
  CHECK(rows.gradient == &gradient);
  CHECK(rows.step == 17);
  CHECK_THROWS_WITH_AS(ls::rows_of("Here", Cube(ls::View<float, 3, Space>(nullptr, 65536, 32768, 1))),
                       "Here: the number of vectors is at least 0 and below 2^31, it is 2147483648", ls::ShapeError);
}

TEST_CASE("P22: blocks refuse more vectors than an Index counts, before they read one") {
  constexpr ls::Index many = 50'000;  // its square is 2,500,000,000, or -1,794,967,296 in 32 bits
  const Cube huge(ls::View<float, 3, Space>(nullptr, many, many, 1));
  ls::Inference<Space> context;
  const auto refusal = [&](const auto& call) { return error_text<ls::ShapeError>(call); };
  const std::string vectors = ": the number of vectors is at least 0 and below 2^31, it is 2500000000";
  const std::string shape = ": users times candidates is at least 0 and below 2^31, it is 2500000000";
  CHECK(refusal([&] { ls::Activation<float, Space>({.kind = ls::ActivationKind::tanh})(context, huge); }) ==
        "Activation" + vectors);
  CHECK(refusal([&] { ls::LayerNorm<float, Space>({.features = 1})(context, huge); }) == "LayerNorm" + vectors);
  CHECK(refusal([&] { ls::Linear<float, Space>({.in = 1, .out = 1})(context, huge); }) == "Linear" + vectors);
  CHECK(refusal([&] { ls::Mlp<float, Space>({.in = 1, .sizes = {1}}).behind_first(context, huge); }) ==
        "Mlp" + vectors);
  const ls::View<const ls::Id, 2, Space> ids(nullptr, many, many);
  CHECK(refusal([&] { ls::EmbeddingTable<float, Space>({.rows = 1, .features = 1})(context, ids); }) ==
        "EmbeddingTable: the number of ids is at least 0 and below 2^31, it is 2500000000");
  CHECK(refusal([&] { ls::MeanFuser<float, Space>()(context, {}, {huge}); }) == "MeanFuser" + shape);
  ls::Tensor<float, 3, Space> users(many, 1, 1);
  users.fill_with_zeros();
  CHECK(refusal([&] { ls::DotProductScorer<float, Space>()(context, Cube(users.view()), huge); }) ==
        "DotProductScorer" + shape);
  CHECK(refusal([&] { ls::CosineScorer<float, Space>()(context, Cube(users.view()), huge); }) ==
        "CosineScorer" + shape);
  const ls::FactorizationMachine<float, Space> machine({.interest = 1, .candidate = 1});
  CHECK(refusal([&] { machine(context, Cube(users.view()), huge, {}, {}); }) == "FactorizationMachine" + shape);
  CHECK(refusal([&] { machine(context, huge, Cube(users.view()), {}, {}); }) ==
        "FactorizationMachine: users times vectors is at least 0 and below 2^31, it is 2500000000");
  ls::Tensor<ls::Index, 1, Space> bounds(many), pairs(many + 1);  // empty windows
  bounds.fill_with_zeros();
  pairs.fill_with_zeros();
  const ls::Windowed<float, Space> windowed(ls::View<float, 2, Space>(nullptr, 0, 1),
                                            {bounds.view(), bounds.view(), pairs.view(), 0, 0});
  CHECK(refusal([&] { ls::TargetAttentionPooling<float, Space>({.features = 1})(context, huge, windowed); }) ==
        "TargetAttentionPooling: windows times candidates is at least 0 and below 2^31, it is 2500000000");
}

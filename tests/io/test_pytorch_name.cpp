// SPDX-License-Identifier: Apache-2.0
#include <longshore/io/pytorch_name.hpp>

#include <set>
#include <string>

#include <doctest/doctest.h>

#include <longshore/core/visit.hpp>
#include <longshore/encoders/gru.hpp>
#include <longshore/encoders/lstm.hpp>
#include <longshore/encoders/self_attention.hpp>
#include <longshore/layers/layer_norm.hpp>

namespace ls = longshore;

namespace {

using Space = Kokkos::DefaultHostExecutionSpace;

/// The names of all parameters of a block.
template <class Block>
std::set<std::string> names_of(const Block& block) {
  std::set<std::string> names;
  ls::visit_parameters(block, [&](const ls::Path& path, const auto&) { names.insert(ls::pytorch_name(path.text())); });
  return names;
}

}  // namespace

TEST_CASE("blocks that PyTorch has get the names of its state_dict") {
  CHECK(names_of(ls::Linear<float, Space>({.in = 2, .out = 3})) == std::set<std::string>{"weight", "bias"});
  CHECK(names_of(ls::LayerNorm<float, Space>({.features = 2})) == std::set<std::string>{"weight", "bias"});
  CHECK(names_of(ls::SelfAttention<float, Space>({.features = 4, .heads = 2})) ==
        std::set<std::string>{"in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"});
  CHECK(names_of(ls::Gru<float, Space>({.in = 2, .hidden = 3})) ==
        std::set<std::string>{"weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"});
  CHECK(names_of(ls::Lstm<float, Space>({.in = 2, .hidden = 3, .layers = 2, .bidirectional = true, .bias = false})) ==
        std::set<std::string>{"weight_ih_l0", "weight_hh_l0", "weight_ih_l0_reverse", "weight_hh_l0_reverse",
                              "weight_ih_l1", "weight_hh_l1", "weight_ih_l1_reverse", "weight_hh_l1_reverse"});
}

TEST_CASE("names of modules stay, however deep they lie") {
  CHECK(ls::pytorch_name("items.weights") == "items.weight");
  CHECK(ls::pytorch_name("tower.10.weights") == "tower.10.weight");
  CHECK(ls::pytorch_name("long_term.encode.layers.11.weights_hidden") == "long_term.encode.weight_hh_l11");
  CHECK(ls::pytorch_name("a.reverse_layers.0.bias_input") == "a.bias_ih_l0_reverse");
  CHECK(ls::pytorch_name("blocks.3.attention.in_proj.bias") == "blocks.3.attention.in_proj_bias");
}

TEST_CASE("what only looks alike stays as it is") {
  for (const std::string path : {"", "bias", "fuse.project.bias", "intent.matrix", "weights.scale", "my_weights",
                                 "weights_input", "3.weights_input", "towers.3.weights_input", "main_proj.bias"})
    CHECK(ls::pytorch_name(path) == path);
  CHECK(ls::pytorch_name("main_proj.weights") == "main_proj.weight");
}

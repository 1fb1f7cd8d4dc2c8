// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/io/pytorch_name.hpp>
#include <string>
#include <string_view>
#include <utility>

/// What exchange.py calls a parameter of the pipeline: its modules have names of their own, below them PyTorch's.
inline std::string name_in_script(const std::string& path) {
  constexpr std::pair<std::string_view, std::string_view> modules[] = {
      {"items.", "embedding."},
      {"taste.", "lstm."},
      {"intent.matrix", "attention.weight"},  // a Linear there, a block with a query here
      {"intent.bias", "attention.bias"},
      {"intent.query", "query"},
      {"fuse.project.", "join."}};
  std::string name = longshore::pytorch_name(path);  // "taste.layers.0.weights_input" is "taste.weight_ih_l0"
  for (const auto& [ours, theirs] : modules)
    if (name.starts_with(ours)) return name.replace(0, ours.size(), theirs);
  return name;
}

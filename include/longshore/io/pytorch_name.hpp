// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <longshore/core/abi.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The name that PyTorch's `state_dict` has for a parameter, where a module is called as the part of the model is: for
/// `LoadSettings::rename` and `SaveSettings::rename`.
///
///     items.weights                       items.weight                Embedding, Linear, LayerNorm
///     taste.layers.1.weights_input        taste.weight_ih_l1          LSTM, GRU
///     taste.layers.1.weights_hidden       taste.weight_hh_l1
///     taste.layers.1.bias_input           taste.bias_ih_l1
///     taste.reverse_layers.1.bias_hidden  taste.bias_hh_l1_reverse
///     attention.in_proj.weights           attention.in_proj_weight    MultiheadAttention
///     fuse.bias                           fuse.bias                   all others stay
///
/// The numbers stay as they are: layout (row-major, outputs first) and order of the gates are the same in both. Where
/// modules have names of their own, such as `self_attn` in TransformerEncoderLayer, give `rename` a function that calls
/// this one and changes them.
///
/// Cost: O(letters).
///
/// @param path  of a parameter, as `visit` names it
inline std::string pytorch_name(const std::string& path) {
  std::string rest = path;
  const auto last_part = [&rest] {  // which `rest` loses
    const std::size_t dot = rest.rfind('.');
    std::string part = rest.substr(dot == std::string::npos ? 0 : dot + 1);
    rest.resize(dot == std::string::npos ? 0 : dot);
    return part;
  };
  const auto joined = [&rest](const std::string& name) { return rest.empty() ? name : rest + "." + name; };

  const std::string leaf = last_part();
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> recurrent = {{{"weights_input", "weight_ih"},
                                                                                       {"weights_hidden", "weight_hh"},
                                                                                       {"bias_input", "bias_ih"},
                                                                                       {"bias_hidden", "bias_hh"}}};
  for (const auto& [ours, theirs] : recurrent)
    if (leaf == ours) {
      const std::string number = last_part(), list = last_part();
      if (list != "layers" && list != "reverse_layers") return path;
      return joined(std::string(theirs) + "_l" + number + (list == "layers" ? "" : "_reverse"));
    }
  const std::string name = leaf == "weights" ? "weight" : leaf;
  if (rest == "in_proj" || rest.ends_with(".in_proj")) return rest + "_" + name;
  return joined(name);
}

}  // namespace longshore::inline LONGSHORE_ABI

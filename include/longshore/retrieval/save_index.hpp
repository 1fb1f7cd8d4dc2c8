// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <type_traits>

#include <longshore/io/safetensors_writer.hpp>
#include <longshore/retrieval/top_k_lists.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Writes an index, `TopK` or `QuantizedTopK`, to a safetensors file, which appears whole or not at all. Blocks.
///
/// The file has the items as they are compared, `items` (I, D), for cosines of length 1, and in its metadata
/// `similarity`, dot or cosine: nothing of a machine's layout, so that either index may be made of it anywhere.
///
/// Cost: O(I D); memory, of `TopK`, a copy of the items.
///
/// @throws FileError if it cannot be written; the old file is then as it was
template <class AnyIndex>
void save_index(const AnyIndex& index, const std::filesystem::path& path) {
  using Real = typename AnyIndex::value_type;
  const auto& table = index.table();  // of TopK a copy, which lives as long
  SafetensorsWriter writer(path,
                           {{.name = "items",
                             .dtype = dtype_of<Real>(),
                             .shape = {std::int64_t{index.items()}, std::int64_t{index.features()}}}},
                           {{"similarity", index.similarity() == ItemSimilarity::cosine ? "cosine" : "dot"}});
  writer.template write<Real>("items", std::span<const Real>(table.data(), table.size()));
  writer.commit();
}

}  // namespace longshore::inline LONGSHORE_ABI

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <utility>

#include <longshore/core/tensor.hpp>
#include <longshore/io/in_quotes.hpp>
#include <longshore/io/safetensors_reader.hpp>
#include <longshore/linalg/dot.hpp>
#include <longshore/retrieval/top_k.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Makes an index of a file that `save_index` wrote, or another program: items (I, D) and, in the metadata, similarity.
/// Blocks.
///
///     const auto index = load_index<QuantizedTopK<float>>("items.safetensors");
///
/// An index gives the lists, bit for bit, of the one that was saved.
///
/// Cost: O(I D), read once; memory a second copy until the index is made.
///
/// @tparam AnyIndex  `TopK` or `QuantizedTopK`, of the file's precision
/// @throws FileError with path, and byte where there is one, if the file is not such an index
template <class AnyIndex>
AnyIndex load_index(const std::filesystem::path& path) {
  using Real = typename AnyIndex::value_type;
  using Space = typename AnyIndex::space;
  const SafetensorsReader reader(path);
  const auto similarity = reader.metadata("similarity");
  expects<FileError>(similarity == "dot" || similarity == "cosine", "load_index: ", reader.path(),
                     ": expected the similarity dot or cosine in the metadata, got ",
                     similarity ? in_quotes(*similarity) : "none");
  const auto entry = reader.find("items");
  constexpr std::int64_t most = std::numeric_limits<Index>::max();
  expects<FileError>(
      entry && entry->shape.size() == 2 && entry->shape[0] <= most && entry->shape[1] <= most && entry->shape[1] > 0,
      "load_index: ", reader.path(), ": expected a tensor items of two extents, items and features");
  Tensor<Real, 2, Space> table(entry->shape[0], entry->shape[1]);
  reader.read<Real>("items", std::span<Real>(table.data(), table.size()));
  const bool cosine = similarity == "cosine";
  for (Index i = 0; cosine && i < table.extent(0); ++i) {
    const Real* row = table.view().row(i);
    const Real square = dot(row, row, table.extent(1));
    expects<FileError>(square == 0 || std::fabs(square - 1) < Real(1e-3), "load_index: ", reader.path(),
                       ": expected items of length 1 or 0, as the similarity is cosine, item ", i, " has ",
                       std::sqrt(square));
  }
  return AnyIndex(std::as_const(table).view(),
                  {.similarity = cosine ? ItemSimilarity::cosine : ItemSimilarity::dot, .unit_rows = true});
}

}  // namespace longshore::inline LONGSHORE_ABI

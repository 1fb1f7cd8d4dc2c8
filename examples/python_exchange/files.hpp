// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <longshore/core/batch.hpp>
#include <vector>

namespace ls = longshore;
using Host = Kokkos::DefaultHostExecutionSpace;
using Batch = ls::Batch<Host>;

constexpr ls::Index recent = 5;  // steps of the short-term view, as in exchange.py

/// Sizes of the model.
struct Sizes {
  ls::Id items = 30;
  ls::Index features = 5, hidden = 6, layers = 2, attention = 4;
};

/// Histories and candidates, with the scores that the writer of the file has for them.
struct Examples {
  std::vector<ls::Id> items;       // (N) steps, history after history
  std::vector<ls::Index> offsets;  // (B + 1)
  std::vector<ls::Id> candidates;  // (B, C)
  std::vector<float> scores;       // (B, C)
  ls::Index users() const { return static_cast<ls::Index>(offsets.size()) - 1; }
  ls::Index width() const { return static_cast<ls::Index>(candidates.size()) / users(); }
};

/// The sizes that the tensors of a model have.
///
/// @throws ls::FileError naming the tensor that is missing or has other dimensions
Sizes sizes_of(const std::filesystem::path& model);

/// @throws ls::FileError for a file of other tensors
Examples read_examples(const std::filesystem::path& path);
void write_examples(const std::filesystem::path& path, const Examples& examples);

/// What the pipeline reads: each history as the long view, its last steps as the short one.
///
/// @throws ls::DataError for offsets that do not cut the steps into histories of at least one
void fill(const Examples& examples, Batch& batch);

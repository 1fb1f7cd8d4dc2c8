// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <iosfwd>
#include <longshore/data/histories.hpp>
#include <span>
#include <string>
#include <vector>

#include "model.hpp"

/// What all threads share: the model, the items that it knows, what users did. Read once, const from then on.
///
/// A folder has it as model.safetensors, items.csv (row of the table, key, title) and events.csv (user, item, time),
/// which may have grown since the training.
struct Store {
  Model model;
  ls::IdMap items;                  // I keys, in the order of the model's rows
  std::vector<std::string> titles;  // (I)
  ls::IdMap users;                  // U keys
  ls::Histories histories;          // of the users; items that the model does not know have the id I
  std::vector<float> popularity;    // (I) events

  /// @throws ls::Error for files that are missing, damaged, or do not fit each other
  explicit Store(const std::filesystem::path& folder);

  ls::Id item_count() const { return items.size(); }
  std::span<const ls::Id> history(ls::Id user) const {
    const auto begin = histories.offsets[static_cast<std::size_t>(user)];
    return std::span(histories.items).subspan(begin, histories.length(user));
  }
};

/// Trains a small model and writes all that a store reads.
///
/// @param data   a log of users, items and times; empty: the synthetic one
/// @param users  of the synthetic one
/// @param out    is told what happens
void train(const std::filesystem::path& folder, const std::string& data, ls::Id users, std::ostream& out);

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <longshore/core/error.hpp>
#include <longshore/data/check_log.hpp>
#include <longshore/data/name_items.hpp>
#include <longshore/data/read_csv.hpp>
#include <longshore/data/read_inter.hpp>
#include <longshore/data/read_movielens.hpp>
#include <longshore/data/read_sequences.hpp>
#include <longshore/io/find_invalid_utf8.hpp>
#include <longshore/io/text_stream.hpp>

/// Reads bytes as an interaction log, by the reader that the first byte chooses, with small limits.
///
/// @return  whether a log came that keeps all that `check_log` asks for, its keys lead back to their ids and its names
///          are UTF-8, or a `FileError` that begins with the reader and the place
inline bool log_reader_holds(std::span<const std::uint8_t> bytes) {
  namespace ls = longshore;
  if (bytes.empty()) return true;
  const unsigned choice = bytes[0];
  const std::string text(bytes.begin() + 1, bytes.end());
  ls::ReadSettings settings;
  settings.limits = {.line_bytes = 200, .fields = 30, .rows = 50, .users = 20, .items = 20};
  if ((choice & 8) != 0) settings.numbering = ls::Numbering::ascending;
  const auto lines = [&](ls::Encoding encoding) {
    return ls::LineReader(ls::text_stream(text), "text", settings.limits, encoding);
  };
  const std::string names[] = {"read_movielens", "read_inter", "read_csv", "read_sequences", "name_items"};
  const std::string& name = names[(choice & 7) % 5];
  ls::InteractionLog log;
  try {
    if (name == "read_movielens") log = ls::read_movielens(lines(ls::Encoding::utf8), settings);
    if (name == "read_inter") log = ls::read_inter(lines(ls::Encoding::utf8), settings);
    if (name == "read_csv") log = ls::read_csv(lines(ls::Encoding::utf8), settings);
    if (name == "read_sequences") log = ls::read_sequences(lines(ls::Encoding::utf8), settings);
    if (name == "name_items") {
      log.item_ids = ls::IdMap::dense("items", 5);
      ls::name_items(log, lines(ls::Encoding::bytes));
    }
  } catch (const ls::FileError& error) {
    return std::string_view(error.what()).starts_with(name + ": text:");
  }
  ls::check_log(log);
  if (log.size() > settings.limits.rows || log.user_count() > 20 || log.item_count() > 20) return false;
  for (ls::Id id = 0; id < log.user_count(); ++id)
    if (log.user_ids.find(log.user_ids.key(id)) != id) return false;
  for (ls::Id id = 0; id < log.item_count(); ++id)
    if (log.item_ids.find(log.item_ids.key(id)) != id) return false;
  const auto is_utf8 = [](const std::string& words) { return ls::find_invalid_utf8(words) == std::string::npos; };
  return std::ranges::all_of(log.item_names, is_utf8) && std::ranges::all_of(log.item_categories, is_utf8);
}

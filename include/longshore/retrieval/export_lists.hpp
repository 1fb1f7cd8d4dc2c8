// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <longshore/core/inference.hpp>
#include <longshore/io/atomic_file.hpp>
#include <longshore/io/csv_cell.hpp>
#include <longshore/io/dtype.hpp>
#include <longshore/io/npy_header.hpp>
#include <longshore/retrieval/query_filters.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// How far an export has come.
struct ExportProgress {
  Index done, total;  ///< users
  double seconds;     ///< since it began
};

/// What `export_lists` writes. A path that is empty is not written.
struct ExportSettings {
  Index k = 10;                                  ///< items of a list
  std::filesystem::path csv = {};                ///< user, rank (from 1), item, score: a row for each item
  std::filesystem::path items = {};              ///< (U, K) .npy of item ids; -1 where there are fewer
  std::filesystem::path scores = {};             ///< (U, K) .npy of scores; minus infinity likewise
  std::function<std::string(Id)> user_key = {};  ///< names users in the CSV; empty: their ids
  std::function<std::string(Id)> item_key = {};  ///< names items in the CSV; empty: their ids
  std::function<void(const ExportProgress&)> progress =
      {};              ///< called after each block; what it throws ends the export
  Index block = 1024;  ///< users at a time
};

/// Finds the lists of all users and writes them as CSV, NumPy arrays, or both. Blocks.
///
///     export_lists(index, users, {.k = 100, .csv = "lists.csv", .items = "items.npy"}, {.removed = seen});
///
/// Each file appears whole or not at all (see AtomicFile), and only when all lists are there. Scores are written with
/// the fewest digits that give the same number again. In the CSV a list ends where there are no more items.
///
/// Cost: of the search of all users; memory of one block's lists and rows.
///
/// @param index    `TopK` or `QuantizedTopK`
/// @param users    (U, D) a query for each user
/// @param filters  a list for each user, or one for all; see `QueryFilters`
/// @throws ShapeError if settings, extents or filters do not fit
/// @throws DataError  if a number is not finite or an id is outside its table
/// @throws FileError  if a file cannot be written; the old one is then as it was
template <class AnyIndex>
void export_lists(
    const AnyIndex& index,
    const std::type_identity_t<View<const typename AnyIndex::value_type, 2, typename AnyIndex::space>>& users,
    const ExportSettings& settings, const QueryFilters<typename AnyIndex::space>& filters = {}) {
  using Real = typename AnyIndex::value_type;
  using Space = typename AnyIndex::space;
  const Index total = users.extent(0), k = settings.k;
  expects(settings.block > 0, "export_lists: expected blocks of at least one user, got ", settings.block);
  expects(k > 0, "export_lists: expected to find at least one item, got k = ", k);
  expects(!settings.csv.empty() || !settings.items.empty() || !settings.scores.empty(),
          "export_lists: give at least one of the paths csv, items and scores");
  RowsOfFilters<Space> rows("export_lists", filters, total);
  std::optional<AtomicFile> csv, items, scores;
  const auto open = [&](std::optional<AtomicFile>& file, const std::filesystem::path& path, const std::string& head) {
    if (path.empty()) return;
    file.emplace(path);
    file->write(std::as_bytes(std::span(head)));
  };
  const std::array<std::int64_t, 2> shape{total, k};
  open(csv, settings.csv, "user,rank,item,score\n");
  open(items, settings.items, NpyHeader::text(dtype_of<Id>(), shape));
  open(scores, settings.scores, NpyHeader::text(dtype_of<Real>(), shape));
  const auto start = std::chrono::steady_clock::now();
  Inference<Space> context;
  std::string text;
  for (Index first = 0; first < total; first += settings.block) {
    const Index count = std::min(settings.block, total - first);
    context.reset();
    const View<const Real, 2, Space> some(users.row(first), count, users.extent(1));
    const auto lists = index(context, some, k, rows.of(first, count));
    context.fence();
    text.clear();
    for (Index user = 0; csv && user < count; ++user)
      for (Index j = 0; j < k && lists.items(user, j) >= 0; ++j) {
        const auto key = [&](const auto& name, Id id) {
          name ? append_csv_cell(text, name(id)) : append_csv_cell(text, id);
          text += ',';
        };
        key(settings.user_key, first + user);
        append_csv_cell(text, j + 1);
        text += ',';
        key(settings.item_key, lists.items(user, j));
        append_csv_cell(text, lists.scores(user, j));
        text += '\n';
      }
    if (csv) csv->write(std::as_bytes(std::span(text)));
    if (items) items->write(std::as_bytes(std::span(lists.items.data(), lists.items.size())));
    if (scores) scores->write(std::as_bytes(std::span(lists.scores.data(), lists.scores.size())));
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    if (settings.progress) settings.progress({first + count, total, seconds.count()});
  }
  for (auto* file : {&csv, &items, &scores})
    if (*file) (*file)->commit();
}

}  // namespace longshore::inline LONGSHORE_ABI

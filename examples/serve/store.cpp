// SPDX-License-Identifier: Apache-2.0
#include "store.hpp"

#include <algorithm>
#include <charconv>
#include <longshore/data/read_csv.hpp>
#include <longshore/data/renumber_as.hpp>
#include <longshore/io/delimited_reader.hpp>
#include <longshore/io/load.hpp>

namespace {

/// Features of the model, which its metadata has.
ls::Index features_of(const ls::SafetensorsReader& reader) {
  const std::string text = reader.metadata("features").value_or("nothing");
  ls::Index features = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, features);
  ls::expects<ls::FileError>(error == std::errc() && stop == end && features > 0 && features <= 4096, reader.path(),
                             ": expected a model of this program, whose metadata says features, from 1 to 4096; got ",
                             ls::excerpt(text));
  return features;
}

}  // namespace

Store::Store(const std::filesystem::path& folder) : items("items") {
  ls::DelimitedReader table(ls::LineReader(folder / "items.csv"));
  const char* const columns[] = {"row", "key", "title"};
  const bool any = table.next();
  ls::expects<ls::FileError>(any, table.lines().name(), ": expected the columns row, key and title, the file is empty");
  for (std::size_t field = 0; field < 3; ++field)
    if (table.size() != 3 || table.word(field) != columns[field])
      table.fail(0, "expected the columns row, key and title");
  while (table.next()) {
    if (table.number<ls::Id>(0) != items.size()) table.fail(0, "expected the row ", items.size());
    const ls::Id row = items.size();
    if (items.insert(table.word(1)) != row) table.fail(1, "this key has another row already");
    titles.emplace_back(table.text(2));
  }

  const ls::SafetensorsReader reader(folder / "model.safetensors");
  ls::expects<ls::FileError>(items.size() > 0, table.lines().name(), ": there are no items");
  model = make_model(item_count(), features_of(reader));
  ls::load(model, reader);

  ls::InteractionLog log = ls::read_csv(folder / "events.csv");
  ls::InteractionLog known;
  known.item_ids = items;
  ls::renumber_as(log, known);
  histories = ls::histories(log);
  users = std::move(log.user_ids);
  popularity.resize(static_cast<std::size_t>(item_count()));
  for (const ls::Id item : histories.items)
    if (item < item_count()) ++popularity[static_cast<std::size_t>(item)];
}

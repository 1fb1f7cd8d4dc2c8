// SPDX-License-Identifier: Apache-2.0
#include "files.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <longshore/io/safetensors_reader.hpp>
#include <longshore/io/safetensors_writer.hpp>

#include "names.hpp"

namespace {

/// The shape of a tensor that must be there.
std::vector<std::int64_t> shape_of(const ls::SafetensorsReader& reader, const std::string& name, std::size_t rank) {
  const auto entry = reader.find(name);
  ls::expects<ls::FileError>(entry && entry->shape.size() == rank, reader.path(), ": expected a tensor \"", name,
                             "\" of ", rank, " dimensions, there is ",
                             entry ? "one of " + std::to_string(entry->shape.size()) : "none");
  return entry->shape;
}

/// Numbers of a tensor of 64-bit integers as ids or offsets.
std::vector<ls::Id> integers(const ls::SafetensorsReader& reader, const std::string& name) {
  std::vector<ls::Id> result;
  for (const std::int64_t number : reader.read<std::int64_t>(name)) {
    ls::expects<ls::DataError>(number >= 0 && number <= std::numeric_limits<ls::Id>::max(), reader.path(),
                               ": expected ids and offsets from 0 to 2^31-1 in \"", name, "\", got ", number);
    result.push_back(static_cast<ls::Id>(number));
  }
  return result;
}

/// A list as an array of the batch.
template <class T, class... Extents>
auto copied(Batch& batch, const std::vector<T>& list, Extents... extents) {
  const auto view = batch.allocate<T>(extents...);
  std::copy(list.begin(), list.end(), view.data());
  return view;
}

/// Windows over the last steps of each sequence.
ls::Windows<Host> windows(Batch& batch, const std::vector<ls::Index>& offsets, ls::Index most) {
  std::vector<ls::Index> begins, ends(offsets.begin() + 1, offsets.end()), pairs{0};
  ls::Index longest = 0;
  for (std::size_t b = 0; b < ends.size(); ++b) {
    const ls::Index length = std::min(ends[b] - offsets[b], most);
    begins.push_back(ends[b] - length);
    pairs.push_back(pairs.back() + length);
    longest = std::max(longest, length);
  }
  const auto count = static_cast<ls::Index>(ends.size());
  return {copied(batch, begins, count), copied(batch, ends, count), copied(batch, pairs, count + 1), pairs.back(),
          longest};
}

}  // namespace

Sizes sizes_of(const std::filesystem::path& model) {
  const ls::SafetensorsReader reader(model);
  const auto extent = [&](const char* path, std::size_t dimension) {
    const std::int64_t size = shape_of(reader, name_in_script(path), 2)[dimension];
    ls::expects<ls::FileError>(size <= std::numeric_limits<ls::Index>::max(), reader.path(), ": \"",
                               name_in_script(path), "\" has an extent of ", size);
    return static_cast<ls::Index>(size);
  };
  ls::Index layers = 1;
  while (reader.find(name_in_script("taste.layers." + std::to_string(layers) + ".weights_input"))) ++layers;
  return {.items = extent("items.weights", 0),
          .features = extent("items.weights", 1),
          .hidden = extent("taste.layers.0.weights_hidden", 1),
          .layers = layers,
          .attention = extent("intent.matrix", 0)};
}

Examples read_examples(const std::filesystem::path& path) {
  const ls::SafetensorsReader reader(path);
  const std::int64_t offsets = shape_of(reader, "offsets", 1)[0];
  const auto candidates = shape_of(reader, "candidates", 2), scores = shape_of(reader, "scores", 2);
  shape_of(reader, "items", 1);
  ls::expects<ls::FileError>(offsets >= 2 && candidates[0] == offsets - 1 && candidates[1] > 0 && candidates == scores,
                             reader.path(), ": expected candidates and scores (B, C) for offsets (B + 1), there are ",
                             offsets, " offsets, candidates ", candidates[0], " x ", candidates[1], " and scores ",
                             scores[0], " x ", scores[1]);
  return {integers(reader, "items"), integers(reader, "offsets"), integers(reader, "candidates"),
          reader.read<float>("scores")};
}

void write_examples(const std::filesystem::path& path, const Examples& examples) {
  const auto wide = [](const auto& list) { return std::vector<std::int64_t>(list.begin(), list.end()); };
  const auto items = wide(examples.items), offsets = wide(examples.offsets), candidates = wide(examples.candidates);
  const std::vector<std::int64_t> shape{examples.users(), examples.width()};
  const auto size = [](const auto& list) { return std::vector{static_cast<std::int64_t>(list.size())}; };
  ls::SafetensorsWriter writer(path, {{.name = "items", .dtype = ls::Dtype::i64, .shape = size(items)},
                                      {.name = "offsets", .dtype = ls::Dtype::i64, .shape = size(offsets)},
                                      {.name = "candidates", .dtype = ls::Dtype::i64, .shape = shape},
                                      {.name = "scores", .dtype = ls::Dtype::f32, .shape = shape}});
  writer.write<std::int64_t>("items", items);
  writer.write<std::int64_t>("offsets", offsets);
  writer.write<std::int64_t>("candidates", candidates);
  writer.write<float>("scores", examples.scores);
  writer.commit();
}

void fill(const Examples& examples, Batch& batch) {
  const auto& [items, offsets, candidates, scores] = examples;
  const auto steps = static_cast<ls::Index>(items.size());
  const bool ascend = std::ranges::adjacent_find(offsets, std::greater_equal<>()) == offsets.end();
  ls::expects<ls::DataError>(ascend && offsets.front() == 0 && offsets.back() == steps,
                             "expected offsets that ascend from 0 to the ", steps,
                             " steps, a step or more each, got others");
  batch.reset();
  batch.users = copied(batch, std::vector<ls::Id>(offsets.size() - 1), examples.users());
  batch.history.items = copied(batch, items, steps);
  batch.long_term = windows(batch, offsets, steps);
  batch.short_term = windows(batch, offsets, recent);
  batch.history.offsets = {copied(batch, offsets, examples.users() + 1), batch.long_term.longest};
  batch.candidates = copied(batch, candidates, examples.users(), examples.width());
}

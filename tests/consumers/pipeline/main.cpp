// SPDX-License-Identifier: Apache-2.0
// Trains the pipeline on as many items as the folder's items.txt.gz has lines, and saves it there before and after.
#include "pipeline.hpp"

#include <filesystem>
#include <iostream>

#include <longshore/io/line_reader.hpp>
#include <longshore/io/save.hpp>
#include <longshore/version.hpp>

int main(int count, char** arguments) try {
  if (count != 2) throw ls::Error("give one folder");
  const std::filesystem::path folder = arguments[1];
  const Kokkos::ScopeGuard kokkos;
  ls::Id items = 0;
  ls::LineReader names(folder / "items.txt.gz");
  while (names.next()) ++items;
  Pipeline model(items);
  ls::save(model, folder / "before.safetensors");
  const Losses losses = learn(model, items, 30);
  ls::save(model, folder / "after.safetensors", {{"pipeline", "GRU and the mean of the last steps"}});
  std::cout << "longshore " << LONGSHORE_VERSION_STRING << " on " << Space::name() << ": loss " << losses.first
            << " to " << losses.last << '\n';
} catch (const ls::Error& error) {
  std::cerr << error.what() << '\n';
  return 1;
}

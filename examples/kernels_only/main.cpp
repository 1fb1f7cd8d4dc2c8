// SPDX-License-Identifier: Apache-2.0
// Kernels without blocks, tape or arena, for those with a framework of their own: an LSTM and self-attention, forward
// and backward, on raw pointers and on xtensor arrays. Each is compared with a naive loop.
#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <longshore/core/error.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "kernels.hpp"

namespace {

constexpr ls::Index most_steps = 60;  // the naive loop runs twice for every number
constexpr double tolerance = 1e-5;    // of float against double

/// @param words  lengths of the sequences
/// @throws ls::Error naming the word that is none
Batch read_lengths(int count, char** words) {
  Batch batch;
  for (int i = 0; i < count; ++i) {
    const std::string_view word = words[i];
    ls::Index length = -1;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), length);
    if (error != std::errc() || end != word.data() + word.size() || length < 0 || length > most_steps)
      throw ls::Error("the length of a sequence is a whole number from 0 to " + std::to_string(most_steps) +
                      ", it is '" + std::string(word) + "'");
    batch.offsets.push_back(batch.steps() + length);
    batch.longest = std::max(batch.longest, length);
    if (batch.steps() > most_steps)
      throw ls::Error("the sequences have at most " + std::to_string(most_steps) +
                      " steps together, those up to number " + std::to_string(i + 1) + " have " +
                      std::to_string(batch.steps()));
  }
  return batch;
}

/// A number that differs if any bit of the results does (FNV-1a, 32 bits).
std::uint32_t hash_of(const Outcome& outcome) {
  std::uint32_t hash = 2166136261u;
  for (const std::vector<Real>* numbers : {&outcome.y, &outcome.gradients})
    for (const Real number : *numbers)
      for (const unsigned char byte : std::bit_cast<std::array<unsigned char, sizeof(Real)>>(number))
        hash = (hash ^ byte) * 16777619u;
  return hash;
}

void print(const std::vector<Outcome>& outcomes) {
  std::printf("%-14s %-12s %-8s %16s %17s\n", "", "", "", "workspace", "difference");
  std::printf("%-14s %-12s %-8s %7s %8s %7s %9s %8s\n", "kernel", "arrays", "executor", "forward", "backward", "y",
              "gradients", "hash");
  for (const Outcome& o : outcomes)
    std::printf("%-14s %-12s %-8s %7zu %8zu %7.1e %9.1e %08x\n", o.kernel.c_str(), o.arrays.c_str(), o.executor.c_str(),
                o.forward_workspace, o.backward_workspace, o.y_difference, o.gradient_difference, hash_of(o));
}

/// @throws ls::Error naming the first outcome that is wrong
void check(const Outcome& on_pointers, const Outcome& on_xtensor) {
  for (const Outcome* outcome : {&on_pointers, &on_xtensor})
    if (!(outcome->y_difference <= tolerance && outcome->gradient_difference <= tolerance))
      throw ls::Error(outcome->kernel + " on " + outcome->arrays + " differs from the naive loop");
  if (hash_of(on_pointers) != hash_of(on_xtensor))
    throw ls::Error(on_pointers.kernel + ": raw pointers and xtensor arrays give different bits");
}

void run(const Batch& batch) {
  std::printf("%d sequences, %d steps, the longest has %d; workspaces in numbers of %zu bytes\n\n", batch.sequences(),
              batch.steps(), batch.longest, sizeof(Real));
  std::vector<Outcome> outcomes{lstm_on_pointers(batch), self_attention_on_pointers(batch)};
  const Kokkos::ScopeGuard kokkos(ls::quiet_kokkos());  // for what runs on the threads of Kokkos; above nothing did
  outcomes.insert(outcomes.begin() + 1, lstm_on_xtensor(batch));
  outcomes.push_back(self_attention_on_xtensor(batch));
  print(outcomes);
  check(outcomes[0], outcomes[1]);
  check(outcomes[2], outcomes[3]);
  std::puts(
      "\nGreatest differences to a naive loop in double, relative where it is above 1.\n"
      "Raw pointers and xtensor arrays give the same bits.");
}

}  // namespace

int main(int count, char** words) try {
  Batch batch = read_lengths(count - 1, words + 1);
  if (count == 1) {
    batch.offsets = {0, 7, 7, 10, 22, 23};
    batch.longest = 12;
  }
  run(batch);
} catch (const std::exception& error) {
  std::fprintf(stderr, "kernels_only: %s\n", error.what());
  return 1;
}

// SPDX-License-Identifier: Apache-2.0

// The main of every doctest program: Kokkos lives around the cases. Questions such as --list-test-cases need no Kokkos.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>
#include <Kokkos_Core.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <span>
#include <string_view>

namespace {

bool is_question(std::string_view argument) {
  constexpr std::array<std::string_view, 13> questions = {
      "list-test-cases", "ltc", "list-test-suites", "lts", "?", "list-reporters", "lr", "count", "c", "h", "help", "v",
      "version"};
  argument.remove_prefix(std::min(argument.find_first_not_of('-'), argument.size()));
  return std::ranges::find(questions, argument) != questions.end();
}

}  // namespace

int main(int count, char** arguments) {
  doctest::Context context(count, arguments);
  const std::span<char*> words(arguments + 1, static_cast<std::size_t>(count - 1));
  if (std::ranges::any_of(words, is_question)) return context.run();
  try {
    const Kokkos::ScopeGuard kokkos(count, arguments);
    return context.run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "outside every test case: %s\n", error.what());
    return 1;
  }
}

// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <longshore/core/philox.hpp>

namespace ls = longshore;

// Random123's kat_vectors, philox 4x32 10.
TEST_CASE("philox gives the known answers of Random123") {
  const auto check = [](ls::FourWords counter, std::uint32_t key0, std::uint32_t key1, ls::FourWords expected) {
    const ls::FourWords actual = ls::philox(counter, key0, key1);
    for (int i = 0; i < 4; ++i) CHECK(actual.words[i] == expected.words[i]);
  };
  check({{0, 0, 0, 0}}, 0, 0, {{0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u}});
  check({{~0u, ~0u, ~0u, ~0u}}, ~0u, ~0u, {{0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu}});
  check({{0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u}}, 0xa4093822u, 0x299f31d0u,
        {{0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u}});
}

TEST_CASE("philox of some counters at a time gives what each gives alone") {
  std::uint64_t counters[4][5];
  for (std::uint32_t i = 0; i < 5; ++i)
    for (std::uint32_t w = 0; w < 4; ++w) counters[w][i] = (0x9E3779B9u * (4 * i + w + 1)) & 0xFFFFFFFFu;
  std::uint64_t words[4][5];
  std::copy(&counters[0][0], &counters[0][0] + 20, &words[0][0]);
  ls::philox(words, 0xa4093822u, 0x299f31d0u);
  for (std::size_t i = 0; i < 5; ++i) {
    ls::FourWords counter;
    for (std::size_t w = 0; w < 4; ++w) counter.words[w] = static_cast<std::uint32_t>(counters[w][i]);
    const ls::FourWords alone = ls::philox(counter, 0xa4093822u, 0x299f31d0u);
    for (std::size_t w = 0; w < 4; ++w) CHECK(words[w][i] == alone.words[w]);
  }
}

TEST_CASE("a word is chosen by its place modulo four") {
  const ls::FourWords four{{10, 11, 12, 13}};
  for (std::uint64_t i = 0; i < 9; ++i) CHECK(four.word(i) == 10 + i % 4);
}

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

/// Changes a text at random places, with a liking for what text readers stumble over.
inline std::string mutate(std::string text, std::mt19937& random) {
  static const std::vector<std::string> tokens = {"\"",
                                                  "\"\"",
                                                  ",",
                                                  "\n",
                                                  "\r\n",
                                                  "\r",
                                                  "\t",
                                                  "::",
                                                  "aab",
                                                  "\xff",
                                                  "\xc3\xa9",
                                                  "\xed\xa0\x80",
                                                  " ",
                                                  "1e999",
                                                  "nan",
                                                  "-",
                                                  "999999999999999999999",
                                                  std::string(1, '\0'),
                                                  "\xef\xbb\xbf",
                                                  ":token",
                                                  "user_id"};
  const auto below = [&](std::size_t count) { return random() % count; };
  for (std::size_t changes = 1 + below(4); changes > 0; --changes) {
    const std::size_t place = below(text.size() + 1);
    switch (below(4)) {
      case 0: text.insert(place, tokens[below(tokens.size())]); break;
      case 1: text.erase(place, 1 + below(4)); break;
      case 2: text.insert(place, text.substr(below(text.size() + 1), below(12))); break;
      default:
        if (place < text.size()) text[place] = static_cast<char>(below(256));
    }
  }
  return text;
}

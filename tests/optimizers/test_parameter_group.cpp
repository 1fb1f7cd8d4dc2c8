// SPDX-License-Identifier: Apache-2.0
#include <longshore/optimizers/parameter_group.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <regex>
#include <string>

namespace ls = longshore;

TEST_CASE("ParameterGroup: a star stands for any letters, also none, also dots") {
  const auto fits = [](const char* pattern, const char* name) {
    return ls::ParameterGroup{.pattern = pattern}.fits(name);
  };
  CHECK(fits("items.weights", "items.weights"));
  CHECK_FALSE(fits("items.weights", "items.weight"));
  CHECK_FALSE(fits("items.weights", "items.weights2"));
  CHECK_FALSE(fits("items.weights", "my.items.weights"));
  CHECK(fits("taste.*", "taste.lstm.0.bias"));
  CHECK_FALSE(fits("taste.*", "taste"));
  CHECK_FALSE(fits("taste.*", "my.taste.bias"));
  CHECK(fits("*.bias", "taste.lstm.0.bias"));
  CHECK_FALSE(fits("*.bias", "taste.bias.0"));
  CHECK(fits("*", "anything.at.all"));
  CHECK(fits("*", ""));
  CHECK(fits("", ""));
  CHECK_FALSE(fits("", "a"));
  CHECK(fits("a*b*c", "abc"));
  CHECK(fits("a*b*c", "aXbYbZc"));
  CHECK_FALSE(fits("a*b*c", "acb"));
  CHECK(fits("**a**", "bab"));
  // The dot is a dot, and so are the letters that mean something elsewhere.
  CHECK_FALSE(fits("a.b", "aXb"));
  CHECK_FALSE(fits("a?b", "aXb"));
  CHECK_FALSE(fits("[ab]", "a"));
}

TEST_CASE("ParameterGroup: every pattern and name of four letters fits as a regular expression says") {
  const std::string letters = "ab*";
  int fitting = 0;
  for (int p = 0; p < 81; ++p) {
    std::string pattern, expression;
    for (int i = 0, rest = p; i < 4; ++i, rest /= 3) {
      const char letter = letters[static_cast<std::size_t>(rest % 3)];
      pattern += letter;
      expression += letter == '*' ? std::string(".*") : std::string(1, letter);
    }
    const std::regex regex(expression);
    for (int n = 0; n < 31; ++n) {  // every word of a and b up to four letters
      std::string name;
      for (int rest = n + 1; rest > 1; rest /= 2) name += rest % 2 == 0 ? 'a' : 'b';
      CAPTURE(pattern);
      CAPTURE(name);
      const bool fits = ls::ParameterGroup{.pattern = pattern}.fits(name);
      CHECK(fits == std::regex_match(name, regex));
      fitting += fits;
    }
  }
  CHECK(fitting > 100);
}

TEST_CASE("ParameterGroup: a pattern of many stars does not take for ever") {
  const ls::ParameterGroup group{.pattern = "*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b"};
  CHECK_FALSE(group.fits(std::string(3000, 'a')));
  CHECK(group.fits(std::string(3000, 'a') + "b"));
}

// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/summary.hpp>
#include <longshore/layers/linear.hpp>
#include <longshore/layers/mlp.hpp>
#include <sstream>
#include <string>

namespace ls = longshore;

namespace {

/// A model whose parts have names of any length.
struct Named {
  ls::Linear<float, Kokkos::Serial> first;
  ls::Mlp<float, Kokkos::Serial> second;
  std::string name;
  void visit(auto&& visitor) {
    visitor("first", first);
    visitor(name.c_str(), second);
  }
};

std::string text_of(const Named& model) {
  std::ostringstream text;
  text << ls::summary(model);
  return text.str();
}

}  // namespace

TEST_CASE("a summary lists name, block, shape, numbers and bytes, and their totals") {
  ls::Linear<float, Kokkos::Serial> linear({.in = 3, .out = 2});
  linear.bias.frozen = true;
  const auto model = ls::summary(linear);
  CHECK(model.parameters() == 8);
  CHECK(model.bytes() == 32);
  std::ostringstream text;
  text << model;
  CHECK(text.str() ==
        "parameter      block   shape     numbers        bytes\n"
        "weights        Linear  2 x 3           6           24\n"
        "bias (frozen)  Linear      2           2            8\n"
        "total                                  8           32\n");
}

TEST_CASE("a summary that would be wider than 80 columns has parameters below their part, and nothing is left out") {
  Named model{ls::Linear<float, Kokkos::Serial>({.in = 3, .out = 2}),
              ls::Mlp<float, Kokkos::Serial>({.in = 1000, .sizes = {1000, 1}}), ""};
  model.second.layers[0].bias.frozen = true;
  // name + 2 + block + 2 + shape + 2 + numbers + 2 + bytes: with 11 letters in front of ".layers.0.bias (frozen)" 80
  model.name = std::string(11, 'x');
  const std::string flat = text_of(model);
  CHECK(flat.find(model.name + ".layers.0.bias (frozen)  Linear         1000        1000         4000\n") !=
        std::string::npos);
  CHECK(flat.find('\n') == 80);
  model.name += 'x';
  const std::string part = model.name + ".layers.";
  CHECK(text_of(model) ==
        "parameter              shape     numbers        bytes\n"
        "first  Linear\n"
        "  weights              2 x 3           6           24\n"
        "  bias                     2           2            8\n" +
            part + "0  Linear\n" +
            "  weights        1000 x 1000     1000000      4000000\n"
            "  bias (frozen)         1000        1000         4000\n" +
            part + "1  Linear\n" +
            "  weights           1 x 1000        1000         4000\n"
            "  bias                     1           1            4\n"
            "total                            1002009      4008036\n");
}

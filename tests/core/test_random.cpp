// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <longshore/core/for_each.hpp>
#include <longshore/core/random.hpp>
#include <longshore/core/tensor.hpp>
#include <set>
#include <vector>

#include "../support/spaces.hpp"

namespace ls = longshore;
__extension__ typedef unsigned __int128 Wide;

namespace {

template <class Space>
struct DrawInto {
  static inline const std::string label = "test::draw";
  ls::Random random;
  ls::View<double, 1, Space> to;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const {
    to(i) = random.template uniform<double>(static_cast<std::uint64_t>(i));
  }
};

}  // namespace

TEST_CASE("the same seed, stream, step and index give the same number; another of any gives another") {
  const ls::Random random(7);
  const auto word = [](const ls::Random& r, std::uint64_t i) { return r.bits64(i); };
  CHECK(word(random.stream("a").at(3), 5) == word(ls::Random(7).stream("a").at(3), 5));
  std::set<std::uint64_t> seen;
  for (std::uint64_t seed : {0ull, 1ull, 1ull << 40})
    for (const char* stream : {"", "a", "b", "ab", "ba"})
      for (std::uint64_t step : {0ull, 1ull, 1ull << 33})
        for (std::uint64_t i : {0ull, 1ull, 1ull << 40}) seen.insert(word(ls::Random(seed).stream(stream).at(step), i));
  CHECK(seen.size() == 3 * 5 * 3 * 3);
  CHECK(word(random.stream("a").stream("b"), 0) != word(random.stream("b").stream("a"), 0));
  CHECK(word(random.stream(1), 0) != word(random.stream(2), 0));
}

TEST_CASE("some blocks at a time are what each is alone") {
  const ls::Random random = ls::Random(9ull << 40 | 5).stream("x").at(7);
  const std::uint64_t indices[3] = {0, 5, (3ull << 33) + 1};
  std::uint64_t words[4][3];
  random.blocks(indices, words);
  for (std::size_t k = 0; k < 3; ++k)
    for (std::size_t w = 0; w < 4; ++w) CHECK(words[w][k] == random.block(indices[k]).words[w]);
}

TEST_CASE("uniform numbers lie in [0, 1) and have mean 1/2 and variance 1/12") {
  const ls::Random random(3);
  const auto check = [&](auto zero) {
    using Real = decltype(zero);
    double sum = 0, square = 0, least = 1, most = 0;
    constexpr int count = 200000;
    for (std::uint64_t i = 0; i < count; ++i) {
      const double x = static_cast<double>(random.uniform<Real>(i));
      sum += x;
      square += x * x;
      least = std::min(least, x);
      most = std::max(most, x);
    }
    CHECK(least >= 0);
    CHECK(most < 1);
    CHECK(sum / count == doctest::Approx(0.5).epsilon(0.005));
    CHECK(square / count - (sum / count) * (sum / count) == doctest::Approx(1.0 / 12).epsilon(0.01));
  };
  check(0.0f);
  check(0.0);
}

TEST_CASE("normal numbers have mean 0, variance 1 and fourth moment 3") {
  const ls::Random random(5);
  double sum = 0, square = 0, fourth = 0;
  constexpr int count = 200000;
  for (std::uint64_t i = 0; i < count; ++i) {
    const double x = random.normal<double>(i);
    REQUIRE(std::isfinite(x));
    sum += x;
    square += x * x;
    fourth += x * x * x * x;
  }
  CHECK(std::abs(sum / count) < 0.01);
  CHECK(square / count == doctest::Approx(1).epsilon(0.01));
  CHECK(fourth / count == doctest::Approx(3).epsilon(0.03));
}

TEST_CASE("below stays below and takes every value alike, for counts of 1, 7 and above 2^32") {
  const ls::Random random(9);
  std::vector<int> counts(7);
  for (std::uint64_t i = 0; i < 70000; ++i) ++counts[random.below(i, 7)];
  for (const int count : counts) CHECK(count == doctest::Approx(10000).epsilon(0.05));
  std::uint64_t largest = 0;
  const std::uint64_t many = (1ull << 40) + 12345;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    CHECK(random.below(i, 1) == 0);
    const std::uint64_t x = random.below(i, many);
    REQUIRE(x < many);
    // The definition: the high word of the 128-bit product.
    REQUIRE(x == static_cast<std::uint64_t>((static_cast<Wide>(random.bits64(i)) * many) >> 64));
    largest = std::max(largest, x);
  }
  CHECK(largest > many / 2);
}

TEST_CASE_TEMPLATE("P4: draws are the same in a kernel and on the host", Where, LONGSHORE_EVERYWHERE) {
  using Space = typename Where::Space;
  const auto random = ls::Random(11).stream("kernel").at(2);
  ls::Tensor<double, 1, Space> drawn(1000);
  ls::for_each(Space{}, 1000, DrawInto<Space>{random, drawn.view()});
  Space{}.fence();
  const auto host = ls::copy_to_host(drawn.view());
  for (std::size_t i = 0; i < host.size(); ++i) REQUIRE(host[i] == random.uniform<double>(i));
}

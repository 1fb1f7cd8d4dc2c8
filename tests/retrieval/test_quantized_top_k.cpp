// SPDX-License-Identifier: Apache-2.0
#include <longshore/retrieval/quantized_top_k.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "../support/count_allocations.hpp"
#include "../support/top_k_case.hpp"

namespace ls = longshore;

namespace {

using Numbers = std::function<float(std::uint64_t row, std::uint64_t feature)>;

/// Rows of numbers that functions of row and feature say.
template <class Space>
ls::Tensor<float, 2, Space> rows_of(const Numbers& number, ls::Index rows, ls::Index features) {
  ls::Tensor<float, 2, Space> tensor(rows, features);
  for (ls::Index i = 0; i < rows; ++i)
    for (ls::Index d = 0; d < features; ++d)
      tensor.view()(i, d) = number(static_cast<std::uint64_t>(i), static_cast<std::uint64_t>(d));
  return tensor;
}

float noise(std::uint64_t stream, std::uint64_t row, std::uint64_t feature) {
  return 2 * ls::Random(stream).uniform<float>(row * 1000 + feature) - 1;
}

/// What makes bounds, ties and rounding hard: each with the items that do.
const std::map<std::string, std::pair<Numbers, Numbers>>& adversaries() {
  static const Numbers random_query = [](auto q, auto d) { return noise(99, q, d); };
  static const auto power = [](int exponent) { return std::ldexp(1.0f, exponent); };
  static const std::map<std::string, std::pair<Numbers, Numbers>> all{
      {"random", {[](auto i, auto d) { return noise(1, i, d); }, random_query}},
      {"all rows equal", {[](auto, auto d) { return noise(2, 0, d); }, random_query}},
      {"few different rows", {[](auto i, auto d) { return noise(3, i % 7, d); }, random_query}},
      {"scores that differ in the last bit",
       {[](auto i, auto d) {
          return d == 0 ? std::bit_cast<float>(0x3F800000u + static_cast<std::uint32_t>(i * 13 % 29)) : 0.0f;
        },
        [](auto, auto d) { return d == 0 ? 1.0f : 0.5f; }}},
      {"last bits beside other features",
       {[](auto i, auto d) {
          const float number = noise(4, 0, d);
          return d == i % 3 ? std::nextafter(number, i % 2 ? 2.0f : -2.0f) : number;
        },
        random_query}},
      {"rows of hugely different scale",
       {[&](auto i, auto d) { return noise(5, i, d) * power(static_cast<int>(i * 7 % 90) - 45); }, random_query}},
      {"rows out of range among others",
       {[&](auto i, auto d) {
          return noise(6, i, d) * (i % 50 == 3   ? power(100)
                                   : i % 50 == 4 ? power(-100)
                                   : i % 70 == 9 ? power(-149)
                                                 : 1);
        },
        random_query}},
      {"scores that overflow",
       {[](auto i, auto d) { return (d + i) % 5 == 0 && i % 4 == 0 ? -3e38f : noise(7, i, d) * 3e38f; },
        [](auto q, auto d) { return noise(98, q, d) * 1e3f; }}},
      {"scores that overflow on their way",
       {[](auto i, auto d) { return i % 97 == 5 ? (d < 2 ? 3.3e38f : -3.3e38f) : noise(7, i, d); },
        [](auto, auto) { return 1.0f; }}},
      {"what the bytes of a query do not hold decides",
       {[](auto i, auto d) {
          if (i > 1300) return d == 0 ? 100.0f : 127.0f;
          return d == 0 ? 103.0f : d == 1 ? 127.0f : d == 2 ? -127.0f : 0.0f;
        },
        [](auto, auto d) { return d == 0 ? 127.0f : 0.49f; }}},
      {"what the bytes of an item do not hold decides",
       {[](auto i, auto d) {
          if (d == 0) return 127.0f;
          return i > 1300 ? 0.49f : d < 3 ? 1.0f : 0.0f;
        },
        [](auto, auto) { return 63.0f; }}},
      {"zeros", {[](auto i, auto d) { return i % 3 == 0   ? 0.0f
                                             : i % 3 == 1 ? -0.0f
                                                          : noise(8, i, d); }, random_query}},
      {"all zeros", {[](auto, auto) { return 0.0f; }, random_query}},
      {"a query of zeros",
       {[](auto i, auto d) { return noise(9, i, d); }, [](auto q, auto d) { return q % 2 ? noise(97, q, d) : 0.0f; }}},
      {"queries out of range",
       {[](auto i, auto d) { return noise(10, i, d); },
        [&](auto q, auto d) { return noise(96, q, d) * (q % 3 == 0   ? power(110)
                                                        : q % 3 == 1 ? power(-120)
                                                                     : 1); }}},
      {"one huge feature",
       {[](auto i, auto d) { return d == 1 ? 1e4f : noise(11, i, d); },
        [](auto q, auto d) { return d == 1 ? 1e-6f : noise(95, q, d); }}},
      {"one huge feature, which decides nothing",
       {[](auto i, auto d) { return d == 1 ? 1e7f : noise(12, i, d); },
        [](auto q, auto d) { return d == 1 ? 0.0f : noise(94, q, d); }}},
      {"scores that only rise",
       {[](auto i, auto d) { return d == 0 ? static_cast<float>(i) : 0.01f; }, [](auto, auto) { return 1.0f; }}},
      {"negative scores only",
       {[](auto i, auto d) { return -1 - noise(13, i, d); }, [](auto q, auto d) { return 2 + noise(93, q, d); }}},
  };
  return all;
}

template <class Space>
void check_equals_top_k(const Numbers& item, const Numbers& query, ls::Index count, ls::Index features) {
  const auto items = rows_of<Space>(item, count, features), queries = rows_of<Space>(query, 9, features);
  const ls::TopK<float, Space> exact(items.view());
  const ls::QuantizedTopK<float, Space> index(items.view());
  ls::Inference<Space> context, other;
  for (const ls::Index k : {1, 10, 100, 1500}) {
    CAPTURE(k);
    context.reset(), other.reset();
    REQUIRE(bits_of(index(context, queries.view(), k)) == bits_of(exact(other, queries.view(), k)));
  }
}

}  // namespace

TEST_CASE_TEMPLATE("QuantizedTopK: hand: three items, two queries", Space, LONGSHORE_HOST_SPACES) {
  const auto items = filled_tensor<float, 2, Space>({1, 0, 0, 1, 1, 1}, 3, 2);
  const auto queries = filled_tensor<float, 2, Space>({2, 1, -1, 3}, 2, 2);
  const ls::QuantizedTopK<float, Space> index(items.view());
  ls::Inference<Space> context;
  const auto lists = index(context, queries.view(), 2);  // scores 2 1 3, -1 3 2
  CHECK(row_of(lists.items, 0) == std::vector<ls::Id>{2, 0});
  CHECK(row_of(lists.scores, 0) == std::vector<float>{3, 2});
  CHECK(row_of(lists.items, 1) == std::vector<ls::Id>{1, 2});
  CHECK(row_of(lists.scores, 1) == std::vector<float>{3, 2});
}

TEST_CASE_TEMPLATE("QuantizedTopK: reference: the lists of TopK, bit for bit, of whatever makes it hard", Space,
                   LONGSHORE_HOST_SPACES) {
  for (const auto& adversary : adversaries()) {
    CAPTURE(adversary.first);
    check_equals_top_k<Space>(adversary.second.first, adversary.second.second, 2600, 9);
  }
}

TEST_CASE("QuantizedTopK: reference: equals sorting every score, ties by the lowest id, for all sizes") {
  using Space = Kokkos::Serial;
  ls::Inference<Space> context;
  for (const ls::Index count : {1, 2, 63, 64, 65, 200, 3000})
    for (const ls::Index rows : {1, 2, 5, 7, 13}) {
      const ls::Index features = 1 + (count + rows) % 9;
      const auto items = whole_numbers<float, Space>(ls::Random(1), count, features);
      const auto queries = whole_numbers<float, Space>(ls::Random(2), rows, features);
      const ls::QuantizedTopK<float, Space> index(items.view());
      for (const ls::Index k : {1, 3, 40, 150, 1111}) {
        context.reset();
        const auto lists = index(context, queries.view(), k);
        for (ls::Index q = 0; q < rows; ++q) {
          auto expected = sorted_items(items, queries, q);
          expected.resize(static_cast<std::size_t>(k), -1);
          CAPTURE(count);
          CAPTURE(k);
          REQUIRE(row_of(lists.items, q) == expected);
        }
      }
    }
}

TEST_CASE("QuantizedTopK: reference: long rows, wide ones and cosines have the lists of TopK") {
  using Space = Kokkos::Serial;
  for (const ls::Index features : {1, 64, 130, 3001}) {
    CAPTURE(features);
    check_equals_top_k<Space>(adversaries().at("random").first, adversaries().at("random").second,
                              features < 1000 ? 5000 : 300, features);
  }
  const auto items = random_tensor<float, 2, Space>(ls::Random(3), 3000, 20);
  const auto queries = random_tensor<float, 2, Space>(ls::Random(4), 5, 20);
  ls::Inference<Space> context, other;
  const ls::TopKSettings cosine{.similarity = ls::ItemSimilarity::cosine};
  const auto found = ls::QuantizedTopK<float, Space>(items.view(), cosine)(context, queries.view(), 50);
  CHECK(bits_of(found) == bits_of(ls::TopK<float, Space>(items.view(), cosine)(other, queries.view(), 50)));
}

TEST_CASE("QuantizedTopK: reference: scores that only the rounding of their sums tells apart") {
  // Bytes hold every number, all sums are equal, and beyond 2^25: floats round them.
  const Numbers item = [](auto i, auto d) { return static_cast<float>(120 + (d * 5 + i * (d / 8 % 5)) % 8); };
  const Numbers query = [](auto, auto d) { return d < 8040 ? float{ls::byte_limit} : -float{ls::byte_limit}; };
  const auto items = rows_of<Kokkos::Serial>(item, 300, 16000), queries = rows_of<Kokkos::Serial>(query, 1, 16000);
  ls::Inference<Kokkos::Serial> context;
  const auto lists = ls::TopK<float, Kokkos::Serial>(items.view())(context, queries.view(), 300);
  CHECK(lists.scores(0, 0) > lists.scores(0, 299));
  check_equals_top_k<Kokkos::Serial>(item, query, 300, 16000);
}

TEST_CASE("QuantizedTopK: reference: what neither bytes hold adds up, in both rows at once") {
  using Space = Kokkos::Serial;
  // Where x rounds to 1 and y to -1, each a half too far, the bytes' product is as far below the score as it can be.
  constexpr ls::Index features = 65'536;
  const auto items = rows_of<Space>(
      [](auto i, auto d) { return i == 3   ? (d == 0 ? 127.0f : 0.51f)
                                  : d == 0 ? -8.0f
                                           : 0.0f; }, 70, features);
  const auto query = rows_of<Space>([](auto, auto d) { return d == 0 ? 127.0f : -0.51f; }, 1, features);
  ls::Inference<Space> context, other;
  const auto lists = ls::QuantizedTopK<float, Space>(items.view())(context, query.view(), 1);
  CHECK(lists.items(0, 0) == 3);
  CHECK(bits_of(lists) == bits_of(ls::TopK<float, Space>(items.view())(other, query.view(), 1)));
}

TEST_CASE("QuantizedTopK: reference: a panel's bound is that of its longest row, wherever it stands") {
  using Space = Kokkos::Serial;
  const auto items = rows_of<Space>([](auto i, auto d) { return i == 2 ? 100.0f : d == 0 ? 118.0f : 0.0f; }, 200, 64);
  const auto query = rows_of<Space>([](auto, auto d) { return d == 0 ? 127.0f : 0.49f; }, 1, 64);
  ls::Inference<Space> context;
  const auto lists = ls::QuantizedTopK<float, Space>(items.view())(context, query.view(), 2);
  CHECK(row_of(lists.items, 0) == std::vector<ls::Id>{2, 0});  // 15,787 and 14,986; its bytes alone say 12,700
}

TEST_CASE("QuantizedTopK: reference: filters give the lists that they give with TopK") {
  using Space = Kokkos::Serial;
  const auto items = random_tensor<float, 2, Space>(ls::Random(5), 2000, 6);
  const auto queries = random_tensor<float, 2, Space>(ls::Random(6), 8, 6);
  std::vector<std::vector<ls::Id>> removed(8), allowed(8);
  for (std::uint64_t q = 0; q < 8; ++q) {
    for (std::uint64_t j = 0; j < 300; ++j)
      removed[q].push_back(static_cast<ls::Id>(ls::Random(7).below(q * 300 + j, 2000)));
    for (std::uint64_t j = 0; j < 400 * q / 5; ++j)
      allowed[q].push_back(static_cast<ls::Id>(ls::Random(8).below(q * 400 + j, 2000)));
  }
  const IdSequences<Space> seen(removed), some(allowed);
  const ls::QueryFilters<Space> filters{.removed = seen.history, .allowed = some.history};
  ls::Inference<Space> context, other;
  const auto found = ls::QuantizedTopK<float, Space>(items.view())(context, queries.view(), 60, filters);
  const auto expected = ls::TopK<float, Space>(items.view())(other, queries.view(), 60, filters);
  CHECK(bits_of(found) == bits_of(expected));
  CHECK(found.items(0, 0) == -1);
  CHECK(found.items(7, 59) >= 0);
}

TEST_CASE("QuantizedTopK: edges: no queries, no items, everything removed") {
  using Space = Kokkos::Serial;
  ls::Inference<Space> context;
  const auto items = filled_tensor<float, 2, Space>({1, 2}, 2, 1);
  const auto query = filled_tensor<float, 2, Space>({1}, 1, 1);
  const ls::QuantizedTopK<float, Space> index(items.view());
  CHECK(row_of(index(context, query.view(), 4).items, 0) == std::vector<ls::Id>{1, 0, -1, -1});
  const IdSequences<Space> everything({{0, 1}});
  CHECK(row_of(index(context, query.view(), 2, everything.history).items, 0) == std::vector<ls::Id>{-1, -1});
  CHECK(index(context, ls::View<const float, 2, Space>(nullptr, 0, 1), 3).items.extent(0) == 0);
  const ls::QuantizedTopK<float, Space> empty(ls::View<const float, 2, Space>(nullptr, 0, 1));
  CHECK(row_of(empty(context, query.view(), 2).items, 0) == std::vector<ls::Id>{-1, -1});
}

TEST_CASE("QuantizedTopK: edges: a request allocates nothing once the context has met its size") {
  using Space = Kokkos::Serial;
  const auto items = random_tensor<float, 2, Space>(ls::Random(5), 5000, 8);
  const auto queries = random_tensor<float, 2, Space>(ls::Random(6), 20, 8);
  const IdSequences<Space> removed(std::vector<std::vector<ls::Id>>(20, {4, 3}));
  const ls::QuantizedTopK<float, Space> index(items.view());
  ls::Inference<Space, ls::Inline> context;
  const auto request = [&] {
    context.reset();
    index(context, queries.view(), 10, {.removed = removed.history, .allowed = removed.history});
  };
  for (int i = 0; i < 3; ++i) request();
  const auto before = count_allocations();
  request();
  if (allocations_are_counted) CHECK(count_allocations() == before);
}

TEST_CASE("QuantizedTopK: refused: what does not fit, is not finite, or is not in the table") {
  using Space = Kokkos::Serial;
  ls::Inference<Space> context;
  auto items = filled_tensor<float, 2, Space>({1, 2, 3, 4}, 2, 2);
  const auto query = filled_tensor<float, 2, Space>({1, 2}, 1, 2);
  const ls::QuantizedTopK<float, Space> index(std::as_const(items).view());
  CHECK_THROWS_WITH_AS(index(context, query.view(), 0), "QuantizedTopK: expected to find at least one item, got k = 0",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(index(context, query.view(), 1, IdSequences<Space>({{0, 2}}).history),
                       "QuantizedTopK: removed items: id 2 at position 1 is outside the table of 2 rows",
                       ls::DataError);
  items.view()(1, 0) = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_WITH_AS((ls::QuantizedTopK<float, Space>(std::as_const(items).view())),
                       "QuantizedTopK: expected finite numbers, row 1 of the items has nan at 0", ls::DataError);
  CHECK_THROWS_WITH_AS((ls::QuantizedTopK<float, Space>(ls::View<const float, 2, Space>(nullptr, 3, 0))),
                       "QuantizedTopK: expected items of 1 to 65536 features, got 0", ls::ShapeError);
}

TEST_CASE_TEMPLATE(
    "QuantizedTopK: threads: threads that share an index, each with its own context, get the lists of one", Space,
    LONGSHORE_HOST_SPACES) {
  const auto items = random_tensor<float, 2, Space>(ls::Random(7), 5000, 33);
  const auto queries = random_tensor<float, 2, Space>(ls::Random(8), 40, 33);
  const ls::QuantizedTopK<float, Space> index(items.view());
  ls::Inference<Space> alone;
  const auto expected = bits_of(index(alone, queries.view(), 30));
  CHECK(bits_of(index(alone, queries.view(), 30)) == expected);
  for (const std::size_t threads : {2u, 4u}) {
    std::vector<int> same(threads);
    std::vector<std::thread> workers;
    for (std::size_t t = 0; t < threads; ++t)
      workers.emplace_back([&, t] {
        ls::Inference<Space, ls::Inline> context;
        for (int times = 0; times < 3; ++times) {
          context.reset();
          const auto lists = index(context, queries.view(), 30);
          same[t] += std::pair(std::vector<ls::Id>(lists.items.data(), lists.items.data() + lists.items.size()),
                               std::vector<float>(lists.scores.data(), lists.scores.data() + lists.scores.size())) ==
                     std::pair(expected.first, [&] {
                       std::vector<float> scores;
                       for (const std::uint64_t bits : expected.second)
                         scores.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
                       return scores;
                     }());
        }
      });
    for (auto& worker : workers) worker.join();
    for (const int count : same) CHECK(count == 3);
  }
}

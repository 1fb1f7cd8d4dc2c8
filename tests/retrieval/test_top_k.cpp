// SPDX-License-Identifier: Apache-2.0
#include <longshore/retrieval/top_k.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <limits>
#include <longshore/retrieval/quantized_top_k.hpp>
#include <thread>
#include <utility>
#include <vector>

#include "../support/count_allocations.hpp"
#include "../support/host_spaces.hpp"
#include "../support/top_k_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("TopK: hand: three items, two queries", Where, ON_HOSTS) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto items = filled_tensor<Real, 2, Space>({1, 0, 0, 1, 1, 1}, 3, 2);
  const auto queries = filled_tensor<Real, 2, Space>({2, 1, -1, 3}, 2, 2);
  const ls::TopK<Real, Space> index(items.view());
  ls::Inference<Space> context;
  const auto lists = index(context, queries.view(), 2);  // scores 2 1 3, -1 3 2
  CHECK(row_of(lists.items, 0) == std::vector<ls::Id>{2, 0});
  CHECK(row_of(lists.scores, 0) == std::vector<Real>{3, 2});
  CHECK(row_of(lists.items, 1) == std::vector<ls::Id>{1, 2});
  CHECK(row_of(lists.scores, 1) == std::vector<Real>{3, 2});
}

TEST_CASE_TEMPLATE("TopK: reference: equals sorting every score, ties by the lowest id, for all sizes", Where,
                   ON_HOSTS) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  ls::Inference<Space> context;
  for (const ls::Index count : {1, 2, 31, 32, 33, 64, 65, 200, 1111})
    for (const ls::Index rows : {1, 2, 5, 6, 7, 13}) {
      const ls::Index features = 1 + (count + rows) % 9;
      const auto items = whole_numbers<Real, Space>(ls::Random(1), count, features);
      const auto queries = whole_numbers<Real, Space>(ls::Random(2), rows, features);
      const ls::TopK<Real, Space> index(items.view());
      for (const ls::Index k : {1, 3, 40, 150, 1111}) {
        if (k > count) continue;
        context.reset();
        const auto lists = index(context, queries.view(), k);
        for (ls::Index q = 0; q < rows; ++q) {
          auto expected = sorted_items(items, queries, q);
          expected.resize(static_cast<std::size_t>(k));
          CAPTURE(count);
          CAPTURE(k);
          REQUIRE(row_of(lists.items, q) == expected);
          for (ls::Index j = 0; j < k; ++j) {
            Real score = 0;
            for (ls::Index d = 0; d < features; ++d)
              score += items.view()(expected[static_cast<std::size_t>(j)], d) * queries.view()(q, d);
            REQUIRE(lists.scores(q, j) == score);
          }
        }
      }
    }
}

TEST_CASE_TEMPLATE("TopK: reference: scores that only rise, only fall, or are all equal", Where, ON_HOSTS) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  ls::Inference<Space> context;
  const auto query = filled_tensor<Real, 2, Space>({1}, 1, 1);
  for (const int direction : {-1, 0, 1}) {
    std::vector<Real> numbers;
    for (int i = 0; i < 3000; ++i) numbers.push_back(static_cast<Real>(direction * i));
    const auto items = filled_tensor<Real, 2, Space>(numbers, 3000, 1);
    const auto lists = ls::TopK<Real, Space>(items.view())(context, query.view(), 100);
    for (ls::Index j = 0; j < 100; ++j) REQUIRE(lists.items(0, j) == (direction > 0 ? 2999 - j : j));
  }
}

TEST_CASE_TEMPLATE("TopK: reference: removed items are left out, in any order and repeated", Where, ON_HOSTS) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  ls::Inference<Space> context;
  const auto items = whole_numbers<Real, Space>(ls::Random(3), 300, 4);
  const auto queries = whole_numbers<Real, Space>(ls::Random(4), 9, 4);
  std::vector<std::vector<ls::Id>> lists(9);
  for (ls::Index q = 0; q < 9; ++q) {
    const auto best = sorted_items(items, queries, q);
    for (ls::Index j = 0; j < 30 * q; ++j)
      lists[static_cast<std::size_t>(q)].push_back(best[static_cast<std::size_t>(j)]);
    if (q > 0) lists[static_cast<std::size_t>(q)].push_back(best[0]);
  }
  const IdSequences<Space> removed(lists);
  const auto found = ls::TopK<Real, Space>(items.view())(context, queries.view(), 50, removed.history);
  for (ls::Index q = 0; q < 9; ++q) {
    const auto& its = lists[static_cast<std::size_t>(q)];
    auto expected = sorted_items(items, queries, q, {its.begin(), its.end()});
    expected.resize(50, -1);
    REQUIRE(row_of(found.items, q) == expected);
  }
}

TEST_CASE_TEMPLATE("TopK: edges: fewer candidates than k leave places empty; no queries, no items, everything removed",
                   Where, ON_HOSTS) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  ls::Inference<Space> context;
  const auto items = filled_tensor<Real, 2, Space>({1, 2}, 2, 1);
  const auto query = filled_tensor<Real, 2, Space>({1}, 1, 1);
  const ls::TopK<Real, Space> index(items.view());
  const auto lists = index(context, query.view(), 4);
  CHECK(row_of(lists.items, 0) == std::vector<ls::Id>{1, 0, -1, -1});
  const Real none = -std::numeric_limits<Real>::infinity();
  CHECK(row_of(lists.scores, 0) == std::vector<Real>{2, 1, none, none});
  const IdSequences<Space> everything({{0, 1}});
  CHECK(row_of(index(context, query.view(), 2, everything.history).items, 0) == std::vector<ls::Id>{-1, -1});
  CHECK(index(context, ls::View<const Real, 2, Space>(nullptr, 0, 1), 3).items.extent(0) == 0);
  const ls::TopK<Real, Space> empty(ls::View<const Real, 2, Space>(nullptr, 0, 1));
  CHECK(row_of(empty(context, query.view(), 2).items, 0) == std::vector<ls::Id>{-1, -1});
}

TEST_CASE_TEMPLATE("TopK: edges: a score that overflows is infinity and first, or left out, and hides no other", Where,
                   ON_HOSTS) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  ls::Inference<Space> context;
  const Real huge = std::numeric_limits<Real>::max(), infinity = std::numeric_limits<Real>::infinity();
  std::vector<Real> numbers(3 * 500, Real(1));
  const auto put = [&](std::size_t item, Real a, Real b, Real c) {
    numbers[3 * item] = a, numbers[3 * item + 1] = b, numbers[3 * item + 2] = c;
  };
  put(0, huge, -huge, 0);   // infinity - infinity, or infinity where products are joined with sums
  put(1, -huge, -huge, 0);  // minus infinity
  put(2, huge, huge, 0);    // infinity
  put(3, huge, 0, -huge);   // 0, if it did not overflow on its way; the same
  put(4, huge / 20, 0, 0);  // half of what there is
  for (std::size_t item = 490; item < 500; ++item) put(item, huge, 1, 1);
  const auto items = filled_tensor<Real, 2, Space>(numbers, 500, 3);
  const auto query = filled_tensor<Real, 2, Space>({10, 10, 10}, 1, 3);
  const auto check = [&](const auto& index) {
    context.reset();
    const auto lists = index(context, query.view(), 500);
    const bool joined = lists.items(0, 0) == 0;
    std::vector<ls::Id> expected = joined ? std::vector<ls::Id>{0, 2, 3} : std::vector<ls::Id>{2};
    for (ls::Id item = 490; item < 500; ++item) expected.push_back(item);  // equal scores by their ids
    const auto infinite = static_cast<ls::Index>(expected.size());
    for (ls::Id item = 4; item < 490; ++item) expected.push_back(item);
    const auto listed = static_cast<ls::Index>(expected.size());
    expected.resize(500, -1);  // 1, and 0 and 3 if they are no numbers, have no place
    CHECK(row_of(lists.items, 0) == expected);
    for (ls::Index j = 0; j < infinite; ++j) CHECK(lists.scores(0, j) == infinity);
    CHECK(lists.scores(0, infinite) == huge / 20 * 10);
    CHECK(lists.scores(0, listed - 1) == 30);
    CHECK(lists.scores(0, listed) == -infinity);
    for (const ls::Index k : {1, 3, 12})
      CHECK(row_of(index(context, query.view(), k).items, 0) ==
            std::vector<ls::Id>(lists.items.data(), lists.items.data() + k));
    // The same where only few items are allowed, which have a search of their own.
    const IdSequences<Space> few({{0, 1, 2, 3, 4, 491, 490}});
    ls::QueryFilters<Space> filters;
    filters.allowed = few.history;
    CHECK(row_of(index(context, query.view(), 5, filters).items, 0) ==
          (joined ? std::vector<ls::Id>{0, 2, 3, 490, 491} : std::vector<ls::Id>{2, 490, 491, 4, -1}));
    CHECK(row_of(index(context, query.view(), 2, filters).items, 0) ==
          (joined ? std::vector<ls::Id>{0, 2} : std::vector<ls::Id>{2, 490}));
  };
  check(ls::TopK<Real, Space>(items.view()));
  if constexpr (std::is_same_v<Real, float>) check(ls::QuantizedTopK<float, Space>(items.view()));
}

TEST_CASE_TEMPLATE("TopK: edges: what is not a number hides no better score in another register", Where, ON_HOSTS) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  ls::Inference<Space> context;
  const Real huge = std::numeric_limits<Real>::max();
  constexpr ls::Index panel = ls::top_k_panel<Real>, count = 3 * panel, best = panel + ls::simd_width<Real>;
  std::vector<Real> numbers(2 * count, Real(1));
  numbers[2 * panel] = huge, numbers[2 * panel + 1] = -huge;  // the first lane of the second panel
  numbers[2 * best] = Real(2);                                // the same lane of the next register
  const auto items = filled_tensor<Real, 2, Space>(numbers, count, 2);
  const auto query = filled_tensor<Real, 2, Space>({10, 10}, 1, 2);
  const auto lists = ls::TopK<Real, Space>(items.view())(context, query.view(), 1);
  // Where products are joined with sums it is infinity instead, and the best.
  CHECK(lists.items(0, 0) == (std::isinf(lists.scores(0, 0)) ? panel : best));
}

TEST_CASE_TEMPLATE("TopK: reference: cosines are products of rows and queries of length 1; zeros have none", Where,
                   ON_HOSTS) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  auto items = whole_numbers<Real, Space>(ls::Random(3), 300, 4);
  auto queries = whole_numbers<Real, Space>(ls::Random(4), 6, 4);
  for (ls::Index d = 0; d < 4; ++d) items.view()(7, d) = queries.view()(5, d) = 0;
  for (ls::Index d = 0; d < 4; ++d) items.view()(9, d) = 3 * (queries.view()(0, d) += Real(0.5));  // of one direction
  ls::Tensor<Real, 2, Space> unit_items(300, 4), unit_queries(6, 4);
  ls::Tensor<Real, 1, Space> inverse(300), inverse_queries(6);
  ls::unit_rows_forward<Real, Space>(Space{}, std::as_const(items).view(), unit_items.view(), inverse.view());
  ls::unit_rows_forward<Real, Space>(Space{}, std::as_const(queries).view(), unit_queries.view(),
                                     inverse_queries.view());
  ls::Inference<Space> context;
  const ls::TopK<Real, Space> cosines(std::as_const(items).view(), {.similarity = ls::ItemSimilarity::cosine});
  const ls::TopK<Real, Space> products(std::as_const(unit_items).view());
  const auto found = bits_of(cosines(context, std::as_const(queries).view(), 300));
  CHECK(found == bits_of(products(context, std::as_const(unit_queries).view(), 300)));
  const ls::TopK<Real, Space> as_they_are(std::as_const(unit_items).view(),
                                          {.similarity = ls::ItemSimilarity::cosine, .unit_rows = true});
  CHECK(found == bits_of(as_they_are(context, std::as_const(queries).view(), 300)));
  const auto lists = cosines(context, std::as_const(queries).view(), 1);
  CHECK(lists.items(0, 0) == 9);
  CHECK(lists.scores(0, 0) == doctest::Approx(1));
  CHECK(lists.scores(5, 0) == 0);
  CHECK(numbers_of(std::as_const(cosines).table().view()) == numbers_of(unit_items.view()));
}

TEST_CASE("TopK: edges: many queries and long lists are searched in blocks of bounded memory") {
  using Space = Kokkos::Serial;
  ls::Inference<Space> context;
  const auto items = whole_numbers<float, Space>(ls::Random(5), 3000, 2);
  const auto queries = whole_numbers<float, Space>(ls::Random(6), 1500, 2);
  const auto lists = ls::TopK<float, Space>(items.view())(context, queries.view(), 2500);
  CHECK(context.high_water() < (std::size_t{80} << 20));  // 1500 lists of 5,000 entries would be 60 MB, results are 30
  for (const ls::Index q : {0, 837, 838, 839, 1499}) {
    auto expected = sorted_items(items, queries, q);
    expected.resize(2500);
    REQUIRE(row_of(lists.items, q) == expected);
  }
}

TEST_CASE("TopK: edges: a request allocates nothing once the context has met its size") {
  using Space = Kokkos::Serial;
  const auto items = whole_numbers<float, Space>(ls::Random(5), 500, 8);
  const auto queries = whole_numbers<float, Space>(ls::Random(6), 20, 8);
  const IdSequences<Space> removed(std::vector<std::vector<ls::Id>>(20, {4, 3}));
  const ls::TopK<float, Space> index(items.view());
  ls::Inference<Space, ls::Inline> context;
  const auto request = [&] {
    context.reset();
    index(context, queries.view(), 10, removed.history);
  };
  for (int i = 0; i < 3; ++i) request();
  const auto before = count_allocations();
  request();
  if (allocations_are_counted) CHECK(count_allocations() == before);
}

TEST_CASE("TopK: refused: what does not fit, is not finite, or is not in the table") {
  using Space = Kokkos::Serial;
  ls::Inference<Space> context;
  auto items = filled_tensor<float, 2, Space>({1, 2, 3, 4}, 2, 2);
  auto query = filled_tensor<float, 2, Space>({1, 2}, 1, 2);
  const ls::TopK<float, Space> index(std::as_const(items).view());
  const auto ask = [&](const auto&... arguments) { index(context, std::as_const(query).view(), arguments...); };
  CHECK_THROWS_WITH_AS(ask(0), "TopK: expected to find at least one item, got k = 0", ls::ShapeError);
  CHECK_THROWS_WITH_AS(index(context, ls::View<const float, 2, Space>(query.data(), 2, 1), 1),
                       "TopK: queries have 1 features, the items 2", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ask(1, IdSequences<Space>({{0}, {1}}).history),
                       "TopK: 2 sequences of removed items for 1 queries", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ask(1, IdSequences<Space>({{0, 2}}).history),
                       "TopK: removed items: id 2 at position 1 is outside the table of 2 rows", ls::DataError);
  query.view()(0, 1) = std::numeric_limits<float>::infinity();
  CHECK_THROWS_WITH_AS(ask(1), "TopK: expected finite numbers, row 0 of the queries has inf at 1", ls::DataError);
  items.view()(1, 0) = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_WITH_AS((ls::TopK<float, Space>(std::as_const(items).view())),
                       "TopK: expected finite numbers, row 1 of the items has nan at 0", ls::DataError);
  CHECK_THROWS_WITH_AS((ls::TopK<float, Space>(ls::View<const float, 2, Space>(nullptr, 3, 0))),
                       "TopK: expected items of at least one feature, got none", ls::ShapeError);
}

TEST_CASE("TopK: threads: P4: the same lists on every space and executor") {
  const auto ask = [](auto space, auto executor) {
    using Space = decltype(space);
    const auto items = random_tensor<float, 2, Space>(ls::Random(7), 5000, 33);
    const auto queries = random_tensor<float, 2, Space>(ls::Random(8), 40, 33);
    const ls::TopK<float, Space> index(items.view());
    ls::Inference<Space, decltype(executor)> context;
    const auto lists = index(context, queries.view(), 30);
    auto numbers = numbers_of(lists.scores);
    const auto ids = numbers_of(lists.items);
    numbers.insert(numbers.end(), ids.begin(), ids.end());
    return numbers;
  };
  const auto expected = ask(Kokkos::Serial{}, Kokkos::Serial{});
  CHECK(ask(Kokkos::Serial{}, ls::Inline{}) == expected);
  for_every_other_host([&](auto other_space) { CHECK(ask(other_space, other_space) == expected); });
}

TEST_CASE_TEMPLATE("TopK: threads: P16: threads that share an index, each with its own context, get the lists of one",
                   Space, LONGSHORE_HOST_SPACES) {
  const auto items = random_tensor<float, 2, Space>(ls::Random(7), 700, 33);
  const auto queries = random_tensor<float, 2, Space>(ls::Random(8), 40, 33);
  const ls::TopK<float, Space> index(items.view());
  const auto ask = [&](auto& context, ls::Index row, ls::Index length) {
    context.reset();
    const auto lists = index(context, ls::View<const float, 2, Space>(queries.view().row(row), 1, 33), length);
    context.fence();
    return std::pair(row_of(lists.items, 0), row_of(lists.scores, 0));
  };
  std::vector<std::pair<std::vector<ls::Id>, std::vector<float>>> expected;
  ls::Inference<Space> alone;
  for (ls::Index row = 0; row < 40; ++row) expected.push_back(ask(alone, row, 1 + row % 30));
  for (const std::size_t threads : {2u, 8u}) {
    CAPTURE(threads);
    std::vector<int> different(threads);
    std::vector<std::thread> workers;
    for (std::size_t t = 0; t < threads; ++t)
      workers.emplace_back([&, t] {
        ls::Inference<Space, ls::Inline> context;
        for (std::size_t k = 0; k < 200; ++k) {
          const std::size_t i = (k * 7 + t * 11) % 40;  // every thread in another order
          const auto row = static_cast<ls::Index>(i);
          different[t] += ask(context, row, 1 + row % 30) != expected[i];
        }
      });
    for (auto& worker : workers) worker.join();
    for (const int count : different) CHECK(count == 0);
  }
  CHECK(expected[1] != expected[2]);
}

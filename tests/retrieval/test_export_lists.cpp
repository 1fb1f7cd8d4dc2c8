// SPDX-License-Identifier: Apache-2.0
#include <longshore/retrieval/export_lists.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <longshore/io/npy.hpp>
#include <longshore/retrieval/quantized_top_k.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "../support/temporary_folder.hpp"
#include "../support/top_k_case.hpp"

namespace ls = longshore;
using Space = Kokkos::Serial;

TEST_CASE("export_lists: hand: rows for people and arrays for programs, with the names that are given") {
  const test::TemporaryFolder folder;
  const auto items = filled_tensor<float, 2, Space>({1, 0, 0, 1, 0.5f, 1}, 3, 2);
  const auto users = filled_tensor<float, 2, Space>({2, 1, 0, -1, 1, 1}, 3, 2);
  const IdSequences<Space> seen({{2}, {}, {0, 1}});
  std::vector<ls::Index> seen_progress;
  ls::ExportSettings settings{.k = 2, .csv = folder / "l.csv", .items = folder / "i.npy", .scores = folder / "s.npy"};
  settings.user_key = [](ls::Id user) { return "user " + std::to_string(user); };
  settings.item_key = [](ls::Id item) {
    return item == 1 ? std::string("a, b") : std::string(1, static_cast<char>('x' + item));
  };
  settings.progress = [&](const ls::ExportProgress& progress) {
    CHECK(progress.total == 3);
    CHECK(progress.seconds >= 0);
    seen_progress.push_back(progress.done);
  };
  settings.block = 2;
  ls::export_lists(ls::TopK<float, Space>(items.view()), users.view(), settings, {.removed = seen.history});
  CHECK(
      test::content_of(folder / "l.csv") ==
      "user,rank,item,score\nuser 0,1,x,2\nuser 0,2,\"a, b\",1\nuser 1,1,x,0\nuser 1,2,\"a, b\",-1\nuser 2,1,z,1.5\n");
  CHECK(ls::read_npy<std::int32_t>(folder / "i.npy") == xt::xarray<std::int32_t>{{0, 1}, {0, 1}, {2, -1}});
  const auto scores = ls::read_npy<float>(folder / "s.npy", ls::NonFinite::accept);
  CHECK(scores(2, 0) == 1.5f);
  CHECK(scores(2, 1) == -std::numeric_limits<float>::infinity());
  CHECK(seen_progress == std::vector<ls::Index>{2, 3});
  CHECK(folder.names().size() == 3);
}

TEST_CASE_TEMPLATE("export_lists: reference: blocks of any size give the lists of one search, with every index", Index,
                   ls::TopK<float, Space>, ls::TopK<double, Space>, ls::QuantizedTopK<float, Space>) {
  using Real = typename Index::value_type;
  const test::TemporaryFolder folder;
  const auto items = random_tensor<Real, 2, Space>(ls::Random(1), 400, 5);
  const auto users = random_tensor<Real, 2, Space>(ls::Random(2), 23, 5);
  std::vector<std::vector<ls::Id>> lists(23);
  for (ls::Id user = 0; user < 23; ++user)
    for (ls::Id j = 0; j < 3 * user; ++j) lists[static_cast<std::size_t>(user)].push_back((j * 17 + user) % 400);
  const IdSequences<Space> seen(lists);
  ls::QueryFilters<Space> filters{.removed = seen.history};
  const IdSequences<Space> denied(std::vector<std::vector<ls::Id>>{{1, 2, 3, 5}});
  filters.denied = denied.history;
  const Index index(items.view());
  ls::Inference<Space> context;
  const auto expected = index(context, users.view(), 12, filters);
  for (const ls::Index block : {1, 5, 22, 1024}) {
    ls::export_lists(index, users.view(), {.k = 12, .items = folder / "i", .scores = folder / "s", .block = block},
                     filters);
    const auto ids = ls::read_npy<std::int32_t>(folder / "i");
    const auto scores = ls::read_npy<Real>(folder / "s", ls::NonFinite::accept);
    REQUIRE(ids.size() == expected.items.size());
    for (std::size_t i = 0; i < ids.size(); ++i) {
      REQUIRE(ids.data()[i] == expected.items.data()[i]);
      REQUIRE(scores.data()[i] == expected.scores.data()[i]);
    }
  }
}

TEST_CASE("export_lists: edges: scores of doubles are written with the digits that give them again") {
  const test::TemporaryFolder folder;
  const auto items = filled_tensor<double, 2, Space>({0.1, 1.0 / 3}, 2, 1),
             users = filled_tensor<double, 2, Space>({1}, 1, 1);
  ls::export_lists(ls::TopK<double, Space>(items.view()), users.view(), {.k = 2, .csv = folder / "l"});
  CHECK(test::content_of(folder / "l") == "user,rank,item,score\n0,1,1,0.3333333333333333\n0,2,0,0.1\n");
}

TEST_CASE("export_lists: edges: no users; what is thrown on the way leaves the old files") {
  const test::TemporaryFolder folder;
  const auto items = filled_tensor<float, 2, Space>({1, 2}, 2, 1);
  const ls::TopK<float, Space> index(items.view());
  ls::export_lists(index, {nullptr, 0, 1}, {.k = 3, .csv = folder / "l", .items = folder / "i"});
  CHECK(test::content_of(folder / "l") == "user,rank,item,score\n");
  CHECK(ls::read_npy<std::int32_t>(folder / "i").shape(1) == 3);
  test::make_file(folder / "l", "old");
  ls::ExportSettings settings{.csv = folder / "l"};
  settings.progress = [](const ls::ExportProgress&) { throw std::runtime_error("stop"); };
  CHECK_THROWS_WITH(ls::export_lists(index, items.view(), settings), "stop");
  CHECK(test::content_of(folder / "l") == "old");
  CHECK(folder.names().size() == 2);
}

TEST_CASE("export_lists: refused: no file, no items of a list, no users of a block, filters of others") {
  const test::TemporaryFolder folder;
  const auto items = filled_tensor<float, 2, Space>({1, 2, 3}, 3, 1);
  const ls::TopK<float, Space> index(items.view());
  const auto write = [&](const ls::ExportSettings& settings, const ls::QueryFilters<Space>& filters = {}) {
    ls::export_lists(index, items.view(), settings, filters);
  };
  CHECK_THROWS_WITH_AS(write({}), "export_lists: give at least one of the paths csv, items and scores", ls::ShapeError);
  CHECK_THROWS_WITH_AS(write({.k = 0, .csv = folder / "l"}),
                       "export_lists: expected to find at least one item, got k = 0", ls::ShapeError);
  CHECK_THROWS_WITH_AS(write({.csv = folder / "l", .block = 0}),
                       "export_lists: expected blocks of at least one user, got 0", ls::ShapeError);
  const IdSequences<Space> two({{0}, {1}});
  CHECK_THROWS_WITH_AS(write({.csv = folder / "l"}, {.removed = two.history}),
                       "export_lists: 2 sequences of a filter for 3 queries", ls::ShapeError);
  CHECK_THROWS_AS(write({.csv = folder / "none" / "l"}), ls::FileError);
  CHECK(folder.names().empty());
}

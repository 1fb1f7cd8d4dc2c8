// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/for_each.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

#include "../support/kernel_case.hpp"

namespace ls = longshore;

namespace {

struct AddIndex {
  static inline const std::string label = "longshore::test_add_index";
  std::int64_t* sums;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const { sums[i] += i + 1; }
};

/// The same with a short index.
struct AddShortIndex {
  static inline const std::string label = "longshore::test_add_short_index";
  std::int64_t* sums;
  KOKKOS_INLINE_FUNCTION void operator()(ls::Index i) const { sums[i] += i + 1; }
};

/// Writes down the order of the calls and who made them: only for one thread.
struct NoteOrder {
  static inline const std::string label = "longshore::test_note_order";
  std::vector<std::int64_t>* order;
  std::thread::id* thread;
  void operator()(std::int64_t i) const {
    order->push_back(i);
    *thread = std::this_thread::get_id();
  }
};

}  // namespace

TEST_CASE_TEMPLATE("for_each: every index below the count is visited once", Space, Kokkos::Serial,
                   Kokkos::DefaultExecutionSpace) {
  for (const int count : {0, 1, 2, 3, 64, 5000}) {
    CAPTURE(count);
    auto sums = filled_tensor<std::int64_t, 1, Space>(std::vector<std::int64_t>(5001, 0), 5001);
    ls::for_each(Space{}, count, AddIndex{sums.data()});
    ls::for_each(Space{}, count, AddShortIndex{sums.data()});
    const auto found = numbers_of(sums.view());
    for (int i = 0; i <= 5000; ++i) REQUIRE(found[static_cast<std::size_t>(i)] == (i < count ? 2 * (i + 1) : 0));
  }
}

TEST_CASE("for_each: nothing happens below a count of 1") {
  std::vector<std::int64_t> order;
  std::thread::id thread;
  ls::for_each(Kokkos::Serial{}, 0, NoteOrder{&order, &thread});
  ls::for_each(Kokkos::Serial{}, -3, NoteOrder{&order, &thread});
  ls::for_each(ls::Inline{}, -3, NoteOrder{&order, &thread});
  CHECK(order.empty());
}

TEST_CASE(
    "for_each: the Inline executor goes through the indices in order; a single one is a call on every host space") {
  std::vector<std::int64_t> order;
  std::thread::id thread;
  ls::for_each(ls::Inline{}, 5, NoteOrder{&order, &thread});
  CHECK(order == std::vector<std::int64_t>{0, 1, 2, 3, 4});
  CHECK(thread == std::this_thread::get_id());
  order.clear();
  thread = {};
  ls::for_each(Kokkos::DefaultHostExecutionSpace{}, 1, NoteOrder{&order, &thread});
  CHECK(order == std::vector<std::int64_t>{0});
  CHECK(thread == std::this_thread::get_id());
}

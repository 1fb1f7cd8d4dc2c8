// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/row_schedule.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <vector>

#include "../support/host_spaces.hpp"
#include "../support/spaces.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("RowSchedule: lists the long rows of a large table, none of a small one", Space,
                   LONGSHORE_HOST_SPACES) {
  const ls::Index columns = 100000, features = 64;
  const std::vector<std::int64_t> offsets{0, 5000, 5100, 5100, 9000};
  const ls::SparseRows<float, Space> rows{offsets.data(), nullptr, nullptr, 4, columns, 9000};
  auto schedule = ls::row_schedule<float, Space>(4, columns, 9000, features);
  CHECK(schedule.tile == 1024);
  CHECK(schedule.long_from == 2048);
  REQUIRE(schedule.most_long == 4);
  CHECK(schedule.most_group == 256);
  CHECK(schedule.pieces() == 1);
  REQUIRE(schedule.part_count() == 5);
  std::int64_t taken = 7;
  ls::Index count = 7;
  std::vector<ls::Index> list(4, -1);
  std::vector<ls::ObjectiveParts> parts(5, {1, 1});
  schedule.taken = &taken;
  schedule.long_count = &count;
  schedule.long_rows = list.data();
  schedule.parts = parts.data();
  ls::begin_schedule<float, Space>(Space{}, rows, schedule);
  CHECK(taken == 0);
  CHECK(count == 2);
  CHECK(list[0] == 0);
  CHECK(list[1] == 3);
  CHECK(parts[4].fit + parts[4].penalty == 0);
  CHECK(schedule.group(2) == 16);
  count = 800;
  CHECK(schedule.group(2) == 100);
  count = 80000;
  CHECK(schedule.group(2) == 256);

  const auto small = ls::row_schedule<float, Space>(1000, 1000, 900000, features);
  CHECK(small.tile == 0);
  CHECK(small.most_long == 0);
  CHECK(small.pieces() == 32);
  CHECK(ls::row_schedule<float, Space>(0, 10, 0, features).pieces() == 0);
}

TEST_CASE("RowSchedule: a worker a thread, and no more than pieces") {
  const auto schedule = ls::row_schedule<float, Kokkos::Serial>(1000, 10, 100, 4);
  CHECK(ls::row_workers<Kokkos::Serial>(Kokkos::Serial{}, schedule) == 1);
  CHECK(ls::row_workers<Kokkos::Serial>(ls::Inline{}, schedule) == 1);
  for_every_other_host([&](auto other_space) {
    using OtherSpace = decltype(other_space);
    const auto& executor = other_space;
    CHECK(ls::row_workers<OtherSpace>(executor, schedule) == std::min(32, executor.concurrency()));
    CHECK(ls::row_workers<OtherSpace>(executor, ls::row_schedule<float, OtherSpace>(5, 9, 9, 4)) == 1);
  });
}

// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/batch.hpp>
#include <vector>

#include "../support/count_allocations.hpp"
#include "../support/spaces.hpp"

namespace ls = longshore;
using Host = Kokkos::DefaultHostExecutionSpace;

namespace {

void fill(ls::Batch<Host>& batch) {
  batch.reset();
  const auto put = [&]<class T>(T, std::vector<T> values) {
    const auto view = batch.allocate<T>(values.size());
    ls::copy_from_host(values, view);
    return view;
  };
  batch.users = put(ls::Id{}, {7, 8});
  batch.history.items = put(ls::Id{}, {1, 2, 3});
  batch.history.offsets = {put(ls::Index{}, {0, 1, 3}), 2, true};
  batch.history.columns.set<float>("value", put(0.0f, {0.5f, 1.5f, 2.5f}));
  batch.history.columns.set<ls::Seconds>("time", put(ls::Seconds{}, {10, 20, 30}));
  batch.long_term = ls::Windows<Host>(batch.history.offsets, 3);
  batch.candidates = ls::reshape(ls::View<const ls::Id, 1, Host>(put(ls::Id{}, {4, 5, 6, 7})), 2, 2);
}

}  // namespace

TEST_CASE("a batch is moved, with the memory its views point into, and not copied") {
  static_assert(!std::is_copy_constructible_v<ls::Batch<Host>> && !std::is_copy_assignable_v<ls::Batch<Host>>);
  ls::Batch<Host> batch;
  fill(batch);
  const ls::Id* const users = batch.users.data();
  ls::Batch<Host> taken = std::move(batch);
  CHECK(taken.users.data() == users);
  // What was moved from is empty, and may be filled again.
  CHECK(batch.size() == 0);
  CHECK(batch.history.items.data() == nullptr);
  CHECK(batch.history.offsets.count() == 0);
  CHECK(batch.long_term.count() == 0);
  CHECK(batch.candidates.data() == nullptr);
  CHECK(batch.history.columns.all().empty());
  CHECK(taken.history.columns.has("value"));
  const std::size_t too_many = std::size_t{1} << 31;
  CHECK_THROWS_WITH_AS(batch.allocate<ls::Id>(too_many),
                       "Batch::allocate: an extent is at least 0 and below 2^31, it is 2147483648", ls::ShapeError);
  batch = ls::Batch<Host>();
  fill(batch);
  CHECK(batch.users.data() != users);
  CHECK(ls::copy_to_host(taken.users) == std::vector<ls::Id>{7, 8});
}

TEST_CASE_TEMPLATE("a batch travels to another space with all its columns", Where, LONGSHORE_EVERYWHERE) {
  using Space = typename Where::Space;
  ls::Batch<Host> batch;
  fill(batch);
  ls::Batch<Space> copy;
  ls::copy_batch(batch, copy);
  CHECK(copy.size() == 2);
  CHECK(ls::copy_to_host(copy.users) == std::vector<ls::Id>{7, 8});
  CHECK(ls::copy_to_host(copy.history.items) == std::vector<ls::Id>{1, 2, 3});
  CHECK(ls::copy_to_host(copy.history.offsets.view) == std::vector<ls::Index>{0, 1, 3});
  CHECK(copy.history.offsets.longest == 2);
  CHECK(copy.history.offsets.head_start);
  CHECK(ls::copy_to_host(copy.history.columns.template get<float>("value")) == std::vector<float>{0.5f, 1.5f, 2.5f});
  CHECK(ls::copy_to_host(copy.history.columns.template get<ls::Seconds>("time")) ==
        std::vector<ls::Seconds>{10, 20, 30});
  CHECK(ls::copy_to_host(copy.long_term.end) == std::vector<ls::Index>{1, 3});
  CHECK(copy.long_term.pair_count == 3);
  CHECK(copy.candidates.extent(1) == 2);
  CHECK(copy.labels.data() == nullptr);
  CHECK(copy.short_term.count() == 0);
}

TEST_CASE("memory is kept from batch to batch") {
  ls::Batch<Host> batch;
  for (int k = 0; k < 3; ++k) batch.reset(), batch.allocate<double>(100'000), batch.allocate<float>(7);
  const auto before = count_allocations();
  for (int k = 0; k < 3; ++k) batch.reset(), batch.allocate<double>(100'000), batch.allocate<float>(7);
  CHECK(count_allocations() == before);
}

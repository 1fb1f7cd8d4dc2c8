// SPDX-License-Identifier: Apache-2.0
#include <longshore/training/check_batch_ids.hpp>

#include <climits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/error_text.hpp"
#include "tests/support/small_training.hpp"

namespace ls = longshore;
using test::error_text;

namespace {

/// Looks nothing up.
template <class Real, class Space>
struct Tableless {
  int items = 0;
  void visit(auto&&) {}
};

}  // namespace

TEST_CASE("P11: an item that the model's table does not have is refused, in the history and among the candidates") {
  using Host = Kokkos::DefaultHostExecutionSpace;
  const test::SmallModel<float, Host> model(1, 0, 12);
  const test::SmallModel<double, Kokkos::Serial> smaller(1, 0, 11);
  static_assert(ls::HasItemTable<test::SmallModel<float, Host>>);
  static_assert(!ls::HasItemTable<Tableless<float, Host>>);
  const test::SmallBatches batches;
  test::SmallBatches::batch_type batch;
  batches(0, 0, batch);
  CHECK_NOTHROW(ls::check_batch_ids(model, batch));
  CHECK(error_text<ls::DataError>([&] { ls::check_batch_ids(smaller, batch); }).ends_with("of 11 rows"));
  auto* const history = const_cast<ls::Id*>(batch.history.items.data());
  auto* const candidates = const_cast<ls::Id*>(batch.candidates.data());
  for (const ls::Id bad : {-1, 12, INT_MIN, INT_MAX}) {
    const ls::Id first = history[3], second = candidates[5];
    history[3] = bad;
    CHECK(error_text<ls::DataError>([&] { ls::check_batch_ids(model, batch); }) ==
          "items of the history: id " + std::to_string(bad) + " at position 3 is outside the table of 12 rows");
    history[3] = first;
    candidates[5] = bad;
    CHECK(error_text<ls::DataError>([&] { ls::check_batch_ids(model, batch); }) ==
          "candidates: id " + std::to_string(bad) + " at position 5 is outside the table of 12 rows");
    CHECK_NOTHROW(ls::check_batch_ids(Tableless<float, Host>(), batch));
    candidates[5] = second;
  }
  CHECK_NOTHROW(ls::check_batch_ids(model, batch));
  CHECK_NOTHROW(ls::check_batch_ids(model, ls::Batch<Host>()));
}

// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/sum_gradient_rows.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <limits>
#include <vector>

#include "../support/kernel_case.hpp"

namespace ls = longshore;

namespace {

/// Gradient rows of sorted ids; row i holds small whole numbers, so that sums are exact in any order.
template <class Real, class Space>
struct Rows {
  ls::Index count, features;
  std::vector<ls::Id> ids;
  std::vector<Real> numbers;
  ls::Tensor<ls::Id, 1, Space> sorted;
  ls::Tensor<ls::Index, 1, Space> order;
  ls::Tensor<Real, 2, Space> rows;
  ls::Tensor<const Real*, 1, Space> places;
  ls::Tensor<ls::Id, 1, Space> listed;
  ls::Tensor<Real, 2, Space> sums;

  /// @param lengths  how often each id occurs: ids 0, 2, 4, ...
  Rows(const std::vector<int>& lengths, ls::Index columns) : count(0), features(columns) {
    ls::Id id = 0;
    for (const int length : lengths) {
      ids.insert(ids.end(), static_cast<std::size_t>(length), id);
      id += 2;
      count += length;
    }
    // The rows lie in reverse order in memory.
    std::vector<ls::Index> reversed;
    for (ls::Index i = 0; i < count; ++i) reversed.push_back(count - 1 - i);
    for (ls::Index i = 0; i < count * features; ++i) numbers.push_back(static_cast<Real>((i * 7) % 11 - 5));
    sorted = filled_tensor<ls::Id, 1, Space>(ids, count);
    order = filled_tensor<ls::Index, 1, Space>(reversed, count);
    rows = filled_tensor<Real, 2, Space>(numbers, count, features);
    places = ls::Tensor<const Real*, 1, Space>(count);
    listed = ls::Tensor<ls::Id, 1, Space>(count);
    sums = filled_tensor<Real, 2, Space>(std::vector<Real>(numbers.size(), Real(-99)), count, features);
    // Two uses, one after the other.
    const ls::Index half = count / 2;
    ls::for_each(Space{}, half,
                 ls::ListGradientRows<Real>{sorted.data(), rows.data(), features, 0, listed.data(), places.data()});
    ls::for_each(Space{}, count - half,
                 ls::ListGradientRows<Real>{sorted.data() + half, rows.data() + std::int64_t{half} * features, features,
                                            half, listed.data(), places.data()});
  }

  ls::GradientRows<Real> all() { return {count, features, sorted.data(), order.data(), places.data(), sums.data()}; }
  double number(ls::Index place, ls::Index d) const {  // of the row that is at this place after sorting
    return static_cast<double>(numbers[static_cast<std::size_t>((count - 1 - place) * features + d)]);
  }
};

const std::vector<std::vector<int>> lists = {{1},         {2, 1},  {32},         {33},         {31, 2},
                                             {1, 100, 1}, {64, 1}, {5, 200, 32}, {40, 40, 40}, {1, 1, 1}};

}  // namespace

TEST_CASE_TEMPLATE("sum_gradient_rows: the sum of each id lies at the first of its places, runs of any length", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const auto& lengths : lists)
    for (const ls::Index features : {1, 3, 70}) {
      CAPTURE(lengths.size());
      CAPTURE(lengths[0]);
      Rows<Real, Space> rows(lengths, features);
      CHECK(ls::copy_to_host(rows.listed.view()) == rows.ids);
      ls::Tensor<ls::ChunkNorm, 1, Space> norms(ls::row_chunks(rows.count));
      ls::sum_gradient_rows<Real, Space>(Space{}, rows.all(), 3, norms.data());
      const auto sums = numbers_of(rows.sums.view());
      const auto found = ls::copy_to_host(norms.view());
      std::vector<double> squares(found.size(), 0.0);
      ls::Index first = 0;
      for (const int length : lengths) {
        for (ls::Index d = 0; d < features; ++d) {
          double expected = 0;
          for (ls::Index place = first; place < first + length; ++place) expected += rows.number(place, d);
          REQUIRE(sums[static_cast<std::size_t>(first * features + d)] == expected);
          squares[static_cast<std::size_t>(first / ls::row_chunk)] += expected * expected;
        }
        first += length;
      }
      for (std::size_t chunk = 0; chunk < found.size(); ++chunk) {
        CHECK(found[chunk].squares == squares[chunk]);
        CHECK(found[chunk].owner == 3);
        CHECK(found[chunk].bad == 0);
      }
    }
}

TEST_CASE_TEMPLATE("sum_gradient_rows: the summed rows are added to a dense gradient", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  Rows<Real, Space> rows({3, 50, 1}, 2);
  ls::sum_gradient_rows<Real, Space>(Space{}, rows.all(), 0, nullptr);
  auto dense = filled_tensor<Real, 2, Space>(std::vector<Real>(12, Real(1000)), 6, 2);
  ls::for_each_team<Space>(Space{}, ls::row_chunks(rows.count), ls::AddSummedRows<Real>{rows.all(), dense.data()});
  std::vector<double> expected(12, 1000);
  for (ls::Index place = 0; place < rows.count; ++place)
    for (ls::Index d = 0; d < 2; ++d)
      expected[static_cast<std::size_t>(2 * rows.ids[static_cast<std::size_t>(place)] + d)] += rows.number(place, d);
  CHECK(numbers_of(dense.view()) == expected);
}

TEST_CASE("sum_gradient_rows: a number that is not finite is seen in the chunk where its sum begins") {
  using Space = Kokkos::Serial;
  for (const int bad : {0, 40, 99}) {
    CAPTURE(bad);
    Rows<float, Space> rows({34, 66}, 3);
    rows.rows.view()(bad, 1) = std::numeric_limits<float>::quiet_NaN();
    ls::Tensor<ls::ChunkNorm, 1, Space> norms(4);
    ls::sum_gradient_rows<float, Space>(Space{}, rows.all(), 0, norms.data());
    // Place 99 - bad after sorting: the first id's places are 0 to 33.
    const bool of_first = 99 - bad < 34;
    CHECK(norms.view()(0).bad == (of_first ? 1 : 0));
    CHECK(norms.view()(1).bad == (of_first ? 0 : 1));
    CHECK(norms.view()(2).bad == 0);
  }
}

TEST_CASE("sum_gradient_rows: no rows are no chunks") {
  CHECK(ls::row_chunks(0) == 0);
  CHECK(ls::row_chunks(1) == 1);
  CHECK(ls::row_chunks(ls::row_chunk) == 1);
  CHECK(ls::row_chunks(ls::row_chunk + 1) == 2);
  CHECK_NOTHROW(ls::sum_gradient_rows<float, Kokkos::Serial>(Kokkos::Serial{}, {}, 0, nullptr));
}

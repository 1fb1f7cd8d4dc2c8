// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/fill.hpp>
#include <longshore/kernels/position_embedding.hpp>
#include <vector>

#include "../support/check_block.hpp"
#include "../support/kernel_case.hpp"
#include "../support/ragged.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("position_embedding: on views, forward and backward equal loops, from the start and from the end",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const int features = 3, places = 9;
  for (const auto from : {ls::PositionsFrom::start, ls::PositionsFrom::end})
    for (const auto& lengths : {std::vector<ls::Index>{}, {0}, {1}, {4, 0, 9, 1, 2}}) {
      CAPTURE(lengths.size());
      const Ragged<Space> ragged(lengths);
      const int steps = ragged.steps();
      auto x = random_tensor<Real, 2, Space>(ls::Random(1), steps, features),
           table = random_tensor<Real, 2, Space>(ls::Random(2), places, features),
           dy = random_tensor<Real, 2, Space>(ls::Random(3), steps, features);
      const auto wide_x = numbers_of(x.view()), rows = numbers_of(table.view()), slopes = numbers_of(dy.view());
      std::vector<double> y, dx, dtable(rows.size(), 0);
      for (std::size_t b = 0; b < ragged.count(); ++b)
        for (ls::Index t = 0; t < ragged.length(b); ++t) {
          const auto p = static_cast<std::size_t>(from == ls::PositionsFrom::start ? t : ragged.length(b) - 1 - t);
          for (std::size_t d = 0; d < 3; ++d) {
            const std::size_t i = y.size();
            y.push_back(1.5 * wide_x[i] + rows[p * 3 + d]);
            dx.push_back(1.5 * slopes[i]);
            dtable[p * 3 + d] += slopes[i];
          }
        }
      ls::Tensor<Real, 2, Space> to(steps, features), to_x(steps, features), to_table(places, features);
      ls::position_embedding_forward<Real, Space>(Space(), x.view(), ragged.offsets(), table.view(), from, Real(1.5),
                                                  to.view());
      check::close<double>(numbers_of(to.view()), y, tolerance<Real>);
      ls::position_embedding_forward<Real, Space>(Space(), x.view(), ragged.offsets(), table.view(), from, Real(1.5),
                                                  x.view());
      CHECK(numbers_of(x.view()) == numbers_of(to.view()));  // in place
      ls::fill<Real>(Space(), to_table.view(), Real(4));     // what is written over, positions nobody reaches too
      for (const auto update : {ls::Update::write, ls::Update::add}) {
        const double factor = update == ls::Update::add ? 2 : 1;
        ls::position_embedding_backward<Real, Space>(Space(), dy.view(), ragged.offsets(), from, Real(1.5),
                                                     {to_x.view(), update}, {to_table.view(), update});
        auto twice_x = dx, twice_table = dtable;
        for (double& number : twice_x) number *= factor;
        for (double& number : twice_table) number *= factor;
        check::close<double>(numbers_of(to_x.view()), twice_x, tolerance<Real>);
        check::close<double>(numbers_of(to_table.view()), twice_table, tolerance<Real>);
      }
      const auto before = numbers_of(to_table.view());
      ls::position_embedding_backward<Real, Space>(Space(), dy.view(), ragged.offsets(), from, Real(1.5),
                                                   {to_x.view(), ls::Update::write}, {});
      CHECK(numbers_of(to_table.view()) == before);
      check::close<double>(numbers_of(to_x.view()), dx, tolerance<Real>);
    }
}

TEST_CASE_TEMPLATE("position_embedding_backward: scales more elements than one team takes", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const Ragged<Space> ragged({3000});
  auto dy = random_tensor<Real, 2, Space>(ls::Random(3), 3000, 3);
  ls::Tensor<Real, 2, Space> dx(3000, 3);
  ls::position_embedding_backward<Real, Space>(Space(), dy.view(), ragged.offsets(), ls::PositionsFrom::end, Real(-2),
                                               {dx.view(), ls::Update::write}, {});
  auto expected = numbers_of(dy.view());
  for (double& number : expected) number *= -2;
  CHECK(numbers_of(dx.view()) == expected);
}

TEST_CASE("row_at_position: counts from the first or from the last step of a sequence") {
  const Ragged<Kokkos::Serial> ragged({2, 4});
  CHECK(ls::row_at_position(ragged.offsets(), ls::PositionsFrom::start, 1, 0) == 2);
  CHECK(ls::row_at_position(ragged.offsets(), ls::PositionsFrom::start, 1, 3) == 5);
  CHECK(ls::row_at_position(ragged.offsets(), ls::PositionsFrom::end, 1, 0) == 5);
  CHECK(ls::row_at_position(ragged.offsets(), ls::PositionsFrom::end, 0, 1) == 0);
}

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <longshore/core/random.hpp>
#include <longshore/core/sparse_matrix.hpp>
#include <longshore/factorization/interactions.hpp>
#include <vector>

/// A matrix of ratings on the host: what the naive references of factorisations walk through.
struct RatingList {
  std::vector<std::int64_t> offsets{0};
  std::vector<longshore::Id> items = {};
  std::vector<double> values = {};
  longshore::Index item_count = 0;

  longshore::Index users() const { return static_cast<longshore::Index>(offsets.size()) - 1; }

  /// Whole numbers from 1 to 5, each place filled with that chance; the second user and the third item have none.
  static RatingList random(std::uint64_t seed, longshore::Index users, longshore::Index items, double chance) {
    RatingList list;
    list.item_count = items;
    const longshore::Random random = longshore::Random(seed).stream("ratings");
    for (longshore::Index u = 0; u < users; ++u) {
      for (longshore::Index i = 0; i < items; ++i) {
        const auto place =
            static_cast<std::uint64_t>(u) * static_cast<std::uint64_t>(items) + static_cast<std::uint64_t>(i);
        if (u == 1 || i == 2 || random.uniform<double>(place) >= chance) continue;
        list.items.push_back(i);
        list.values.push_back(1 + static_cast<double>(random.stream("value").below(place, 5)));
      }
      list.offsets.push_back(static_cast<std::int64_t>(list.items.size()));
    }
    return list;
  }

  template <class Real, class Space>
  longshore::SparseMatrix<Real, Space> matrix() const {
    return {offsets, items, std::vector<Real>(values.begin(), values.end()), item_count};
  }
};

/// The same as what trainers take.
template <class Real, class Space>
struct RatingCase {
  longshore::SparseMatrix<Real, Space> rows;
  longshore::Interactions<Real, Space> interactions;
  explicit RatingCase(const RatingList& list) : rows(list.matrix<Real, Space>()), interactions(rows.rows()) {}
};

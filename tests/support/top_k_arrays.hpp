// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include <longshore/kernels/top_k.hpp>

#include "kernel_case.hpp"

/// A table, queries and what a search of them needs, for kernels that are called alone.
template <class Real, class Space = Kokkos::Serial>
struct TopKArrays {
  longshore::Tensor<Real, 2, Space> table, queries;
  std::vector<Real> panels;
  std::vector<longshore::ScoredItem<Real>> lists;
  std::vector<longshore::Index> sizes;
  std::vector<Real> least;
  longshore::TopKSearch<Real> search{};
  longshore::Tensor<longshore::Id, 2, Space> items;
  longshore::Tensor<Real, 2, Space> scores;

  TopKArrays(longshore::Index count, longshore::Index rows, longshore::Index features, longshore::Index k,
             longshore::Index parts)
      : table(random_tensor<Real, 2, Space>(longshore::Random(1), count, features)),
        queries(random_tensor<Real, 2, Space>(longshore::Random(2), rows, features)),
        panels(longshore::top_k_packed_size<Real>(count, features)),
        items(rows, k + 1),
        scores(rows, k + 1) {
    longshore::pack_top_k<Real, Space>(Space{}, std::as_const(table).view(), panels.data());
    const auto capacity = static_cast<longshore::Index>(longshore::top_k_capacity<Real>(k));
    lists.resize(static_cast<std::size_t>(parts) * static_cast<std::size_t>(rows) * static_cast<std::size_t>(capacity));
    sizes.resize(static_cast<std::size_t>(parts * rows));
    least.resize(sizes.size());
    search.items = count, search.features = features, search.queries = rows, search.k = k, search.parts = parts;
    search.capacity = capacity, search.rows = {panels.data(), features, longshore::top_k_panel<Real>};
    search.query_rows = queries.data(), search.lists = lists.data(), search.sizes = sizes.data();
    search.least = least.data();
  }
  TopKArrays(const TopKArrays&) = delete;

  std::vector<double> numbers() const {
    auto all = numbers_of(items.view());
    const auto more = numbers_of(scores.view());
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
};

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <longshore/baselines/check_histories.hpp>
#include <longshore/baselines/check_request.hpp>
#include <longshore/baselines/item_users.hpp>
#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>
#include <longshore/core/math.hpp>
#include <longshore/data/histories.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// How a user-kNN is made.
struct UserKnnSettings {
  Index neighbours = 100;  ///< k: the most similar training users that count, equal ones by the lowest id
  double shrinkage = 10;   ///< takes away from similarities that few items support
};

/// Scores items by which of them the most similar training users have.
///
///   similarity(u, v) = |H_u and H_v| / (sqrt(|H_u| |H_v|) + shrinkage)          H: different items of a history
///   score(i) = sum_{v among the k nearest} [i in H_v] similarity(u, v)
///
/// The history that is asked for may be of a new user. A training user is their own nearest neighbour, which adds the
/// same to all items of their training history and nothing to others. Source: Herlocker et al. 1999, for sets.
///
/// Models: Baseline. State: the training pairs, 8 bytes each. Cost: O(N log N) to make; to score O(I + U + the users of
/// the history's items + the items of the k nearest).
class UserKnn {
 public:
  /// @param train  order and repetitions do not matter
  /// @param items  size of the catalogue, I
  /// @throws ShapeError if offsets or settings do not fit, or the catalogue is empty
  /// @throws DataError  if an item is outside the catalogue
  UserKnn(const Histories& train, Index items, const UserKnnSettings& settings = {})
      : pairs_((check_histories("UserKnn", train, items), train), items), settings_(settings) {
    expects(settings.neighbours >= 1, "UserKnn: expected at least one neighbour, got ", settings.neighbours);
    expects(settings.shrinkage >= 0 && math::is_finite(settings.shrinkage),
            "UserKnn: expected a shrinkage of at least 0, got ", settings.shrinkage);
  }

  std::string_view name() const { return "user-knn"; }
  Index items() const { return static_cast<Index>(pairs_.items()); }

  /// @param history  order and repetitions do not matter
  /// @param out      (I) overwritten; 0 where no near user has the item
  /// @throws ShapeError if out has another length
  /// @throws DataError  if an item of the history is outside the catalogue
  void scores(std::span<const Id> history, std::span<float> out) const {
    check_request("UserKnn::scores", history, out, items());
    std::vector<Id> own(history.begin(), history.end());
    std::sort(own.begin(), own.end());
    own.erase(std::unique(own.begin(), own.end()), own.end());

    struct Neighbour {
      Id user;
      double similarity;
    };
    std::vector<std::uint32_t> together(pairs_.users());  // (U) items that both have
    std::vector<Neighbour> near;
    for (const Id item : own)
      for (const Id user : pairs_.users_of(static_cast<std::size_t>(item)))
        if (together[static_cast<std::size_t>(user)]++ == 0) near.push_back({user, 0});
    for (Neighbour& neighbour : near) {
      const auto v = static_cast<std::size_t>(neighbour.user);
      const double sizes = static_cast<double>(own.size()) * static_cast<double>(pairs_.items_of(v).size());
      neighbour.similarity = together[v] / (std::sqrt(sizes) + settings_.shrinkage);
    }
    const auto better = [](const Neighbour& a, const Neighbour& b) {
      return a.similarity != b.similarity ? a.similarity > b.similarity : a.user < b.user;
    };
    const std::size_t kept = std::min(near.size(), static_cast<std::size_t>(settings_.neighbours));
    std::partial_sort(near.begin(), near.begin() + static_cast<std::ptrdiff_t>(kept), near.end(), better);
    std::fill(out.begin(), out.end(), 0.0F);
    for (std::size_t n = 0; n < kept; ++n)
      for (const Id item : pairs_.items_of(static_cast<std::size_t>(near[n].user)))
        out[static_cast<std::size_t>(item)] += static_cast<float>(near[n].similarity);
  }

 private:
  ItemUsers pairs_;
  UserKnnSettings settings_;
};

}  // namespace longshore::inline LONGSHORE_ABI

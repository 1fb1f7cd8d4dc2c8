// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/core/index.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Size and character of a synthetic log.
///
/// Cost: plain data.
struct SyntheticLogSettings {
  Id users = 4000;
  Id items = 600;
  Index categories = 20;          // at most 32767
  std::int64_t events = 120'000;  // about; each user gets events / users, more or less by half
  Index tastes = 2;               // favourite categories of a user, with weights that halve
  double taste_share = 0.6;       // events that follow the long-term taste
  double intent_share = 0.35;     // events that follow the intent of the session; the rest are noise over the catalogue
  double drift = 0.08;            // chance at each event of a session that the intent changes
  double session_length = 5;      // events, on average
  double skew = 0.8;              // popularity of the k-th item of a category: 1 / k^skew
  std::uint64_t seed = 1;

  /// @param function  who asks, for the text of the error
  /// @throws ShapeError for settings out of range
  void check(const char* function) const {
    expects(users > 0 && items > 0 && events > 0, function, ": users, items and events are at least 1, they are ",
            users, ", ", items, " and ", events);
    expects(categories > 0 && categories <= items && categories <= 32767, function, ": categories is 1 to ",
            std::min<Id>(items, 32767), ", it is ", categories);
    expects(tastes > 0 && tastes <= categories, function, ": tastes is 1 to ", categories, ", it is ", tastes);
    expects(taste_share >= 0 && intent_share >= 0 && taste_share + intent_share <= 1, function,
            ": the shares of taste and intent are at least 0 and at most 1 together, they are ", taste_share, " and ",
            intent_share);
    expects(drift >= 0 && drift <= 1, function, ": drift is 0 to 1, it is ", drift);
    expects(session_length >= 1, function, ": session_length is at least 1, it is ", session_length);
    expects(skew >= 0, function, ": skew is at least 0, it is ", skew);
    // Users never repeat an item, so they must not run out of them.
    const std::int64_t of_a_user = events / users + (events % users > 0 ? 1 : 0);
    expects(of_a_user <= items / 3, function, ": ", of_a_user,
            " events a user need at least three times as many items, there are ", items);
  }
};

}  // namespace longshore::inline LONGSHORE_ABI

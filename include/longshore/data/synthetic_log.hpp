// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <longshore/core/random.hpp>
#include <longshore/data/interaction_log.hpp>
#include <longshore/data/synthetic_log_settings.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A log whose users have known long-term tastes and drifting short-term intents, and the oracle that knows both.
///
/// Each user has a few favourite categories. Events come in sessions (within 20 to 300 s; pauses of 4 hours to 5 days);
/// a session has an intent, a category drawn uniformly, which may change from event to event. An event follows the
/// taste, the intent or neither, by the shares, and takes an item of the category by popularity that the user has not
/// had yet; where a thousand draws find none, it takes one of what is left of the category, or of all items. Items have
/// names and categories, so that explanations can be read.
///
/// Each user's events are a pure function of the seed and the user. Cost: O(N) time; 28 bytes an event.
class SyntheticLog {
 public:
  /// @throws ShapeError for settings out of range
  explicit SyntheticLog(const SyntheticLogSettings& settings = {}) : settings_(settings) {
    settings_.check("SyntheticLog");
    name_items();
    make_tastes();
    make_events();
  }

  const InteractionLog& log() const { return log_; }
  const SyntheticLogSettings& settings() const { return settings_; }

  /// @throws DataError if there is no such item
  Index category_of(Id item) const {
    expects<DataError>(item >= 0 && item < settings_.items, "SyntheticLog::category_of: item ", item,
                       " is outside the catalogue of ", settings_.items);
    return category(item);
  }

  /// How much each category draws a user in the long term; sums to 1.
  ///
  /// @throws DataError if there is no such user
  std::span<const double> taste(Id user) const {
    expects<DataError>(user >= 0 && user < settings_.users, "SyntheticLog::taste: user ", user, " is outside the ",
                       settings_.users, " users");
    const auto width = static_cast<std::size_t>(settings_.categories);
    return {tastes_.data() + static_cast<std::size_t>(user) * width, width};
  }

  /// The probability of each item to be drawn for the event of this row, for one who knows the shares, the user's
  /// taste, the popularity of the items, whether a session begins here, and if not, the intent at the event before it.
  ///
  /// Not known to it: whether the intent changes at this very event, which is why an intent counts with 1 - drift, and
  /// which of taste, intent and noise the event follows. Among the items that the user has not had, no ranking that
  /// knows as much does better on average, but for one thing: an item that the user had is drawn again, under the same
  /// intent, and what that moves from one category to another is left aside.
  ///
  /// @param row     of the log
  /// @param scores  (I) overwritten; items that the user had are not left out
  /// @throws DataError if the log has no such row; ShapeError unless there is one score an item
  void oracle(std::size_t row, std::span<float> scores) const {
    expects<DataError>(row < log_.size(), "SyntheticLog::oracle: row ", row, " is outside the log of ", log_.size());
    expects(scores.size() == static_cast<std::size_t>(settings_.items), "SyntheticLog::oracle: ", scores.size(),
            " scores for ", settings_.items, " items");
    const auto wants = taste(log_.users.data()[row]);
    const int before = intents_[row];
    const double any = 1.0 / settings_.categories;
    for (Id item = 0; item < settings_.items; ++item) {
      const Index its = category(item);
      const double intent = before < 0 ? any : settings_.drift * any + (before == its ? 1 - settings_.drift : 0);
      const double drawn =
          settings_.taste_share * wants[static_cast<std::size_t>(its)] + settings_.intent_share * intent;
      scores[static_cast<std::size_t>(item)] =
          static_cast<float>(drawn * popularity(item) + noise() / static_cast<double>(settings_.items));
    }
  }

 private:
  Index category(Id item) const { return item % settings_.categories; }
  double noise() const { return 1 - settings_.taste_share - settings_.intent_share; }
  double popularity(Id item) const { return share_[static_cast<std::size_t>(item)]; }

  void name_items() {
    static constexpr std::array<const char*, 32> names = {
        "jazz",    "running",  "baking",   "chess",      "gardening", "astronomy", "sailing",  "pottery",
        "cycling", "poetry",   "climbing", "opera",      "fishing",   "robotics",  "painting", "hiking",
        "cinema",  "knitting", "surfing",  "history",    "skiing",    "theatre",   "cooking",  "birding",
        "archery", "geology",  "fencing",  "bouldering", "rowing",    "carpentry", "yoga",     "tennis"};
    log_.item_ids = IdMap::dense("items", settings_.items);
    log_.user_ids = IdMap::dense("users", settings_.users);
    share_.resize(static_cast<std::size_t>(settings_.items));
    std::vector<double> sum(static_cast<std::size_t>(settings_.categories));
    for (Id item = 0; item < settings_.items; ++item) {
      const auto its = static_cast<std::size_t>(category(item));
      std::string name = its < names.size() ? names[its] : "category " + std::to_string(its);
      log_.item_categories.push_back(name);
      const Id rank = item / settings_.categories + 1;
      log_.item_names.push_back(name + " " + std::to_string(rank));
      share_[static_cast<std::size_t>(item)] = std::pow(rank, -settings_.skew);
      sum[its] += share_[static_cast<std::size_t>(item)];
    }
    for (Id item = 0; item < settings_.items; ++item)
      share_[static_cast<std::size_t>(item)] /= sum[static_cast<std::size_t>(category(item))];
    cumulative_.resize(sum.size());
    for (Id item = 0; item < settings_.items; ++item) {
      auto& steps = cumulative_[static_cast<std::size_t>(category(item))];
      steps.push_back((steps.empty() ? 0 : steps.back()) + share_[static_cast<std::size_t>(item)]);
    }
  }

  void make_tastes() {
    const auto width = static_cast<std::size_t>(settings_.categories);
    tastes_.assign(static_cast<std::size_t>(settings_.users) * width, 0);
    const Random random = Random(settings_.seed).stream("tastes");
    for (std::size_t user = 0; user < static_cast<std::size_t>(settings_.users); ++user) {
      double* taste = &tastes_[user * width];
      const double whole = 2 - std::exp2(1 - settings_.tastes);  // 1 + 1/2 + 1/4 + ...
      double weight = 1 / whole;
      std::uint64_t draw = 0;
      for (Index k = 0; k < settings_.tastes; weight /= 2, ++k) {
        std::size_t category = 0;
        do category = random.at(user).below(draw++, width);
        while (taste[category] > 0);
        taste[category] = weight;
      }
    }
  }

  void make_events() {
    const auto mean = static_cast<double>(settings_.events) / settings_.users;
    std::vector<Id> users, items;
    std::vector<Seconds> times;
    users.reserve(static_cast<std::size_t>(settings_.events) + 1024);
    items.reserve(users.capacity());
    times.reserve(users.capacity());
    intents_.reserve(users.capacity());
    std::vector<Id> had(static_cast<std::size_t>(settings_.items), -1);  // the last user who had the item
    for (Id user = 0; user < settings_.users; ++user) {
      // One draw after the other from this user's own stream, four words at a time.
      Draws draws(Random(settings_.seed).stream("events").at(static_cast<std::uint64_t>(user)));
      const auto wants = taste(user);
      const auto count = std::max<std::int64_t>(3, std::llround(mean * (0.5 + draws.uniform())));
      Seconds time = 1'600'000'000 + static_cast<Seconds>(draws.uniform() * 30 * 86400);
      int intent = -1;
      for (std::int64_t k = 0; k < count; ++k) {
        const bool starts = k == 0 || draws.uniform() < 1 / settings_.session_length;
        time += starts ? 4 * 3600 + static_cast<Seconds>(draws.uniform() * 5 * 86400)
                       : 20 + static_cast<Seconds>(draws.uniform() * 280);
        if (starts) intent = -1;
        intents_.push_back(static_cast<std::int16_t>(intent));
        if (intent < 0 || draws.uniform() < settings_.drift)
          intent = static_cast<int>(draws.uniform() * settings_.categories);
        users.push_back(user);
        items.push_back(draw_item(draws, wants, intent, user, had));
        times.push_back(time);
      }
    }
    const auto take = [](const auto& from, auto& to) {
      to = std::remove_cvref_t<decltype(to)>::from_shape({from.size()});
      std::copy(from.begin(), from.end(), to.data());
    };
    take(users, log_.users);
    take(items, log_.items);
    take(times, log_.times);
    log_.values = xt::xtensor<float, 1>::from_shape({users.size()});
    std::fill_n(log_.values.data(), users.size(), 1.0f);
    log_.has_times = true;
  }

  /// Uniform numbers in [0, 1), 32 bits each.
  class Draws {
   public:
    explicit Draws(const Random& random) : random_(random) {}
    double uniform() {
      if (next_ % 4 == 0) block_ = random_.block(next_ / 4);
      return static_cast<double>(block_.words[next_++ % 4]) * 0x1p-32;
    }

   private:
    Random random_;
    FourWords block_{};
    std::uint64_t next_ = 0;
  };

  Id draw_item(Draws& draws, std::span<const double> wants, int intent, Id user, std::vector<Id>& had) const {
    Id item = 0;
    for (int attempt = 0; attempt < 1000; ++attempt) {
      const double choice = draws.uniform();
      if (choice < noise()) {
        item = static_cast<Id>(draws.uniform() * settings_.items);
      } else {
        std::size_t category = static_cast<std::size_t>(intent);
        if (choice < noise() + settings_.taste_share) {
          double left = draws.uniform();
          for (category = 0; category + 1 < wants.size() && left >= wants[category]; ++category)
            left -= wants[category];
          while (wants[category] == 0) --category;  // rounding may run past the last favourite
        }
        const auto& steps = cumulative_[category];
        const auto place = std::upper_bound(steps.begin(), steps.end() - 1, draws.uniform()) - steps.begin();
        item = static_cast<Id>(place) * settings_.categories + static_cast<Id>(category);
      }
      if (had[static_cast<std::size_t>(item)] != user) break;
    }
    if (had[static_cast<std::size_t>(item)] == user) item = draw_from_rest(draws, item, user, had);
    had[static_cast<std::size_t>(item)] = user;
    return item;
  }

  /// One of the items that the user has not had, by popularity: of the category of an item, or of all.
  Id draw_from_rest(Draws& draws, Id drawn, Id user, const std::vector<Id>& had) const {
    for (const bool all : {false, true}) {
      double sum = 0;
      const auto find = [&](double until) {
        Id last = -1;
        sum = 0;
        for (Id item = 0; item < settings_.items && sum <= until; ++item)
          if (had[static_cast<std::size_t>(item)] != user && (all || category(item) == category(drawn))) {
            last = item;
            sum += popularity(item);
          }
        return last;
      };
      if (find(2.0 * settings_.categories) < 0) continue;  // sums up all that is left
      return find(draws.uniform() * sum);
    }
    return drawn;  // unreached: users have at most half of the items
  }

  SyntheticLogSettings settings_;
  InteractionLog log_;
  std::vector<double> share_;                    // (I) of an item within its category
  std::vector<std::vector<double>> cumulative_;  // (categories) running sums of the shares
  std::vector<double> tastes_;                   // (U, categories)
  std::vector<std::int16_t> intents_;            // (N) before the event; -1: a session begins
};

}  // namespace longshore::inline LONGSHORE_ABI

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include <longshore/baselines/check_histories.hpp>
#include <longshore/baselines/check_request.hpp>
#include <longshore/core/abi.hpp>
#include <longshore/core/index.hpp>
#include <longshore/data/histories.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Scores the next item by what followed the last one in training, and what never followed it by popularity.
///
///   score(i) = #(last -> i) + count_i / (1 + max_j count_j)
///
/// The second part stays below 1, so a single transition outweighs all popularity. On many data sets this beats
/// published neural models. Float keeps the order of popularity among equal transitions while #(last -> i) (1 + max_j
/// count_j) stays below 2^23.
///
/// Models: Baseline. State: a count for each pair seen. Cost: O(N log N) to count, O(I) to score.
class FirstOrderMarkov {
 public:
  /// @param train  neighbouring items of a user are the transitions
  /// @param items  size of the catalogue, I
  /// @throws ShapeError if offsets do not fit, or the catalogue is empty
  /// @throws DataError  if an item is outside the catalogue
  FirstOrderMarkov(const Histories& train, Index items) {
    check_histories("FirstOrderMarkov", train, items);
    const auto size = static_cast<std::size_t>(items);

    std::vector<std::size_t> counts(size);      // (I) events
    std::vector<std::size_t> begins(size + 1);  // (I+1) of the pairs by their first item
    const auto each_pair = [&](auto&& visit) {
      for (std::size_t u = 0; u + 1 < train.offsets.size(); ++u)
        for (std::size_t n = train.offsets[u]; n + 1 < train.offsets[u + 1]; ++n)
          visit(static_cast<std::size_t>(train.items[n]), train.items[n + 1]);
    };
    for (const Id item : train.items) ++counts[static_cast<std::size_t>(item)];
    each_pair([&](std::size_t last, Id) { ++begins[last + 1]; });
    for (std::size_t i = 0; i < size; ++i) begins[i + 1] += begins[i];
    std::vector<Id> next(begins.back());
    std::vector<std::size_t> place(begins.begin(), begins.end() - 1);
    each_pair([&](std::size_t last, Id item) { next[place[last]++] = item; });

    offsets_.reserve(size + 1);
    for (std::size_t last = 0; last < size; ++last) {
      const std::span<Id> followers = std::span<Id>(next).subspan(begins[last], begins[last + 1] - begins[last]);
      std::sort(followers.begin(), followers.end());
      for (std::size_t begin = 0; begin < followers.size();) {
        std::size_t end = begin;
        while (end < followers.size() && followers[end] == followers[begin]) ++end;
        transitions_.push_back({followers[begin], static_cast<float>(end - begin)});
        begin = end;
      }
      offsets_.push_back(transitions_.size());
    }
    const double above = 1 + static_cast<double>(*std::max_element(counts.begin(), counts.end()));
    back_off_.reserve(size);
    for (const std::size_t count : counts) back_off_.push_back(static_cast<double>(count) / above);
  }

  std::string_view name() const { return "markov"; }
  Index items() const { return static_cast<Index>(back_off_.size()); }

  /// How many different pairs of neighbours were seen.
  std::size_t transitions() const { return transitions_.size(); }

  /// @param history  its last item counts; where there is none, popularity alone
  /// @param out      (I) overwritten
  /// @throws ShapeError if out has another length
  /// @throws DataError  if an item of the history is outside the catalogue
  void scores(std::span<const Id> history, std::span<float> out) const {
    check_request("FirstOrderMarkov::scores", history, out, items());
    std::transform(back_off_.begin(), back_off_.end(), out.begin(),
                   [](double share) { return static_cast<float>(share); });
    if (history.empty()) return;
    const auto last = static_cast<std::size_t>(history.back());
    for (std::size_t n = offsets_[last]; n < offsets_[last + 1]; ++n) {
      const auto item = static_cast<std::size_t>(transitions_[n].item);
      out[item] = static_cast<float>(double{transitions_[n].count} + back_off_[item]);
    }
  }

 private:
  struct Transition {
    Id item;
    float count;
  };

  std::vector<std::size_t> offsets_ = {0};  // (I+1)
  std::vector<Transition> transitions_;     // by last item, then by next item
  std::vector<double> back_off_;            // (I) shares below 1
};

}  // namespace longshore::inline LONGSHORE_ABI

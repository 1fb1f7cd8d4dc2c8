// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>

#include <longshore/core/checked_size.hpp>
#include <longshore/core/interest.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Up to eight interests of one batch, perhaps with the candidates they are seen from, in one shape (B, C): a part with
/// one vector a user counts for each of the C candidates, a part with one user (items of a catalogue) for each of the B
/// users.
///
/// Blocks make one from what they are called with; the name of the block begins every error.
///
/// Cost: copies nothing; O(parts) to make and to check; 9 interests of memory.
template <class T, class Space>
struct InterestList {
  static constexpr int most = 8;
  static constexpr int room = most + 1;
  Interest<T, Space> parts[room];
  int count = 0;
  Index users = 1;       // B
  Index candidates = 1;  // C
  Index features = 0;    // the sum over the parts

  InterestList() = default;

  /// @param block  who asks, for errors
  /// @throws ShapeError if there are none or more than eight, if one is empty, if users or candidates do not fit, or if
  ///                    users times candidates, or the features, are more than an `Index` holds
  InterestList(const char* block, std::initializer_list<Interest<T, Space>> given) {
    expects(given.size() >= 1 && given.size() <= most, block, ": ", given.size(), " interests came, 1 to ", most,
            " are taken");
    for (const auto& interest : given) add(block, interest);
  }

  /// Appends one more: an interest, or the candidates.
  ///
  /// @throws ShapeError as above
  void add(const char* block, const Interest<T, Space>& part) {
    expects(count < room, block, ": ", count + 1, " parts came, at most ", room, " are taken");
    expects(static_cast<bool>(part), block, ": interest ", count + 1, " is empty; leave it out of the list");
    expects(fits(users, part.users()), block, ": interest ", count + 1, " has ", part.users(),
            " users, those before it ", users);
    expects(fits(candidates, part.candidates()), block, ": interest ", count + 1, " has ", part.candidates(),
            " vectors a user, those before it ", candidates);
    users = users == 1 ? part.users() : users;
    candidates = candidates == 1 ? part.candidates() : candidates;
    check_rows(block);
    features = checked_size(block, "the sum of the features of the parts", std::int64_t{features} + part.features());
    parts[count++] = part;
  }

  /// What looks at the candidates, in the words of errors.
  struct Onlooker {
    Index features = 0;             // that the candidates must have; 0: nothing looks at them
    const char* looks = nullptr;    // "the gate sees candidates"
    const char* expects = nullptr;  // "the gate expects"
    const char* instead = nullptr;  // the setting with which it looks at none
  };

  /// Takes the shape of candidates into account without appending them.
  ///
  /// @throws ShapeError if they are empty, or if features, users or candidates do not fit
  void see(const char* block, const Interest<T, Space>& seen, const Onlooker& by) {
    expects(static_cast<bool>(seen), block, ": ", by.looks, ", but none are given; pass them, or set ", by.instead);
    expects(seen.features() == by.features, block, ": the candidates have ", seen.features(), " features, ", by.expects,
            " ", by.features);
    expects(seen.users() == users, block, ": the candidates have ", seen.users(), " users, the interests ", users);
    expects(fits(candidates, seen.candidates()), block, ": the candidates have ", seen.candidates(),
            " vectors a user, the interests ", candidates);
    candidates = candidates == 1 ? seen.candidates() : candidates;
    check_rows(block);
  }

  const Interest<T, Space>& operator[](int i) const { return parts[i]; }

  /// These parts behind another one, such as the candidates; without it, if it is empty.
  ///
  /// @throws ShapeError as `add`
  InterestList behind(const char* block, const Interest<T, Space>& front) const {
    InterestList all;
    if (front) all.add(block, front);
    for (int k = 0; k < count; ++k) all.add(block, parts[k]);
    return all;
  }

  /// The same for parts of equal users: none is shared by all users.
  ///
  /// @throws ShapeError as above, and if the parts differ in users
  static InterestList of_users(const char* block, std::initializer_list<Interest<T, Space>> given) {
    const InterestList list(block, given);
    for (int k = 1; k < list.count; ++k)
      expects(list[k].users() == list[0].users(), block, ": interest ", k + 1, " has ", list[k].users(),
              " users, interest 1 has ", list[0].users());
    return list;
  }
  /// The same for parts of equal users and features.
  ///
  /// @throws ShapeError as above, and if the parts differ in users or features
  static InterestList alike(const char* block, std::initializer_list<Interest<T, Space>> given) {
    const InterestList list = of_users(block, given);
    for (int k = 1; k < list.count; ++k)
      expects(list[k].features() == list[0].features(), block, ": interest ", k + 1, " has ", list[k].features(),
              " features, interest 1 has ", list[0].features(), "; a Linear before the fuser makes them equal");
    return list;
  }

  /// The same for parts of so many features, in the shape of the candidates too if something looks at them.
  ///
  /// @throws ShapeError as above, if the parts have other features, and as `see`
  static InterestList alike(const char* block, std::initializer_list<Interest<T, Space>> given, Index wanted,
                            const Interest<T, Space>& candidates, const Onlooker& by) {
    InterestList list = alike(block, given);
    list.expect_features(block, wanted);
    if (by.features > 0) list.see(block, candidates, by);
    return list;
  }

  /// @throws ShapeError unless the parts, which are alike, have so many features
  void expect_features(const char* block, Index wanted) const {
    expects(parts[0].features() == wanted, block, ": the interests have ", parts[0].features(), " features, ", wanted,
            " are expected");
  }
  /// @throws ShapeError unless there are so many parts
  void expect_count(const char* block, int wanted) const {
    expects(count == wanted, block, ": ", count, count == 1 ? " interest" : " interests", " came, exactly ", wanted,
            " are expected");
  }

 private:
  void check_rows(const char* block) const {
    checked_size(block, "users times candidates", std::int64_t{users} * candidates);
  }
  static bool fits(Index before, Index now) { return before == 1 || now == 1 || before == now; }
};

}  // namespace longshore::inline LONGSHORE_ABI

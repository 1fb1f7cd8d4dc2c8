// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

/// What `--long` and `--short` name: an encoder, which is followed by `last` unless something else stands behind a '+',
/// or a pooling of the embedded steps themselves, or `none`.
struct BranchChoice {
  std::string encoder;  // empty: none
  std::string pooling;  // empty: the branch is left out

  static constexpr const char* encoders = "lstm gru self-attention transformer";
  static constexpr const char* poolings = "last mean sum max decayed-mean decayed-sum attention dan target";

  explicit BranchChoice(const std::string& name) {
    const auto plus = name.find('+');
    const std::string front = name.substr(0, plus);
    if (plus != std::string::npos || among(encoders, front)) {
      encoder = front;
      pooling = plus == std::string::npos ? "last" : name.substr(plus + 1);
    } else if (name != "none") {
      pooling = name;
    }
  }

  /// Whether this is a name of a branch.
  static bool known(const std::string& name) {
    const BranchChoice choice(name);
    if (name == "none") return true;
    return among(poolings, choice.pooling) && (name == choice.pooling || among(encoders, choice.encoder));
  }
  bool exists() const { return !pooling.empty(); }
  /// Whether it weighs the steps by their age.
  bool decays() const { return pooling.starts_with("decayed-"); }
  /// Whether its interest differs from candidate to candidate.
  bool sees_candidates() const { return pooling == "target"; }
  /// Width of a step that it pools: recurrent encoders give their states, the others vectors of the table's width.
  int width(int features, int hidden) const { return encoder == "lstm" || encoder == "gru" ? hidden : features; }

 private:
  static bool among(const std::string& names, const std::string& name) {
    return !name.empty() && name.find(' ') == std::string::npos &&
           (' ' + names + ' ').find(' ' + name + ' ') != std::string::npos;
  }
};

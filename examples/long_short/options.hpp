// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "branch_choice.hpp"

/// What the program was asked for.
struct Options {
  std::string data;  // empty: the synthetic log
  std::string user, item, value, time, title, separator, time_unit = "auto";
  std::optional<float> least_value;
  std::vector<std::string> header;
  std::string out = ".";
  std::string long_term = "lstm", short_term = "attention", fuser = "concat", scorer = "mlp", loss = "bce";
  std::string positions = "one-pass", table = "auto", schedule = "cosine", floors = "baselines";
  int features = 64, hidden = 64, long_steps = 0, short_steps = 10, session_gap = 60;
  bool cut_out = false, plain = false, resume = false, no_halves = false, every_epoch = false, keep_seen = false;
  bool no_names = false;
  int epochs = 15, patience = 4, batch = 0, negatives = 4;
  double rate = 0, dropout = 0.1, l2 = 1e-6, deviation = 0.3, half_life = 1440;
  double require_gain = -1, require_oracle = -1;
  std::uint64_t seed = 0;

  /// What the model of these options is called.
  std::string name() const {
    return long_term == "none" ? "short only" : short_term == "none" ? "long only" : "long + short";
  }

  /// Whether a branch weighs the steps by their age.
  bool decays() const { return BranchChoice(long_term).decays() || BranchChoice(short_term).decays(); }

  /// Names and values of the options: those that decide what is trained, which a checkpoint keeps, or all but the
  /// places of files.
  std::vector<std::pair<std::string, std::string>> named(bool all) const;

  /// Reads the command line; prints help or the mistake and ends the program where there is nothing to run.
  static Options parse(int count, char** arguments);
};

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/data/histories.hpp>
#include <longshore/data/running_checksum.hpp>
#include <longshore/data/window.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Whether every example has its own copy of its history, or all examples of a user share one.
enum class Positions {
  separate,  // B examples, B sequences
  one_pass,  // the history of a user is there once, its windows overlap: one pass of a causal encoder serves them all
};

/// What an example sees of its past.
struct LongShortSettings {
  Window long_term = {.last = 50};
  Window short_term = {.last = 10};
  // Steps of the short window are in the long one too; false: they are cut out of it, before it counts which items are
  // frequent.
  bool short_inside = true;
  Positions positions = Positions::separate;
  // A separate example holds its history from the first step on, as one pass does, not from where the earlier window
  // begins: what an encoder of the history knows at a step is then the same in both, whatever the windows.
  bool from_first_step = false;
  // Seconds; above 0: a step column "decay", 2^(-age / half_life) by its logarithm (LogWeight). What a pooling makes of
  // it depends on the steps of the window only, so it is the same in one pass, and steps of any age keep their order.
  double half_life = 0;
  bool with_times = false;   // a step column "time", seconds
  bool with_values = false;  // a step column "value"

  /// Whether an example's own sequence would begin later than the history that it shares in one pass: encoders that
  /// begin at the first step then know more than with separate examples.
  bool head_start() const {
    return positions == Positions::one_pass && !from_first_step && long_term.bounded() && short_term.bounded();
  }

  /// Adds every setting: what makes examples see something else.
  void add_to(RunningChecksum& sum) const {
    for (const Window& window : {long_term, short_term})
      sum.add_values(window.last, window.within.count(), window.session_gap.count(), window.frequent);
    sum.add_values(short_inside, positions, from_first_step, half_life, with_times, with_values);
  }

  /// Whether both windows are runs of steps without holes.
  bool contiguous() const { return long_term.contiguous() && short_term.contiguous(); }

  /// @throws ShapeError if a number is negative, or a window with holes (`frequent`) is to be shared in one pass or to
  ///                    begin at the first step
  void check(const std::string& caller) const {
    long_term.check((caller + ": long_term").c_str());
    short_term.check((caller + ": short_term").c_str());
    expects(half_life >= 0, caller, ": half_life is at least 0, it is ", half_life);
    expects(contiguous() || positions == Positions::separate, caller,
            ": a window of frequent items has holes, it cannot share a history in one pass");
    expects(contiguous() || !from_first_step, caller,
            ": a window of frequent items has holes, it cannot begin at the first step; leave from_first_step false");
  }

  /// The same, and refuses histories that lack what the settings ask for.
  ///
  /// @throws ShapeError if the arrays of the histories do not belong together, or values are asked for that are missing
  /// @throws DataError  if windows or weights by time are to come from a log without time stamps, or a further column
  ///                    of the log has the name of a step column that is asked for
  void check(const std::string& caller, const Histories& histories) const {
    check(caller);
    histories.check(caller.c_str());
    expects(!with_values || histories.values.size() == histories.size(), caller, ": the histories have ",
            histories.values.size(), " values for ", histories.size(), " events");
    const auto by_time = [](const Window& window) {
      return window.within.count() > 0 || window.session_gap.count() > 0;
    };
    expects<DataError>(
        histories.has_times || !(by_time(long_term) || by_time(short_term) || half_life > 0), caller,
        ": windows by time (within, session_gap) and half_life need a log with time stamps, this one has "
        "none");
    const auto is_free = [&](bool wanted, const char* setting, const char* name) {
      expects<DataError>(!wanted || !histories.columns.has(name), caller, ": ", setting, " makes a step column '", name,
                         "', and the log has a further column of that name; give it another one");
    };
    is_free(with_times, "with_times", "time");
    is_free(with_values, "with_values", "value");
    is_free(half_life > 0, "half_life", "decay");
  }
};

}  // namespace longshore::inline LONGSHORE_ABI

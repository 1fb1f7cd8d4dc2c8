// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <ios>
#include <ostream>
#include <string>
#include <utility>

#include <longshore/core/math.hpp>
#include <longshore/training/fit_report.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Where progress is shown, and how.
struct ProgressSettings {
  std::ostream* out = nullptr;  // null: nowhere
  bool terminal = false;        // a line that moves; else one plain line an epoch
  std::string name = {};        // put before each line
  std::string metric = {};      // name of the validation metric
  int columns = 80;             // of the terminal: a line that moves ends before the last of them
};

/// Shows how a training run gets on: a bar with rate and remaining time on a terminal, plain lines elsewhere.
///
///     taste  epoch  3/20 [####......]  40%  loss 0.4312   21034 ex/s  1:12 left
///     taste  epoch  3/20 [##########] 100%  loss 0.4298  validating
///     taste  epoch  3/20  loss 0.4298  NDCG@10 0.0521 *    2.4 s   20881 ex/s       (the star: best so far)
///
/// Cost: O(1) a step; writes at most as often as the settings say.
///
/// @tparam Clock  a clock of the standard library
template <class Clock = std::chrono::steady_clock>
class Progress {
 public:
  Progress(ProgressSettings settings, std::int64_t epochs, std::int64_t steps_per_epoch)
      : settings_(std::move(settings)), epochs_(epochs), steps_(std::max<std::int64_t>(1, steps_per_epoch)) {}

  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Leaves a bar of an unfinished epoch where it is: what others write begins on a line of its own.
  ~Progress() {
    try {
      if (moving_) *settings_.out << std::endl;
    } catch (const std::ios_base::failure&) {
    }
  }

  /// Whether `step` would show something now: at most ten times a second, and only on a terminal.
  bool is_due() const {
    return settings_.out && settings_.terminal &&
           (first_step_ < 0 || Clock::now() - shown_ >= std::chrono::milliseconds(100));
  }

  /// Moves the bar.
  ///
  /// @param epoch                from 1
  /// @param step                 finished steps of the epoch
  /// @param loss                 mean over these steps
  /// @param examples_per_second  rate of the epoch
  void step(std::int64_t epoch, std::int64_t step, double loss, double examples_per_second) {
    if (!is_due()) return;
    shown_ = Clock::now();
    const std::int64_t done = (epoch - 1) * steps_ + step;
    if (first_step_ < 0) {
      first_step_ = done;
      start_ = shown_;
    }
    move(bar(epoch, step, loss) + padded(fixed(examples_per_second, 0), 6) + " ex/s  " + left(done) + " left");
  }

  /// Says on a terminal that all steps of an epoch are taken and the model is being measured.
  ///
  /// @param loss  mean over the steps; NaN: not computed, and not shown
  void validating(std::int64_t epoch, double loss) {
    if (settings_.out && settings_.terminal) move(bar(epoch, steps_, loss) + "validating");
  }

  /// One line for a finished epoch.
  ///
  /// @param best  whether its validation value is the best so far
  void epoch(const EpochRecord& record, bool best) {
    if (!settings_.out) return;
    std::string line = head(record.epoch);
    if (record.has_loss()) line += "  loss " + fixed(record.loss, 4);
    if (math::is_finite(record.validation))
      line += "  " + (settings_.metric.empty() ? "validation" : settings_.metric) + " " + fixed(record.validation, 4) +
              (best ? " *" : "  ");
    say(line + "  " + padded(fixed(record.seconds, 1), 5) + " s  " + padded(fixed(record.examples_per_second, 0), 6) +
            " ex/s",
        "");
  }

  /// A remark on a line of its own.
  void say(const std::string& text) { say(text, prefix()); }

 private:
  static constexpr const char* clear = "\x1b[K";  // to the end of the line

  std::string bar(std::int64_t epoch, std::int64_t step, double loss) const {
    constexpr std::int64_t width = 10;
    const auto full = static_cast<std::size_t>(std::clamp<std::int64_t>(step * width / steps_, 0, width));
    return head(epoch) + " [" + std::string(full, '#') + std::string(width - full, '.') + "] " +
           padded(std::to_string(100 * step / steps_), 3) + "%  " +
           (EpochRecord{.loss = loss}.has_loss() ? "loss " + fixed(loss, 4) + "  " : "");
  }

  void move(std::string line) {
    if (settings_.columns > 0 && line.size() >= static_cast<std::size_t>(settings_.columns))
      line.resize(static_cast<std::size_t>(settings_.columns) - 1);
    *settings_.out << '\r' << line << clear << std::flush;
    moving_ = true;
  }

  void say(const std::string& text, const std::string& before) {
    if (!settings_.out) return;
    *settings_.out << (settings_.terminal ? "\r" : "") << before << text << (settings_.terminal ? clear : "")
                   << std::endl;
    moving_ = false;
  }

  std::string prefix() const { return settings_.name.empty() ? "" : settings_.name + "  "; }
  std::string head(std::int64_t epoch) const {
    return prefix() + "epoch " + padded(std::to_string(epoch), 2) + "/" + std::to_string(epochs_);
  }

  /// The time that the steps from `done` on will take, if they go on like those that were seen: minutes and seconds.
  std::string left(std::int64_t done) const {
    if (done <= first_step_) return "-:--";
    const double a_step =
        std::chrono::duration<double>(shown_ - start_).count() / static_cast<double>(done - first_step_);
    const std::int64_t seconds = std::llround(a_step * static_cast<double>(epochs_ * steps_ - done));
    return std::to_string(seconds / 60) + (seconds % 60 < 10 ? ":0" : ":") + std::to_string(seconds % 60);
  }

  /// A number with so many digits after the point, whatever the locale.
  static std::string fixed(double x, int digits) {
    std::array<char, 400> text;
    const auto end = std::to_chars(text.data(), text.data() + text.size(), x, std::chars_format::fixed, digits).ptr;
    return {text.data(), end};
  }
  static std::string padded(const std::string& text, std::size_t width) {
    return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
  }

  ProgressSettings settings_;
  std::int64_t epochs_, steps_;
  std::int64_t first_step_ = -1;  // the first that was shown: remaining time is measured from it
  typename Clock::time_point start_{}, shown_{};
  bool moving_ = false;  // the line that was begun has no end yet
};

}  // namespace longshore::inline LONGSHORE_ABI

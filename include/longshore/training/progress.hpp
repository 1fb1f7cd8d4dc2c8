// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <ostream>
#include <string>

#include <longshore/training/fit_report.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Where progress is shown, and how.
struct ProgressSettings {
  std::ostream* out = nullptr;  // null: nowhere
  bool terminal = false;        // a line that moves; else one plain line an epoch
  std::string name = {};        // put before each line
  std::string metric = {};      // name of the validation metric
};

/// Shows how a training run gets on: a bar with rate and remaining time on a terminal, plain lines elsewhere.
class Progress {
 public:
  Progress(ProgressSettings settings, std::int64_t epochs, std::int64_t steps_per_epoch)
      : settings_(std::move(settings)), epochs_(epochs), steps_(steps_per_epoch), start_(Clock::now()) {}

  /// Moves the bar: at most ten times a second.
  void step(std::int64_t epoch, std::int64_t step, double loss, double examples_per_second) {
    if (!settings_.out || !settings_.terminal) return;
    const auto now = Clock::now();
    if (now - shown_ < std::chrono::milliseconds(100)) return;
    shown_ = now;
    const double done = static_cast<double>(step) / static_cast<double>(std::max<std::int64_t>(1, steps_));
    const int width = 20, full = static_cast<int>(done * width);
    if (first_step_ < 0) {
      first_step_ = (epoch - 1) * steps_ + step;
      start_ = now;
    }
    const double all = static_cast<double>(epochs_ * steps_ - ((epoch - 1) * steps_ + step));
    const double since = static_cast<double>((epoch - 1) * steps_ + step - first_step_);
    const double elapsed = std::chrono::duration<double>(now - start_).count();
    std::string bar(static_cast<std::size_t>(full), '#');
    bar.append(static_cast<std::size_t>(width - full), '.');
    char text[160];
    std::snprintf(text, sizeof(text), "\r%sepoch %2lld/%lld [%s] %3.0f%%  loss %.4f  %6.0f ex/s  %s left \x1b[K",
                  prefix().c_str(), static_cast<long long>(epoch), static_cast<long long>(epochs_), bar.c_str(),
                  100 * done, loss, examples_per_second, clock(since > 0 ? elapsed / since * all : 0).c_str());
    *settings_.out << text << std::flush;
  }

  /// One line for a finished epoch.
  void epoch(const EpochRecord& record, bool best) {
    if (!settings_.out) return;
    char text[200];
    int length = std::snprintf(text, sizeof(text), "%s%sepoch %2lld/%lld  loss %.4f", settings_.terminal ? "\r" : "",
                               prefix().c_str(), static_cast<long long>(record.epoch), static_cast<long long>(epochs_),
                               record.loss);
    if (!std::isnan(record.validation))
      length += std::snprintf(text + length, sizeof(text) - static_cast<std::size_t>(length), "  %s %.4f%s",
                              settings_.metric.c_str(), record.validation, best ? " *" : "  ");
    std::snprintf(text + length, sizeof(text) - static_cast<std::size_t>(length), "  %5.1f s  %6.0f ex/s%s",
                  record.seconds, record.examples_per_second, settings_.terminal ? "\x1b[K" : "");
    *settings_.out << text << std::endl;
  }

  /// A remark on a line of its own.
  void say(const std::string& text) {
    if (settings_.out) *settings_.out << (settings_.terminal ? "\r" : "") << prefix() << text
                                      << (settings_.terminal ? "\x1b[K" : "") << std::endl;
  }

 private:
  using Clock = std::chrono::steady_clock;
  std::string prefix() const { return settings_.name.empty() ? "" : settings_.name + "  "; }
  static std::string clock(double seconds) {
    const auto whole = static_cast<long long>(seconds + 0.5);
    char text[32];
    std::snprintf(text, sizeof(text), "%lld:%02lld", whole / 60, whole % 60);
    return text;
  }

  ProgressSettings settings_;
  std::int64_t epochs_, steps_;
  std::int64_t first_step_ = -1;
  Clock::time_point start_, shown_{};
};

}  // namespace longshore::inline LONGSHORE_ABI

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <system_error>

#include <longshore/core/abi.hpp>
#include <longshore/core/index.hpp>
#include <longshore/io/parse_number.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What a number in a column of times counts since 1970-01-01 00:00:00 UTC.
enum class TimeUnit : std::int64_t {
  seconds = 1,
  milliseconds = 1'000,
  microseconds = 1'000'000,
  nanoseconds = 1'000'000'000
};

/// Reads a time stamp: a number in the given unit, or an ISO 8601 date such as 2019-10-01, 2019-10-01 00:00:00,
/// 2019-10-01T00:00:00.123Z, 2019-10-01 02:00+02:00 or 2019-10-01 00:00:00 UTC. Without a zone it is UTC.
///
/// Cost: O(letters).
///
/// @return  whole seconds, rounded down; nothing if the text is anything else or beyond 64 bits
inline std::optional<Seconds> parse_seconds(std::string_view text, TimeUnit unit = TimeUnit::seconds) {
  const auto scale = static_cast<std::int64_t>(unit);
  if (const auto whole = parse_number<std::int64_t>(text)) return *whole / scale - (*whole % scale < 0 ? 1 : 0);
  if (const auto real = parse_number<double>(text)) {
    const double seconds = std::floor(*real / static_cast<double>(scale));
    if (seconds < -0x1p63 || seconds >= 0x1p63) return std::nullopt;
    return static_cast<Seconds>(seconds);
  }

  const auto digits = [&text](std::size_t count) -> std::optional<unsigned> {
    if (text.size() < count) return std::nullopt;
    const std::string_view front = text.substr(0, count);
    if (front.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    text.remove_prefix(count);
    return parse_number<unsigned>(front);
  };
  const auto skip = [&text](std::string_view wanted) {
    const bool there = text.starts_with(wanted);
    if (there) text.remove_prefix(wanted.size());
    return there;
  };

  const auto year = digits(4);
  if (!year || !skip("-")) return std::nullopt;
  const auto month = digits(2);
  if (!month || !skip("-")) return std::nullopt;
  const auto day = digits(2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)), std::chrono::month(*month),
                                         std::chrono::day(*day)};
  if (!date.ok()) return std::nullopt;
  Seconds seconds = Seconds{std::chrono::sys_days(date).time_since_epoch().count()} * 86400;
  if (text.empty()) return seconds;

  if (!skip("T") && !skip(" ")) return std::nullopt;
  const auto hour = digits(2);
  if (!hour || *hour > 23 || !skip(":")) return std::nullopt;
  const auto minute = digits(2);
  if (!minute || *minute > 59) return std::nullopt;
  seconds += Seconds{*hour} * 3600 + Seconds{*minute} * 60;
  if (skip(":")) {
    const auto second = digits(2);
    if (!second || *second > 60) return std::nullopt;  // 60 is a leap second
    seconds += Seconds{*second};
    if (skip(".")) {
      if (!digits(1)) return std::nullopt;
      while (digits(1)) continue;
    }
  }
  if (text.empty() || text == "Z" || text == " UTC") return seconds;
  const bool east = skip("+");
  if (!east && !skip("-")) return std::nullopt;
  const auto zone_hours = digits(2);
  if (!zone_hours || *zone_hours > 23) return std::nullopt;
  skip(":");
  const auto zone_minutes = digits(2);
  if (!zone_minutes || *zone_minutes > 59 || !text.empty()) return std::nullopt;
  const Seconds zone = Seconds{*zone_hours} * 3600 + Seconds{*zone_minutes} * 60;
  return east ? seconds - zone : seconds + zone;
}

}  // namespace longshore::inline LONGSHORE_ABI

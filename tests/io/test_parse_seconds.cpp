// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <cstdio>
#include <ctime>
#include <random>
#include <string>

#include <longshore/io/parse_seconds.hpp>

using longshore::parse_seconds;
using longshore::TimeUnit;

TEST_CASE("parse_seconds: reads numbers in their unit, rounded down") {
  CHECK(parse_seconds("881250949") == 881250949);
  CHECK(parse_seconds("-1") == -1);
  CHECK(parse_seconds("1318222486.75") == 1318222486);
  CHECK(parse_seconds("-0.5") == -1);
  CHECK(parse_seconds("8.8e8") == 880000000);
  CHECK(parse_seconds("1700000000999", TimeUnit::milliseconds) == 1700000000);
  CHECK(parse_seconds("-1", TimeUnit::milliseconds) == -1);
  CHECK(parse_seconds("-1000", TimeUnit::milliseconds) == -1);
  CHECK(parse_seconds("1700000000999999", TimeUnit::microseconds) == 1700000000);
  CHECK(parse_seconds("1700000000999999999", TimeUnit::nanoseconds) == 1700000000);
  CHECK(parse_seconds("1.5e12", TimeUnit::milliseconds) == 1500000000);
}

TEST_CASE("parse_seconds: reads ISO 8601 dates, as UTC unless they have a zone") {
  CHECK(parse_seconds("1970-01-01") == 0);
  CHECK(parse_seconds("2019-10-01") == 1569888000);
  CHECK(parse_seconds("2019-10-01 00:00:00 UTC") == 1569888000);
  CHECK(parse_seconds("2019-10-01T00:00Z") == 1569888000);
  CHECK(parse_seconds("2019-10-01T02:00:00.999+02:00") == 1569888000);
  CHECK(parse_seconds("2019-09-30 18:30:01-0530") == 1569888001);
  CHECK(parse_seconds("1969-12-31 23:59:59") == -1);
  CHECK(parse_seconds("2016-12-31 23:59:60Z") == 1483228800);  // a leap second is the next one
  CHECK(parse_seconds("2000-02-29") == 951782400);
}

TEST_CASE("parse_seconds: agrees with the C library on 20,000 random dates") {
  std::mt19937_64 random(5);
  std::size_t wrong = 0;
  for (int round = 0; round < 20'000; ++round) {
    const std::time_t expected = static_cast<std::time_t>(random() % 253402300800ULL) - 31067798400L;
    std::tm parts{};
    gmtime_r(&expected, &parts);
    if (parts.tm_year + 1900 > 9999) continue;
    char text[40];
    std::snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02dZ", parts.tm_year + 1900, parts.tm_mon + 1,
                  parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
    wrong += parse_seconds(text) == longshore::Seconds{expected} ? 0 : 1;
  }
  CHECK(wrong == 0);
}

TEST_CASE("parse_seconds: P10, refuses everything else") {
  for (const std::string text : {"",
                                 "now",
                                 "nan",
                                 "inf",
                                 "1e999",
                                 "1e19",
                                 "-1e19",
                                 "12345678901234567890",
                                 "2019-10",
                                 "2019-1-01",
                                 "2019-13-01",
                                 "2019-02-29",
                                 "2019-10-01 ",
                                 "2019-10-01X00:00",
                                 "2019-10-01 24:00",
                                 "2019-10-01 00:60",
                                 "2019-10-01 00:00:61",
                                 "2019-10-01 00:00:00.",
                                 "2019-10-01 00:00:00 CET",
                                 "2019-10-01 00:00+2",
                                 "2019-10-01 00:00+02:60",
                                 "2019-10-01 00:00Zx",
                                 "2019-10-01 00:00+24:00",
                                 "2019-10-01 0",
                                 "2019-10-01 00:0",
                                 "2019-10-01 00:00:0"})
    CHECK_MESSAGE(!parse_seconds(text), text);
}

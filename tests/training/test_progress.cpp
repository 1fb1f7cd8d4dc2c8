// SPDX-License-Identifier: Apache-2.0
#include <longshore/training/progress.hpp>

#include <chrono>
#include <cstddef>
#include <limits>
#include <locale>
#include <sstream>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/error_text.hpp"

namespace ls = longshore;
using std::chrono::milliseconds;
using test::has;

namespace {

/// A clock that the test moves.
struct Clock {
  using rep = std::chrono::nanoseconds::rep;
  using period = std::chrono::nanoseconds::period;
  using duration = std::chrono::nanoseconds;
  using time_point = std::chrono::time_point<Clock>;
  inline static duration elapsed{0};
  static time_point now() { return time_point(elapsed); }
};

/// What was written since the last question.
std::string take(std::ostringstream& out) {
  std::string text = out.str();
  out.str("");
  return text;
}

/// A stream that cannot be written to.
struct Broken : std::stringbuf {
  int overflow(int) override { return traits_type::eof(); }
  std::streamsize xsputn(const char*, std::streamsize) override { return 0; }
};

/// A decimal comma, and points between thousands.
struct Commas : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

}  // namespace

TEST_CASE("a terminal gets a bar with loss, rate and remaining time") {
  std::ostringstream out;
  ls::Progress<Clock> progress({.out = &out, .terminal = true, .name = "taste"}, 20, 400);
  REQUIRE(progress.is_due());
  progress.step(3, 160, 0.43124, 21034.4);
  CHECK(take(out) == "\rtaste  epoch  3/20 [####......]  40%  loss 0.4312   21034 ex/s  -:-- left\x1b[K");
  Clock::elapsed += milliseconds(2000);
  progress.step(3, 180, 0.4, 9.0);  // 20 steps in 2 s, 7020 are left: 702 s
  CHECK(take(out) == "\rtaste  epoch  3/20 [####......]  45%  loss 0.4000       9 ex/s  11:42 left\x1b[K");
  Clock::elapsed += milliseconds(500);
  progress.step(16, 14, 0.4, 9.0);  // 5054 steps in 2.5 s, 1986 are left: 0.98 s
  CHECK(has(take(out), "  0:01 left"));
  Clock::elapsed += milliseconds(40000);
  progress.step(16, 396, 0.4, 9.0);  // 5436 steps in 42.5 s, 1604 are left: 12.54 s
  CHECK(has(take(out), "  0:13 left"));
  Clock::elapsed += milliseconds(500);
  progress.step(17, 120, 0.4, 9.0);  // 5560 steps in 43 s, 1480 are left: 11.4 s
  CHECK(has(take(out), "  0:11 left"));
  Clock::elapsed += milliseconds(500);
  progress.step(17, 400, 0.4, 9.0);  // 5840 steps in 43.5 s, 1200 are left: 8.9 s
  CHECK(has(take(out), "  0:09 left"));
  Clock::elapsed += milliseconds(500);
  progress.step(20, 390, 0.1, 1e6);  // 7030 steps in 44 s, 10 are left
  CHECK(take(out) == "\rtaste  epoch 20/20 [#########.]  97%  loss 0.1000  1000000 ex/s  0:00 left\x1b[K");
  progress.epoch({.epoch = 20, .loss = 0.1}, false);
}

TEST_CASE("the bar moves at most ten times a second") {
  std::ostringstream out;
  ls::Progress<Clock> progress({.out = &out, .terminal = true}, 1, 10);
  int shown = 0;
  for (int k = 0; k < 1000; ++k, Clock::elapsed += milliseconds(3)) {
    const bool due = progress.is_due();
    progress.step(1, k / 100, 0.5, 1);
    const bool moved = !take(out).empty();
    CHECK(moved == due);
    shown += moved;
  }
  CHECK(shown == 30);  // every 102 ms of 3 s
  progress.epoch({.epoch = 1}, false);
}

TEST_CASE("the bar is empty at the first step and full at the last, even of an epoch without steps") {
  std::ostringstream out;
  const auto bar = [&](std::int64_t step, std::int64_t steps) {
    Clock::elapsed += milliseconds(500);
    ls::Progress<Clock> progress({.out = &out, .terminal = true}, 1, steps);
    progress.step(1, step, 0, 0);
    const std::string text = take(out);
    return text.substr(text.find('['), 18);
  };
  CHECK(bar(0, 7) == "[..........]   0% ");
  CHECK(bar(7, 7) == "[##########] 100% ");
  CHECK(bar(0, 0) == "[..........]   0% ");
}

TEST_CASE("a line that moves ends before the last column of the terminal") {
  const std::string name(30, 'x');
  const std::size_t whole = (name + "  epoch  1/9 [#.........]  11%  loss 1.0000       1 ex/s  -:-- left").size();
  const int exact = static_cast<int>(whole);
  for (const int columns : {0, 1, 20, 80, exact - 1, exact, exact + 1, 200}) {
    std::ostringstream out;
    ls::Progress<Clock> progress({.out = &out, .terminal = true, .name = name, .columns = columns}, 9, 9);
    progress.step(1, 1, 1, 1);
    const std::string text = take(out);
    const std::size_t width = text.size() - std::string("\r\x1b[K").size();
    CHECK(width == (columns == 0 || columns > exact ? whole : static_cast<std::size_t>(columns) - 1));
  }
}

TEST_CASE("a terminal says that the model is being measured, other places do not") {
  std::ostringstream out;
  {
    ls::Progress<Clock> plain({.out = &out}, 20, 400);
    plain.validating(3, 0.5);
    CHECK(take(out).empty());
    ls::Progress<Clock> progress({.out = &out, .terminal = true, .name = "taste"}, 20, 400);
    progress.validating(3, 0.42979);
    CHECK(take(out) == "\rtaste  epoch  3/20 [##########] 100%  loss 0.4298  validating\x1b[K");
    progress.validating(3, std::numeric_limits<double>::quiet_NaN());  // not computed
    CHECK(take(out) == "\rtaste  epoch  3/20 [##########] 100%  validating\x1b[K");
  }
  CHECK(take(out) == "\n");  // what others write begins on a line of its own
}

TEST_CASE("a finished epoch is one line: with its metric, and a star where it is the best so far") {
  std::ostringstream out;
  const ls::EpochRecord record{
      .epoch = 3, .loss = 0.42979, .validation = 0.05213, .seconds = 2.44, .examples_per_second = 20881};
  {
    ls::Progress<Clock> plain({.out = &out, .name = "taste", .metric = "NDCG@10"}, 20, 400);
    CHECK_FALSE(plain.is_due());
    plain.step(1, 1, 1, 1);  // nothing moves elsewhere than on a terminal
    CHECK(take(out).empty());
    plain.epoch(record, true);
    CHECK(take(out) == "taste  epoch  3/20  loss 0.4298  NDCG@10 0.0521 *    2.4 s   20881 ex/s\n");
    plain.epoch(record, false);
    CHECK(take(out) == "taste  epoch  3/20  loss 0.4298  NDCG@10 0.0521      2.4 s   20881 ex/s\n");
    plain.say("stops here");
    CHECK(take(out) == "taste  stops here\n");
  }
  CHECK(take(out).empty());
  ls::Progress<Clock> terminal({.out = &out, .terminal = true}, 20, 400);
  terminal.epoch(record, true);
  CHECK(take(out) == "\repoch  3/20  loss 0.4298  validation 0.0521 *    2.4 s   20881 ex/s\x1b[K\n");
  ls::EpochRecord unmeasured;
  unmeasured.epoch = 100;
  terminal.epoch(unmeasured, true);  // its validation is NaN: nothing measured it
  CHECK(take(out) == "\repoch 100/20  loss 0.0000    0.0 s       0 ex/s\x1b[K\n");
}

TEST_CASE("a bar that is given up ends its line") {
  std::ostringstream out;
  {
    ls::Progress<Clock> progress({.out = &out, .terminal = true}, 2, 2);
    progress.step(1, 1, 0.5, 1);
    take(out);
  }
  CHECK(take(out) == "\n");
  {
    ls::Progress<Clock> progress({.out = &out, .terminal = true}, 2, 2);
    progress.step(1, 1, 0.5, 1);
    progress.epoch({.epoch = 1}, false);
    take(out);
  }
  CHECK(take(out).empty());
  Broken buffer;
  std::ostream broken(&buffer);
  {
    ls::Progress<Clock> progress({.out = &broken, .terminal = true}, 2, 2);
    progress.step(1, 1, 0.5, 1);
    broken.clear();
    broken.exceptions(std::ios::badbit);
  }  // its last word fails: nothing is thrown
  CHECK(broken.bad());
}

TEST_CASE("nothing is written without a stream, and numbers do not follow the locale") {
  ls::Progress<Clock> silent({.terminal = true}, 2, 2);
  CHECK_FALSE(silent.is_due());
  silent.step(1, 1, 1, 1);
  silent.epoch({.epoch = 1}, true);
  silent.say("nobody hears it");

  std::ostringstream out;
  out.imbue(std::locale(std::locale::classic(), new Commas));
  ls::Progress<Clock> progress({.out = &out}, 20000, 1);
  progress.epoch({.epoch = 12345, .loss = 1e300 * 1e10, .seconds = 1234.5, .examples_per_second = 1e308}, false);
  const std::string text = take(out);
  CHECK(text.starts_with("epoch 12345/20000  loss inf  1234.5 s  "));
  CHECK(text.size() > 340);
}

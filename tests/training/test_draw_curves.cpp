// SPDX-License-Identifier: Apache-2.0
#include <longshore/training/draw_curves.hpp>

#include <doctest/doctest.h>

#include <limits>
#include <string>

#include "tests/support/error_text.hpp"
#include "tests/support/temporary_folder.hpp"

namespace ls = longshore;
using test::content_of;
using test::has;

TEST_CASE("draw_curves: loss and validation have a panel each, with a point an epoch") {
  const test::TemporaryFolder folder;
  ls::FitReport trained;
  trained.epochs = {{.epoch = 1, .loss = 2, .validation = 0.1}, {.epoch = 2, .loss = 1, .validation = 0.2}};
  ls::draw_curves(folder / "a.svg", trained, "NDCG@10");
  const std::string text = content_of(folder / "a.svg");
  CHECK(has(text, ">training loss</text>"));
  CHECK(has(text, ">validation NDCG@10</text>"));
  CHECK(has(text, "points=\"70,40 560,270\""));   // 2 and 1 of a scale from 1 to 2
  CHECK(has(text, "points=\"70,564 560,334\""));  // 0.1 and 0.2 of one from 0.1 to 0.2, 294 further down
}

TEST_CASE("draw_curves: without a validation there is no panel of it, and no epoch is no error") {
  const test::TemporaryFolder folder;
  ls::FitReport trained;
  ls::draw_curves(folder / "none.svg", trained);
  CHECK(has(content_of(folder / "none.svg"), "</svg>"));
  trained.epochs = {{.epoch = 1, .loss = 2}, {.epoch = 2, .loss = std::numeric_limits<double>::quiet_NaN()}};
  ls::draw_curves(folder / "a.svg", trained, "NDCG@10");
  const std::string text = content_of(folder / "a.svg");
  CHECK(!has(text, "NDCG@10"));
  CHECK(!has(text, "nan"));
  CHECK_THROWS_AS(ls::draw_curves(folder / "absent" / "a.svg", trained), ls::FileError);
}

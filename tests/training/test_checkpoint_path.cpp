// SPDX-License-Identifier: Apache-2.0
#include <longshore/training/checkpoint_path.hpp>

#include <filesystem>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/error_text.hpp"
#include "tests/support/temporary_folder.hpp"

namespace ls = longshore;
using test::error_text;
using test::has;

TEST_CASE("a path for a checkpoint is tried before the first step, and nothing is left there") {
  const test::TemporaryFolder folder;
  const ls::CheckpointPath path("fit", folder / "c");
  CHECK(path.is_wanted());
  CHECK_FALSE(path.is_there());
  CHECK(std::filesystem::is_empty(folder / "."));
  test::make_file(folder / "c", "a checkpoint");
  CHECK(ls::CheckpointPath("fit", folder / "c").is_there());
  CHECK(test::content_of(folder / "c") == "a checkpoint");
  CHECK_FALSE(ls::CheckpointPath("fit", "").is_wanted());
  CHECK_FALSE(ls::CheckpointPath("fit", "").is_there());
}

TEST_CASE("P14: a path that no checkpoint can be written to is refused, naming who asked") {
  const test::TemporaryFolder folder;
  CHECK(has(error_text<ls::FileError>([&] { ls::CheckpointPath("fit_factors", folder / "absent/c"); }),
            "absent is no directory; make it for the checkpoint first"));
  test::make_file(folder / "file", "");
  CHECK(error_text<ls::FileError>([&] { ls::CheckpointPath("fit", folder / "file/c"); }).starts_with("fit: "));
  std::filesystem::create_directory(folder / "d");
  CHECK(has(error_text<ls::FileError>([&] { ls::CheckpointPath("fit", folder / "d"); }), "is not a regular file"));
}

TEST_CASE("P14: checkpoint and curves in one file are refused, however they are spelled") {
  const test::TemporaryFolder folder;
  const auto refusal = [](const std::filesystem::path& checkpoint, const std::filesystem::path& curves) {
    return error_text<ls::ShapeError>([&] { ls::CheckpointPath::check("fit", checkpoint, curves); });
  };
  CHECK(refusal("c", "./x/../c") == "fit: checkpoint and curves are one file, c; give them different paths");
  std::filesystem::create_directory_symlink(folder / ".", folder / "link");
  CHECK(has(refusal(folder / "link/c", folder / "c"), "are one file"));
  CHECK(refusal("c", "d") == "nothing was thrown");
  CHECK(refusal("", "") == "nothing was thrown");
  CHECK(refusal("c", "") == "nothing was thrown");
  const std::filesystem::path too_long(std::string(10'000, 'x'));
  CHECK(refusal(too_long, "c") == "nothing was thrown");
}

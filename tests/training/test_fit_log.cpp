// SPDX-License-Identifier: Apache-2.0
#include <longshore/training/fit_log.hpp>

#include <cstdint>
#include <filesystem>
#include <iterator>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/error_text.hpp"
#include "tests/support/event_file.hpp"
#include "tests/support/temporary_folder.hpp"

namespace ls = longshore;
using test::error_text;
using test::has;

namespace {

constexpr const char* columns = "epoch,loss,validation,rate,gradient_norm,seconds,examples_per_second\n";

const std::vector<ls::EpochRecord> records = {{1, 0.7, 0.25, 0.001, 1.5, 2.5, 300},
                                              {2, 0.1, 1e-3, 1e-4, 0.125, 2, 310.5},
                                              {3, 0.05, std::numeric_limits<double>::quiet_NaN(), 1e-4, 0.5, 2, 311}};
const std::vector<std::string> rows = {"1,0.7,0.25,0.001,1.5,2.5,300\n", "2,0.1,0.001,1e-04,0.125,2,310.5\n",
                                       "3,0.05,nan,1e-04,0.5,2,311\n"};

using Points = std::map<std::string, std::vector<std::pair<std::int64_t, float>>>;

/// The points of all event files of a folder, as TensorBoard shows them: by name of the files, and where one starts at a
/// step, no earlier points from there on.
Points points_of(const std::filesystem::path& folder) {
  Points points;
  std::set<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) paths.insert(entry.path());
  for (const auto& path : paths)
    for (const test::EventRecord& event : test::EventFile::decode(test::content_of(path))) {
      if (event.start)
        for (auto& [tag, curve] : points) std::erase_if(curve, [&](const auto& p) { return p.first >= event.step; });
      if (!event.tag.empty()) points[event.tag].emplace_back(event.step, event.value);
    }
  return points;
}

}  // namespace

TEST_CASE("each epoch is a row of the CSV file and a point of each curve of TensorBoard, as soon as it is over") {
  const test::TemporaryFolder folder;
  ls::FitLog log(
      {.curves = folder / "curves.csv", .tensorboard = folder / "runs/first", .progress = {.metric = "NDCG@10"}}, {});
  CHECK(test::content_of(folder / "curves.csv") == columns);
  log.epoch(records[0]);
  CHECK(test::content_of(folder / "curves.csv") == columns + rows[0]);
  CHECK(points_of(folder / "runs/first").at("loss/train").size() == 1);
  log.epoch(records[1]);
  log.epoch(records[2]);
  CHECK(test::content_of(folder / "curves.csv") == columns + rows[0] + rows[1] + rows[2]);
  const Points expected = {{"loss/train", {{1, 0.7f}, {2, 0.1f}, {3, 0.05f}}},
                           {"validation/NDCG@10", {{1, 0.25f}, {2, 1e-3f}}},  // the third was not measured
                           {"rate", {{1, 1e-3f}, {2, 1e-4f}, {3, 1e-4f}}},
                           {"gradient_norm", {{1, 1.5f}, {2, 0.125f}, {3, 0.5f}}},
                           {"examples_per_second", {{1, 300.0f}, {2, 310.5f}, {3, 311.0f}}}};
  CHECK(points_of(folder / "runs/first") == expected);
}

TEST_CASE("a resumed run's CSV file holds each epoch once, whatever the file had; TensorBoard shows each once too") {
  const test::TemporaryFolder folder;
  const ls::FitSettings settings{.curves = folder / "curves.csv", .tensorboard = folder / "runs"};
  {
    ls::FitLog log(settings, {});
    log.epoch(records[0]);
    log.epoch(records[1]);  // of which the checkpoint knows nothing: the process ended before it
  }
  ls::FitLog log(settings, {records[0]});
  CHECK(test::content_of(folder / "curves.csv") == columns + rows[0]);
  log.epoch(records[1]);
  CHECK(test::content_of(folder / "curves.csv") == columns + rows[0] + rows[1]);
  using Curve = std::vector<std::pair<std::int64_t, float>>;
  CHECK(points_of(folder / "runs").at("validation/value") == Curve{{1, 0.25f}, {2, 1e-3f}});
  // A new run in the same folder takes the place of the old one; its file stays.
  ls::FitLog again(settings, {});
  CHECK(points_of(folder / "runs").at("loss/train").empty());
  again.epoch(records[0]);
  CHECK(points_of(folder / "runs").at("loss/train") == Curve{{1, 0.7f}});
  CHECK(test::content_of(folder / "curves.csv") == columns + rows[0]);
  const std::filesystem::directory_iterator files(folder / "runs");
  CHECK(std::distance(begin(files), end(files)) == 3);
}

TEST_CASE("nothing is written that was not asked for") {
  const test::TemporaryFolder folder;
  ls::FitLog none({}, records);
  none.epoch(records[0]);
  ls::FitLog curves({.curves = folder / "curves.csv"}, {});
  curves.epoch(records[0]);
  CHECK(folder.names().size() == 1);
  ls::FitLog board({.tensorboard = folder / "runs"}, records);
  CHECK(points_of(folder / "runs").empty());
  CHECK(folder.names().size() == 2);
}

TEST_CASE("P14: a metric that TensorBoard cannot read is refused before an old file is emptied; so are bad places") {
  const test::TemporaryFolder folder;
  test::make_file(folder / "curves.csv", "of the last run");
  CHECK(has(
      error_text<ls::DataError>([&] {
        ls::FitLog(
            {.curves = folder / "curves.csv", .tensorboard = folder / "runs", .progress = {.metric = "ndcg \xff"}}, {});
      }),
      "fit: TensorBoard needs a name of the metric in UTF-8, \"validation/ndcg \\xff\" came"));
  CHECK(test::content_of(folder / "curves.csv") == "of the last run");
  CHECK(folder.names().size() == 1);
  CHECK(has(error_text<ls::FileError>([&] { ls::FitLog({.curves = folder / "absent/curves.csv"}, {}); }),
            "No such file or directory"));
  CHECK(has(error_text<ls::FileError>([&] { ls::FitLog({.tensorboard = folder / "curves.csv"}, {}); }),
            (folder / "curves.csv").string()));
}

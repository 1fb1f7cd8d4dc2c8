// SPDX-License-Identifier: Apache-2.0
#include <longshore/io/csv_writer.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/error_text.hpp"
#include "tests/support/temporary_folder.hpp"

using longshore::CsvWriter;
using longshore::FileError;
using longshore::ShapeError;
using test::content_of;
using test::error_text;
using test::has;

TEST_CASE("a table has its columns and rows, each in the file when it is written") {
  const test::TemporaryFolder folder;
  CsvWriter table(folder / "a", {"epoch", "loss", "best"});
  CHECK(content_of(folder / "a") == "epoch,loss,best\n");
  table.row(0, 0.5, true);
  CHECK(content_of(folder / "a") == "epoch,loss,best\n0,0.5,true\n");
  table.cell(1);
  table.cell(std::string("x"));
  CHECK(content_of(folder / "a") == "epoch,loss,best\n0,0.5,true\n");
  table.cell(false);
  table.end_row();
  CHECK(content_of(folder / "a") == "epoch,loss,best\n0,0.5,true\n1,x,false\n");
}

TEST_CASE("numbers are written with the fewest digits that give them back") {
  const test::TemporaryFolder folder;
  const std::vector<double> doubles = {0.1, 1.0 / 3.0, 1e300, -0.0, 5e-324, 123456789.0, 1e22, 0.30000000000000004};
  const std::vector<float> floats = {0.1f, 1.0f / 3.0f, 3e38f, 1e-45f};
  CsvWriter table(folder / "a", {"v"});
  for (const double value : doubles) table.row(value);
  for (const float value : floats) table.row(value);
  table.row(INT64_MIN);
  table.row(UINT64_MAX);
  table.row(std::uint8_t{200});
  table.row(std::numeric_limits<double>::quiet_NaN());
  table.row(-std::numeric_limits<double>::infinity());
  std::vector<std::string> lines;
  std::string content = content_of(folder / "a");
  for (std::size_t end; (end = content.find('\n')) != std::string::npos; content.erase(0, end + 1))
    lines.push_back(content.substr(0, end));
  REQUIRE(lines.size() == 1 + doubles.size() + floats.size() + 5);
  CHECK(lines[1] == "0.1");
  CHECK(lines[4] == "-0");
  for (std::size_t i = 0; i < doubles.size(); ++i) CHECK(std::strtod(lines[1 + i].c_str(), nullptr) == doubles[i]);
  CHECK(lines[9] == "0.1");
  for (std::size_t i = 0; i < floats.size(); ++i) CHECK(std::strtof(lines[9 + i].c_str(), nullptr) == floats[i]);
  CHECK(lines[13] == "-9223372036854775808");
  CHECK(lines[14] == "18446744073709551615");
  CHECK(lines[15] == "200");
  CHECK(lines[16] == "nan");
  CHECK(lines[17] == "-inf");
}

TEST_CASE("texts have quotation marks where they would be misread without") {
  const test::TemporaryFolder folder;
  CsvWriter table(folder / "a", {"plain", "a,b", "say \"x\""});
  table.row("plain text", "two\nlines", "cr\r");
  table.row("", " led", std::string_view("trailed "));
  table.row("semi;colon", "tab\t", "'");
  CHECK(content_of(folder / "a") ==
        "plain,\"a,b\",\"say \"\"x\"\"\"\nplain text,\"two\nlines\",\"cr\r\"\n\"\",\" led\",\"trailed "
        "\"\nsemi;colon,tab\t,'\n");
  CsvWriter tabs(folder / "b", {"a,b", "c\td"}, {.separator = '\t'});
  CHECK(content_of(folder / "b") == "a,b\t\"c\td\"\n");
}

TEST_CASE("a row has as many cells as there are columns") {
  const test::TemporaryFolder folder;
  CsvWriter table(folder / "a", {"x", "y"});
  CHECK(error_text<ShapeError>([&] { table.row(1); }) ==
        "CsvWriter: " + (folder / "a").string() + ": a row of 1 cells in a table of 2 columns");
  CHECK(has(error_text<ShapeError>([&] { table.row(1, 2, 3); }), "a row of 3 cells in a table of 2 columns"));
  table.cell(1);
  CHECK(has(error_text<ShapeError>([&] { table.row(1, 2); }), "a row is begun already"));
  CHECK(has(error_text<ShapeError>([&] { table.end_row(); }), "a row of 1 cells"));
  table.row(1, 2);
  CHECK(content_of(folder / "a") == "x,y\n1,2\n");
  CHECK(has(error_text<ShapeError>([&] { CsvWriter(folder / "b", {}); }), "a table must have a column"));
  for (const char separator : {'"', '\n', '\r', '.', '-', '+', '0', '9', 'e', 'N', '\0'})
    CHECK(has(error_text<ShapeError>([&] { CsvWriter(folder / "b", {"x"}, {.separator = separator}); }),
              "cannot separate"));
}

TEST_CASE("a new table empties the file, an appended one goes on") {
  const test::TemporaryFolder folder;
  const std::vector<std::string> columns = {"x", "note"};
  CsvWriter(folder / "a", columns).row(1, "one");
  CsvWriter(folder / "a", columns, {.append = true}).row(2, "two");
  CHECK(content_of(folder / "a") == "x,note\n1,one\n2,two\n");
  CsvWriter(folder / "a", columns).row(3, "three");
  CHECK(content_of(folder / "a") == "x,note\n3,three\n");
  CsvWriter(folder / "new", columns, {.append = true}).row(1, "one");
  CHECK(content_of(folder / "new") == "x,note\n1,one\n");
}

TEST_CASE("a last row that was cut short is removed before rows are appended") {
  const test::TemporaryFolder folder;
  for (const std::string cut : {"2,tw", "2,\"two\nlines\nand", "2", "2,\"a\"\"\n"}) {
    test::make_file(folder / "a", "x,note\n1,\"o\nne\"\n" + cut);
    CsvWriter(folder / "a", {"x", "note"}, {.append = true}).row(3, "three");
    CHECK(content_of(folder / "a") == "x,note\n1,\"o\nne\"\n3,three\n");
  }
  std::string long_file = "x,note\n";
  for (int i = 0; i < 30'000; ++i) long_file += std::to_string(i) + ",text\n";
  test::make_file(folder / "a", long_file + "30000,te");
  CsvWriter(folder / "a", {"x", "note"}, {.append = true}).row(3, "three");
  CHECK(content_of(folder / "a") == long_file + "3,three\n");
}

TEST_CASE("a table of other columns is not appended to, and stays as it is") {
  const test::TemporaryFolder folder;
  for (const std::string other : {"x,y\n1,2\n", "x,note", "x", "y,note\n"}) {
    test::make_file(folder / "a", other);
    CHECK(has(error_text<FileError>([&] {
                CsvWriter(folder / "a", {"x", "note"}, {.append = true});
              }),
              "byte 0: the table begins with \"" + other.substr(0, 1)));
    CHECK(content_of(folder / "a") == other);
  }
}

TEST_CASE("what is not a regular file cannot be a table") {
  const test::TemporaryFolder folder;
  CHECK(has(error_text<FileError>([&] { CsvWriter("/dev/null", {"x"}); }), "/dev/null is not a regular file"));
  CHECK(has(error_text<FileError>([&] { CsvWriter(folder.path(), {"x"}); }), "open: Is a directory"));
}

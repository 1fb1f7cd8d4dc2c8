// SPDX-License-Identifier: Apache-2.0
#include <longshore/io/npy.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/error_text.hpp"
#include "tests/support/temporary_folder.hpp"

using longshore::FileError;
using longshore::NonFinite;
using longshore::read_npy;
using longshore::ShapeError;
using longshore::write_npy;
using test::error_text;
using test::has;

TEST_CASE_TEMPLATE("arrays of every type are read as they were written", T, float, double, std::int32_t, std::int64_t,
                   std::uint8_t) {
  const test::TemporaryFolder folder;
  xt::xarray<T> array = {{1, 2, 3}, {4, 5, 250}};
  array(0, 0) = std::numeric_limits<T>::lowest();
  array(0, 1) = std::numeric_limits<T>::max();
  write_npy(folder / "a", array);
  const xt::xarray<T> came = read_npy<T>(folder / "a");
  CHECK(came == array);
  const std::vector<std::int64_t> shape = {2, 3};
  const std::string bytes(reinterpret_cast<const char*>(array.data()), 6 * sizeof(T));
  CHECK(test::content_of(folder / "a") == longshore::NpyHeader::text(longshore::dtype_of<T>(), shape) + bytes);
}

TEST_CASE("arrays of any rank, expressions and column-major arrays are written in C order") {
  const test::TemporaryFolder folder;
  const xt::xarray<double> cube = xt::reshape_view(xt::arange<double>(0, 24), {2, 3, 4});
  write_npy(folder / "cube", cube);
  CHECK(read_npy<double>(folder / "cube") == cube);
  write_npy(folder / "expression", xt::transpose(cube) * 2.0);
  const xt::xarray<double> expected = xt::transpose(cube) * 2.0;
  CHECK(read_npy<double>(folder / "expression") == expected);
  const xt::xarray<double, xt::layout_type::column_major> columns = cube;
  write_npy(folder / "columns", columns);
  CHECK(read_npy<double>(folder / "columns") == cube);
  const xt::xtensor<float, 1> vector = {1.5f, 2.5f};
  write_npy(folder / "vector", vector);
  CHECK(read_npy<float>(folder / "vector") == xt::xarray<float>(vector));
  write_npy(folder / "scalar", xt::xarray<float>(7.5f));
  const xt::xarray<float> scalar = read_npy<float>(folder / "scalar");
  CHECK(scalar.dimension() == 0);
  CHECK(scalar() == 7.5f);
  write_npy(folder / "empty", xt::xarray<float>::from_shape({0, 3}));
  CHECK(read_npy<float>(folder / "empty").shape(1) == 3);
}

TEST_CASE("plain memory is written with its shape") {
  const test::TemporaryFolder folder;
  const std::vector<float> elements = {1, 2, 3, 4, 5, 6};
  write_npy<float>(folder / "a", elements, std::vector<std::int64_t>{3, 2});
  CHECK(read_npy<float>(folder / "a")(2, 0) == 5.0f);
  CHECK(folder.names().size() == 1);
  CHECK(has(error_text<ShapeError>([&] {
              write_npy<float>(folder / "a", elements, std::vector<std::int64_t>{4, 2});
            }),
            "6 elements came, the shape has 8"));
  CHECK(has(error_text<ShapeError>([&] { write_npy<float>(folder / "a", elements, std::vector<std::int64_t>{-6}); }),
            "6 elements came, the shape has an impossible number"));
  CHECK(has(error_text<FileError>([&] { write_npy<float>(folder / "no/a", elements, std::vector<std::int64_t>{6}); }),
            "No such file"));
}

TEST_CASE("another type than that of the file is refused") {
  const test::TemporaryFolder folder;
  write_npy(folder / "a", xt::xarray<float>{1.0f});
  CHECK(error_text<FileError>([&] { read_npy<double>(folder / "a"); }) ==
        "read_npy: " + (folder / "a").string() + ": the array holds F32, the caller reads F64");
  CHECK(has(error_text<FileError>([&] { read_npy<double>(folder / "b"); }), "b: open: No such file or directory"));
}

TEST_CASE("P12: a NaN or an infinity is refused at its byte, unless it is wanted") {
  const test::TemporaryFolder folder;
  xt::xarray<double> array = xt::zeros<double>({3000});
  array(2000) = std::numeric_limits<double>::infinity();
  array(2001) = std::numeric_limits<double>::quiet_NaN();
  write_npy(folder / "a", array);
  CHECK(has(error_text<FileError>([&] { read_npy<double>(folder / "a"); }), "a: byte 16128: a NaN or an infinity"));
  CHECK(read_npy<double>(folder / "a", NonFinite::accept)(2000) == array(2000));
}

TEST_CASE("P10: what xtensor's reader lets through is refused before anything is allocated") {
  const auto refusal = [](const std::string& shape) {
    const std::string text = "{'descr': '<f8', 'fortran_order': False, 'shape': " + shape + ", }\n";
    const std::string file =
        std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(text.size()) + '\0' + text + "12345678";
    return error_text<FileError>(
        [&] { read_npy<double>(longshore::ByteSource::memory("read_npy", test::bytes_of_text(file), "f")); });
  };
  CHECK(refusal("(1,)") == "nothing was thrown");
  CHECK(has(refusal("(2,)"), "the shape needs 16 bytes of data, the file has 8"));
  CHECK(has(refusal("(100000000000,)"), "the shape needs 800000000000 bytes of data, the file has 8"));
  CHECK(has(refusal("(2305843009213693953,)"), "the size of the shape leaves 63 bits"));
  CHECK(has(refusal("(x,)"), "an extent must be a whole number"));
}

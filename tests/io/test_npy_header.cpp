// SPDX-License-Identifier: Apache-2.0
#include <longshore/io/npy_header.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/error_text.hpp"
#include "tests/support/temporary_folder.hpp"

using longshore::ByteSource;
using longshore::Dtype;
using longshore::FileError;
using longshore::NpyHeader;
using longshore::ShapeError;
using test::error_text;
using test::has;

namespace {

/// A file of version 1.0 with this dictionary and data of zeros.
std::string npy(const std::string& dictionary, std::size_t data_bytes, const std::string& end = "\n") {
  const std::string text = dictionary + end;
  return std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(text.size() % 256) +
         static_cast<char>(text.size() / 256) + text + std::string(data_bytes, '\0');
}

NpyHeader parsed(const std::string& file) {
  return NpyHeader::read(ByteSource::memory("reader", test::bytes_of_text(file), "f"));
}

std::string refusal(const std::string& file) {
  return error_text<FileError>([&] { parsed(file); });
}

std::string with_shape(const std::string& shape) {
  return "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }";
}

}  // namespace

TEST_CASE("the header that is written is NumPy's") {
  const std::vector<std::int64_t> shape = {2, 3};
  const std::string text = NpyHeader::text(Dtype::f32, shape);
  CHECK(text.size() == 128);
  CHECK(text.substr(0, 10) == std::string("\x93NUMPY\x01\x00\x76\x00", 10));
  const std::string dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
  CHECK(text.substr(10) == dictionary + std::string(128 - 10 - dictionary.size() - 1, ' ') + '\n');
  CHECK(has(NpyHeader::text(Dtype::u8, {}), "{'descr': '|u1', 'fortran_order': False, 'shape': (), }"));
  CHECK(has(NpyHeader::text(Dtype::i64, std::vector<std::int64_t>{7}),
            "'<i8', 'fortran_order': False, 'shape': (7,), }"));
}

TEST_CASE("every header that is written is read, whatever the rank") {
  for (const Dtype dtype : {Dtype::f32, Dtype::f64, Dtype::i32, Dtype::i64, Dtype::u8})
    for (std::size_t rank = 0; rank <= NpyHeader::most_extents; ++rank) {
      std::vector<std::int64_t> shape(rank, 1);
      if (rank > 0) shape[0] = 1234567;
      const std::string text = NpyHeader::text(dtype, shape);
      CHECK(text.size() % 64 == 0);
      const NpyHeader header =
          parsed(text + std::string((rank > 0 ? 1234567 : 1) * longshore::facts_of(dtype).bytes, '\0'));
      CHECK(header.dtype == dtype);
      CHECK(header.shape == shape);
      CHECK(header.data_offset == text.size());
    }
}

TEST_CASE("keys in any order, either quotation mark and any spaces are read") {
  const NpyHeader header = parsed(npy("  { \"shape\" :( 2 ,3,) , 'fortran_order':False,'descr':\"<i8\"}  ", 48));
  CHECK(header.shape == std::vector<std::int64_t>{2, 3});
  CHECK(header.dtype == Dtype::i64);
  CHECK(parsed(npy(with_shape("(0, 5)"), 0)).shape == std::vector<std::int64_t>{0, 5});
  CHECK(parsed(npy(with_shape("()"), 4)).shape.empty());
}

TEST_CASE("versions 2.0 and 3.0 have a length of four bytes, others are refused") {
  const std::string text = with_shape("(2,)") + "\n";
  for (const char version : {'\2', '\3'}) {
    const std::string file = "\x93NUMPY" + std::string(1, version) + std::string(1, '\0') +
                             static_cast<char>(text.size()) + std::string(3, '\0') + text + std::string(8, '\0');
    CHECK(parsed(file).shape == std::vector<std::int64_t>{2});
    CHECK(parsed(file).data_offset == 12 + text.size());
  }
  std::string file = npy(with_shape("(2,)"), 8);
  file[6] = 4;
  CHECK(has(refusal(file), "reader: f: byte 6: the format version is 4.0, versions 1.0, 2.0 and 3.0 are read"));
  file[6] = 0;
  CHECK(has(refusal(file), "the format version is 0.0"));
  file[6] = 1;
  file[7] = 1;
  CHECK(has(refusal(file), "the format version is 1.1"));
}

TEST_CASE("Fortran order is refused with what to do about it") {
  CHECK(has(refusal(npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }", 24)),
            "the array is in Fortran order; save it in C order, for example numpy.save(path, "
            "numpy.ascontiguousarray(array))"));
}

TEST_CASE("P10: hostile headers are refused with their byte and reason") {
  struct Hostile {
    std::string file, reason;
  };
  const std::string head = "{'descr': '<f4', 'fortran_order': False, ";
  const std::vector<Hostile> corpus = {
      {"", "byte 0: the file ends here"},
      {"\x93NUMPY\x01", "byte 7: the file ends here"},
      {std::string("\x93NUMPY\x01\x00\x05", 9), "byte 9: the file ends here"},
      {std::string("\x93NUMPY\x02\x00\x05\x00\x00", 11), "byte 11: the file ends here"},
      {std::string("\x93NUMPX\x01\x00", 8), "byte 0: this is not an .npy file"},
      {"PK\x03\x04 a zip archive", "this is not an .npy file"},
      {npy(with_shape("(2,)"), 8).substr(0, 40), "the file ends here"},
      {std::string("\x93NUMPY\x02\x00\xff\xff\xff\xff", 12), "byte 8: a header of 4294967295 bytes, at most 65535"},
      {npy("", 0, ""), "byte 10: the header must have { here"},
      {npy("[1]", 0), "the header must have { here"},
      {npy("{}", 0), "the header must have descr, fortran_order and shape"},
      {npy("{'descr': '<f4', 'fortran_order': False}", 4), "the header must have descr, fortran_order and shape"},
      {npy(head + "'shape': (2,), 'extra': 1}", 8), "the unknown key \"extra\""},
      {npy(head + "'shape': (2,), 'shape': (2,)}", 8), "shape comes twice"},
      {npy(head + "'fortran_order': False, 'shape': (2,)}", 8), "fortran_order comes twice"},
      {npy(head + "'descr': '<f4', 'shape': (2,)}", 8), "descr comes twice"},
      {npy(head + "'shape': (2,)", 8), "the header must have , here"},
      {npy(head + "'shape': (2,) 'x': 1}", 8), "the header must have , here"},
      {npy(head + "'shape' (2,)}", 8), "the header must have : here"},
      {npy(head + "shape: (2,)}", 8), "the header must have a text here"},
      {npy(head + "'shape: (2,)}", 8), "the text that begins here does not end"},
      {npy(with_shape("(x,)"), 4), "an extent must be a whole number"},
      {npy(with_shape("(-2,)"), 8), "an extent must be a whole number"},
      {npy(with_shape("(-0,)"), 0), "an extent must be a whole number"},
      {npy(with_shape("(02,)"), 8), "an extent must be a whole number"},
      {npy(with_shape("(00,)"), 0), "an extent must be a whole number"},
      {npy(with_shape("(0, 4294967296, 4294967296)"), 0), "the size of the shape leaves 63 bits"},
      {npy(with_shape("(2.0,)"), 8), "the extents of the shape must have commas between them"},
      {npy(with_shape("(2L,)"), 8), "the extents of the shape must have commas between them"},
      {npy(with_shape("(+2,)"), 8), "an extent must be a whole number"},
      {npy(with_shape("(0x2,)"), 8), "the extents of the shape must have commas between them"},
      {npy(with_shape("(,)"), 4), "an extent must be a whole number"},
      {npy(with_shape("(2,,3)"), 24), "an extent must be a whole number"},
      {npy(with_shape("(2 3)"), 24), "the extents of the shape must have commas between them"},
      {npy(with_shape("(2)"), 8), "a shape of one extent must be written (3,)"},
      {npy(with_shape("2"), 8), "the header must have ( here"},
      {npy(with_shape("[2]"), 8), "the header must have ( here"},
      {npy(with_shape("((2,),)"), 8), "an extent must be a whole number"},
      {npy(with_shape("(2,"), 8), "an extent must be a whole number"},
      {npy(with_shape("(9223372036854775808,)"), 0), "an extent must be a whole number from 0 to 2^63 - 1"},
      {npy(with_shape("(4611686018427387905,)"), 4), "the size of the shape leaves 63 bits"},
      {npy(with_shape("(4294967296, 4294967296)"), 0), "the size of the shape leaves 63 bits"},
      {npy(with_shape("(100000000000,)"), 8), "the shape needs 400000000000 bytes of data, the file has 8"},
      {npy(with_shape("(2,)"), 7), "the shape needs 8 bytes of data, the file has 7"},
      {npy(with_shape("(2,)"), 9), "the shape needs 8 bytes of data, the file has 9"},
      {npy("{'descr': '>f4', 'fortran_order': False, 'shape': (2,)}", 8), "elements of type \">f4\""},
      {npy("{'descr': '|O', 'fortran_order': False, 'shape': (2,)}", 8), "elements of type \"|O\""},
      {npy("{'descr': '<f2', 'fortran_order': False, 'shape': (2,)}", 4), "elements of type \"<f2\""},
      {npy("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (2,)}", 8), "must have a text here"},
      {npy("{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}", 8), "fortran_order must be True or False"},
      {npy(with_shape("(2,)"), 8, ""), "the header must have \n here"},
      {npy(with_shape("(2,)"), 8, " x\n"), "the header must have \n here"},
      {npy(with_shape("(2,)"), 8, "\n\n"), "the header must end here"},
      {npy(with_shape("(2,)"), 8, std::string("\0\n", 2)), "the header must have \n here"},
  };
  for (const Hostile& hostile : corpus) {
    CAPTURE(hostile.file);
    const std::string came = refusal(hostile.file);
    CHECK_MESSAGE(has(came, hostile.reason), came);
    CHECK(came.starts_with("reader: f: byte "));
  }
}

TEST_CASE("a file that is cut anywhere is refused") {
  const std::string file = NpyHeader::text(Dtype::f64, std::vector<std::int64_t>{3}) + std::string(24, '\0');
  for (std::size_t length = 0; length < file.size(); ++length)
    CHECK(refusal(file.substr(0, length)) != "nothing was thrown");
  CHECK(refusal(file) == "nothing was thrown");
}

TEST_CASE("P22: extents and header bytes are counted exactly") {
  const auto shape = [](std::size_t rank) {
    std::string text = "(";
    for (std::size_t i = 0; i < rank; ++i) text += "1,";
    return text + ")";
  };
  CHECK(refusal(npy(with_shape(shape(NpyHeader::most_extents - 1)), 4)) == "nothing was thrown");
  CHECK(refusal(npy(with_shape(shape(NpyHeader::most_extents)), 4)) == "nothing was thrown");
  CHECK(has(refusal(npy(with_shape(shape(NpyHeader::most_extents + 1)), 4)), "more than 32 extents"));
  CHECK(has(error_text<ShapeError>([] { NpyHeader::text(Dtype::f32, std::vector<std::int64_t>(33, 1)); }),
            "NpyHeader: 33 extents, at most 32"));
  CHECK(has(error_text<ShapeError>([] { NpyHeader::text(Dtype::f16, {}); }), ".npy files hold float, double"));

  const auto header = [](std::size_t bytes) {  // version 2.0
    const std::string text = with_shape("(1,)") + std::string(bytes - with_shape("(1,)").size() - 1, ' ') + '\n';
    return std::string("\x93NUMPY\x02\x00", 8) + static_cast<char>(bytes & 255) + static_cast<char>(bytes >> 8 & 255) +
           static_cast<char>(bytes >> 16 & 255) + '\0' + text + std::string(4, '\0');
  };
  CHECK(refusal(header(NpyHeader::most_bytes - 1)) == "nothing was thrown");
  CHECK(refusal(header(NpyHeader::most_bytes)) == "nothing was thrown");
  CHECK(has(refusal(header(NpyHeader::most_bytes + 1)), "byte 8: a header of 65536 bytes, at most 65535 are read"));
}

// SPDX-License-Identifier: Apache-2.0
// The C++ side of the agreement with Python's safetensors; the .py beside it drives it:
//
//   write FILE  writes a file of every element type with C++ access
//   read FILE   checks the file that Python wrote of the same values
//   judge       reads paths from the standard input, prints "accept" or the reason of the refusal for each
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <iostream>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <longshore/io/safetensors_reader.hpp>
#include <longshore/io/safetensors_writer.hpp>

namespace {

using longshore::Dtype;
using longshore::SafetensorsReader;
using longshore::SafetensorsWriter;

/// Element i of every tensor; Python has the same formula.
template <class T>
std::vector<T> values(std::size_t count) {
  std::vector<T> made(count);
  for (std::size_t i = 0; i < count; ++i) {
    if constexpr (std::is_floating_point_v<T>)
      made[i] = (static_cast<T>(i) - T(5)) / T(4);
    else
      made[i] = static_cast<T>(i * 37 + 11);
  }
  return made;
}

void write(const std::string& path) {
  SafetensorsWriter writer(path,
                           {{.name = "u8", .dtype = Dtype::u8, .shape = {3, 1, 7}},
                            {.name = "f32", .dtype = Dtype::f32, .shape = {4, 5}},
                            {.name = "f64", .dtype = Dtype::f64, .shape = {3}},
                            {.name = "scalar", .dtype = Dtype::f64},
                            {.name = "empty", .dtype = Dtype::f32, .shape = {0, 6}},
                            {.name = "i64", .dtype = Dtype::i64, .shape = {2, 2, 2}},
                            {.name = "i32 \"\xc3\xa9\"", .dtype = Dtype::i32, .shape = {9}},
                            {.name = "u64", .dtype = Dtype::u64, .shape = {1}}},
                           {{"format", "pt"}, {"note", "two\nlines, \"quoted\", \xc3\xa9"}});
  writer.write<float>("f32", values<float>(20));
  writer.write<double>("f64", values<double>(3));
  writer.write<double>("scalar", values<double>(1));
  writer.write<float>("empty", {});
  writer.write<std::int64_t>("i64", values<std::int64_t>(8));
  writer.write<std::int32_t>("i32 \"\xc3\xa9\"", values<std::int32_t>(9));
  writer.write<std::uint64_t>("u64", values<std::uint64_t>(1));
  writer.write<std::uint8_t>("u8", values<std::uint8_t>(21));
  writer.commit();
}

template <class T>
bool holds(const SafetensorsReader& reader, std::string_view name, const std::vector<std::int64_t>& shape,
           std::size_t count) {
  const bool same = reader.find(name)->shape == shape && reader.read<T>(name) == values<T>(count);
  if (!same) std::cerr << name << " differs\n";
  return same;
}

bool read(const std::string& path) {
  const SafetensorsReader reader(path);
  bool good = reader.size() == 12;
  good &= holds<float>(reader, "f32", {4, 5}, 20);
  good &= holds<double>(reader, "f64", {3}, 3);
  good &= holds<double>(reader, "scalar", {}, 1);
  good &= holds<float>(reader, "empty", {0, 6}, 0);
  good &= holds<std::int64_t>(reader, "i64", {2, 2, 2}, 8);
  good &= holds<std::int32_t>(reader, "i32 \"\xc3\xa9\"", {9}, 9);
  good &= holds<std::uint64_t>(reader, "u64", {1}, 1);
  good &= holds<std::uint8_t>(reader, "u8", {3, 1, 7}, 21);
  good &= holds<std::int16_t>(reader, "i16", {2}, 2);
  good &= reader.find("f16")->dtype == Dtype::f16 && reader.find("bool")->dtype == Dtype::boolean;
  good &= reader.find("i8")->dtype == Dtype::i8;
  good &= reader.metadata("note") == "two\nlines, \"quoted\", \xc3\xa9";
  reader.verify();
  return good;
}

void judge() {
  for (std::string path; std::getline(std::cin, path);) {
    try {
      SafetensorsReader(path, {.non_finite = longshore::NonFinite::accept}).verify();
      std::cout << "accept\n";
    } catch (const longshore::FileError& error) {
      std::cout << error.what() << '\n';
    }
  }
}

}  // namespace

int main(int count, char** arguments) {
  try {
    const std::string verb = count > 1 ? arguments[1] : "";
    if (verb == "write" && count == 3) return write(arguments[2]), 0;
    if (verb == "read" && count == 3) return read(arguments[2]) ? 0 : 1;
    if (verb == "judge") return judge(), 0;
    std::cerr << "usage: write FILE, read FILE or judge\n";
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
  }
  return 2;
}

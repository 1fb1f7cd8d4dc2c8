// SPDX-License-Identifier: Apache-2.0

// libFuzzer harness of the reader of .npy files (P10). From the repository:
//
//     clang++ -std=c++20 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -I include -I .
//             tests/fuzz/fuzz_npy_reader.cpp -o fuzz_npy_reader
//     ./fuzz_npy_reader -max_len=512 -runs=10000000 -dict=tests/fuzz/npy.dict
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>

#include <longshore/core/error.hpp>
#include <longshore/io/npy.hpp>

#include "tests/fuzz/allocated_memory.hpp"

namespace {

/// What the input stands for: a whole file, or a dictionary and as many bytes of data as the second byte says.
std::string file_of(std::string_view input) {
  if (input.size() < 2 || input[0] % 4 == 0) return std::string(input.substr(0, input.size()));
  const std::string dictionary = std::string(input.substr(2)) + '\n';
  const bool first = input[0] % 4 == 1;
  std::string file = "\x93NUMPY";
  file += first ? '\1' : '\3';
  file += '\0';
  file += static_cast<char>(dictionary.size() & 255);
  file += static_cast<char>(dictionary.size() >> 8);
  if (!first) file += std::string(2, '\0');
  return file + dictionary + std::string(static_cast<unsigned char>(input[1]), '\x55');
}

template <class T>
void read_array(const longshore::ByteSource& source, const longshore::NpyHeader& header) {
  if (header.dtype != longshore::dtype_of<T>()) return;
  const xt::xarray<T> array = longshore::read_npy<T>(source);
  if (header.data_offset + array.size() * sizeof(T) != source.size()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string file = file_of({reinterpret_cast<const char*>(data), size});
  const auto source = longshore::ByteSource::memory("fuzz", std::as_bytes(std::span(file)), "memory");
  const std::size_t before = AllocatedMemory::start();
  try {
    const longshore::NpyHeader header = longshore::NpyHeader::read(source);
    if (AllocatedMemory::peak - before > file.size() + 10'000) std::abort();
    // What was read, written and read again must be the same.
    std::string again = longshore::NpyHeader::text(header.dtype, header.shape);
    again += file.substr(header.data_offset);
    const auto rewritten = longshore::ByteSource::memory("fuzz", std::as_bytes(std::span(again)), "memory");
    const longshore::NpyHeader same = longshore::NpyHeader::read(rewritten);
    if (same.dtype != header.dtype || same.shape != header.shape) std::abort();
    read_array<float>(source, header);
    read_array<double>(source, header);
    read_array<std::int32_t>(source, header);
    read_array<std::int64_t>(source, header);
    read_array<std::uint8_t>(source, header);
  } catch (const longshore::FileError& error) {
    if (!std::string_view(error.what()).starts_with("fuzz: memory: byte ")) std::abort();
  }
  return 0;
}

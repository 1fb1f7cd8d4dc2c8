// SPDX-License-Identifier: Apache-2.0

// libFuzzer harness of the safetensors reader (P9). From the repository:
//
//     clang++ -std=c++20 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -I include -I .
//             tests/fuzz/fuzz_safetensors_reader.cpp -o fuzz_safetensors_reader
//     ./fuzz_safetensors_reader -max_len=512 -runs=10000000 -dict=tests/fuzz/safetensors.dict
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include <longshore/core/error.hpp>
#include <longshore/io/safetensors_reader.hpp>

#include "tests/fuzz/allocated_memory.hpp"

namespace {

/// What the input stands for: a whole file, or a header (and as many bytes of data as the second byte says), the
/// checksum of the header set right or not.
std::string file_of(std::string_view input) {
  if (input.size() < 2 || input[0] % 4 == 0) return std::string(input.substr(0, input.size()));
  std::string header(input.substr(2));
  const std::size_t digits_at = longshore::SafetensorsKeys::opening.size();
  if (input[0] % 4 == 1 && header.starts_with(longshore::SafetensorsKeys::opening) && header.size() >= digits_at + 16)
    header.replace(digits_at, 16, longshore::header_checksum(header));
  const std::uint64_t length = header.size();
  std::string file(8, '\0');
  std::memcpy(file.data(), &length, 8);
  return file + header + std::string(static_cast<unsigned char>(input[1]), '\x55');
}

/// Compares what was accepted with what a general JSON reader finds in the header.
bool agrees(const longshore::SafetensorsReader& reader, const std::string& file) {
  const std::uint64_t begin = reader.data_offset();
  const nlohmann::json header = nlohmann::json::parse(file.substr(8, begin - 8));
  std::uint64_t end = 0;
  for (std::size_t i = 0; i < reader.size(); ++i) {
    const longshore::TensorEntry tensor = reader.entry(i);
    const nlohmann::json& entry = header.at(tensor.name);
    if (entry.at("dtype") != longshore::facts_of(tensor.dtype).name || entry.at("shape") != tensor.shape) return false;
    if (entry.at("data_offsets") != nlohmann::json{tensor.begin, tensor.end} || tensor.begin != end) return false;
    if (reader.find(tensor.name)->begin != tensor.begin || reader.find(tensor.name)->end != tensor.end) return false;
    std::uint64_t bytes = longshore::facts_of(tensor.dtype).bytes;
    for (const std::int64_t extent : tensor.shape) bytes *= static_cast<std::uint64_t>(extent);
    end = tensor.end;
    if (end - tensor.begin != bytes) return false;
  }
  for (const auto& [key, value] : reader.metadata())
    if (header.at("__metadata__").at(key) != value) return false;
  const std::size_t metadata = header.contains("__metadata__") ? 1 : 0;
  return begin + end == file.size() && header.size() == reader.size() + metadata;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string file = file_of({reinterpret_cast<const char*>(data), size});
  const std::span<const std::byte> bytes = std::as_bytes(std::span(file));
  const std::size_t before = AllocatedMemory::start();
  try {
    const longshore::SafetensorsReader reader(bytes);
    if (AllocatedMemory::peak - before > file.size() + (1u << 20)) std::abort();
    if (!agrees(reader, file)) std::abort();
    reader.verify();
  } catch (const longshore::FileError& error) {
    if (!std::string_view(error.what()).starts_with("SafetensorsReader: memory: ")) std::abort();
  }
  return 0;
}

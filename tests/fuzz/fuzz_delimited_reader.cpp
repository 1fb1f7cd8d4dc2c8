// SPDX-License-Identifier: Apache-2.0

// libFuzzer harness of the reader of delimited records (P10). From the repository:
//
//     clang++ -std=c++20 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -I include -I .
//             tests/fuzz/fuzz_delimited_reader.cpp -lz -o fuzz_delimited_reader
//     ./fuzz_delimited_reader -max_len=512 -runs=10000000 -dict=tests/fuzz/delimited.dict
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "tests/fuzz/delimited_reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (!delimited_reader_agrees({data, size})) std::abort();
  return 0;
}

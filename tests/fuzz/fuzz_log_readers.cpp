// SPDX-License-Identifier: Apache-2.0

// libFuzzer harness of the readers of interaction logs and item tables (P10). From the repository:
//
//     clang++ -std=c++20 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -I include -I .
//             tests/fuzz/fuzz_log_readers.cpp -lz -o fuzz_log_readers
//     ./fuzz_log_readers -max_len=1024 -runs=10000000 -dict=tests/fuzz/delimited.dict
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "tests/fuzz/log_readers.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (!log_reader_holds({data, size})) std::abort();
  return 0;
}

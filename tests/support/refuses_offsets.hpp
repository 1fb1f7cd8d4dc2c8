// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <longshore/core/inference.hpp>
#include <longshore/core/sequences.hpp>
#include <longshore/core/tensor.hpp>
#include <string>
#include <utility>
#include <vector>

#include "error_text.hpp"

namespace test {

/// P14: a block that walks sequences refuses offsets that do not cut its steps, and goes on.
///
/// @param features  of the steps that it takes; it takes sequences of four steps
template <class Block>
void refuses_offsets(const Block& block, longshore::Index features) {
  namespace ls = longshore;
  using Space = Kokkos::Serial;
  ls::Inference<Space> context;
  ls::Tensor<float, 2, Space> x(6, features);
  const auto text = [&](const std::vector<ls::Index>& offsets, ls::Index longest) {
    const ls::Sequences<float, Space> sequences{x.view(), {{offsets.data(), offsets.size()}, longest}};
    return error_text<ls::DataError>([&] { block(context, sequences); });
  };
  const std::string name(Block::block_name);
  CHECK(text({0, 4, 6}, 4) == "nothing was thrown");
  CHECK(text({0, 4, 6}, 0) == name + ": the longest sequence has 4 steps, the offsets say 0");
  CHECK(text({0, 4, 60}, 4) == name + ": offsets end at the number of rows, 6, they end at 60");
  CHECK(text({0, 7, 6}, 4) == name + ": offsets do not decrease, after 7 comes 6 at position 2");
  CHECK(text({-2, 2, 6}, 4) == name + ": offsets start at 0, they start at -2");
  CHECK(text({}, 0) == name + ": offsets end at the number of rows, 6, they end at 0");
  CHECK(text({0, 4, 6}, 4) == "nothing was thrown");
}

}  // namespace test

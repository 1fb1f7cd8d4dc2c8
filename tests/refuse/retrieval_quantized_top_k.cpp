// expects: longshore::QuantizedTopK finds the best of floats: take TopK for double
// SPDX-License-Identifier: Apache-2.0
#include <longshore/retrieval/quantized_top_k.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

ls::Index of_floats(const ls::QuantizedTopK<float, Space>& index) { return index.items(); }

#ifndef LONGSHORE_CONTROL
ls::Index of_doubles(const ls::QuantizedTopK<double, Space>& index) { return index.items(); }
#endif

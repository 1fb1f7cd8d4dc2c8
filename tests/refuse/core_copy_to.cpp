// expects: longshore: copy_to makes an empty model first: give yours a default constructor
// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/copy_to.hpp>
#include <longshore/layers/linear.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

template <class Real, class Where>
struct NeedsSizes {
  ls::Linear<Real, Where> layer;
  explicit NeedsSizes(ls::Index in) : layer({.in = in, .out = 1}) {}
  void visit(auto&& visitor) { visitor("layer", layer); }
};

void a_model_that_cannot_be_made_empty(const ls::Linear<float, Space>& layer, const NeedsSizes<float, Space>& model) {
  ls::copy_to<Space, double>(layer);
#ifndef LONGSHORE_CONTROL
  ls::copy_to<Space, double>(model);
#endif
  (void)model;
}

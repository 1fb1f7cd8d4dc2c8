// expects: longshore: InterestBranch joins an encoder and a pooling of one Real and Space; the first is no Encoder
// SPDX-License-Identifier: Apache-2.0
#include <longshore/models/interest_branch.hpp>
#include <longshore/pooling/mean_pooling.hpp>

namespace ls = longshore;

/// Does not say whether it looks ahead.
template <class Real, class Space>
struct Same {
  ls::Sequences<Real, Space> operator()(auto&, const ls::Sequences<Real, Space>& sequences) const { return sequences; }
  void visit(auto&&) {}
};
template <class Real, class Space>
struct CausalSame {
  ls::Sequences<Real, Space> operator()(auto&, const ls::Sequences<Real, Space>& sequences) const { return sequences; }
  bool sees_ahead() const { return false; }
  void visit(auto&&) {}
};
using Mean = ls::MeanPooling<float, Kokkos::Serial>;

ls::InterestBranch<CausalSame<float, Kokkos::Serial>, Mean> fitting;

#ifndef LONGSHORE_CONTROL
ls::InterestBranch<Same<float, Kokkos::Serial>, Mean> an_encoder_of_unknown_sight;
#endif

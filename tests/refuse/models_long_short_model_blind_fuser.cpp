// expects: longshore: LongShortModel: Long and Fuse do not fit: the third type is no Fuser of the first's Real and Space
// SPDX-License-Identifier: Apache-2.0
#include <longshore/encoders/no_encoder.hpp>
#include <longshore/fusers/mean_fuser.hpp>
#include <longshore/models/interest_branch.hpp>
#include <longshore/models/long_short_model.hpp>
#include <longshore/pooling/mean_pooling.hpp>
#include <longshore/scorers/dot_product_scorer.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;
using Mean = ls::InterestBranch<ls::NoEncoder<float, Space>, ls::MeanPooling<float, Space>>;
using Dot = ls::DotProductScorer<float, Space>;

/// Does not say whether it looks at the candidates.
struct First {
  ls::Interest<float, Space> operator()(auto&, const ls::Interest<float, Space>&,
                                        std::initializer_list<ls::Interest<float, Space>> interests) const {
    return *interests.begin();
  }
  ls::View<float, 3, Space> weights(auto&, const ls::Interest<float, Space>&,
                                    std::initializer_list<ls::Interest<float, Space>>) const {
    return {};
  }
  void visit(auto&&) {}
};
struct BlindFirst : First {
  bool sees_candidates() const { return false; }
};

ls::LongShortModel<Mean, Mean, BlindFirst, Dot> fitting;

#ifndef LONGSHORE_CONTROL
ls::LongShortModel<Mean, Mean, First, Dot> a_fuser_of_unknown_sight;
#endif

// expects: longshore: LongShortModel: Long and Score do not fit: the fourth type is no Scorer of the first's Real and Space
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
using Fuse = ls::MeanFuser<float, Space>;

/// Scores candidates, but no catalogue.
struct First {
  ls::Matrix<float, Space> operator()(auto&, const ls::Interest<float, Space>&, const ls::Cube<float, Space>&) const {
    return {};
  }
  void visit(auto&&) {}
};
struct Whole : First {
  ls::Matrix<float, Space> catalogue(auto&, const ls::Interest<float, Space>&, const ls::Matrix<float, Space>&) const {
    return {};
  }
};

ls::LongShortModel<Mean, Mean, Fuse, Whole> fitting;

#ifndef LONGSHORE_CONTROL
ls::LongShortModel<Mean, Mean, Fuse, First> a_scorer_of_candidates_only;
#endif

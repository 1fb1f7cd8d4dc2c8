// expects: longshore: LongShortModel: the first type is no Branch; use InterestBranch<Encoder, Pooling>
// SPDX-License-Identifier: Apache-2.0
#include <longshore/encoders/no_encoder.hpp>
#include <longshore/fusers/mean_fuser.hpp>
#include <longshore/models/interest_branch.hpp>
#include <longshore/models/long_short_model.hpp>
#include <longshore/pooling/mean_pooling.hpp>
#include <longshore/scorers/dot_product_scorer.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;

template <class Real>
using Mean = ls::InterestBranch<ls::NoEncoder<Real, Space>, ls::MeanPooling<Real, Space>>;
template <class Long, class Short, class Fuse, class Score>
using Model = ls::LongShortModel<Long, Short, Fuse, Score>;

using Fitting = Model<Mean<float>, Mean<float>, ls::MeanFuser<float, Space>, ls::DotProductScorer<float, Space>>;
Fitting fitting;

#ifndef LONGSHORE_CONTROL
Model<ls::MeanPooling<float, Space>, Mean<float>, ls::MeanFuser<float, Space>, ls::DotProductScorer<float, Space>>
    a_pooling_alone;
#endif

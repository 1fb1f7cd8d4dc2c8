// expects: longshore: AnyOf chooses among blocks of one concept: all encoders, or all poolings, fusers, scorers, branches, layers or losses; this Block is of another one than First
// SPDX-License-Identifier: Apache-2.0
#include <longshore/encoders/lstm.hpp>
#include <longshore/encoders/no_encoder.hpp>
#include <longshore/fusers/max_fuser.hpp>
#include <longshore/fusers/mean_fuser.hpp>
#include <longshore/layers/linear.hpp>
#include <longshore/losses/bpr.hpp>
#include <longshore/losses/mean_squared_error.hpp>
#include <longshore/models/any_of.hpp>
#include <longshore/models/interest_branch.hpp>
#include <longshore/models/no_branch.hpp>
#include <longshore/pooling/mean_pooling.hpp>
#include <longshore/scorers/dot_product_scorer.hpp>

namespace ls = longshore;
using Space = Kokkos::Serial;
using Recurrent = ls::Lstm<float, Space>;
using Steps = ls::NoEncoder<float, Space>;
using Mean = ls::MeanPooling<float, Space>;
using Fuse = ls::MeanFuser<float, Space>;
using Dot = ls::DotProductScorer<float, Space>;
using Affine = ls::Linear<float, Space>;

ls::AnyOf<Fuse, ls::MaxFuser<float, Space>> fusers;
ls::AnyOf<Recurrent, Steps> encoders;
ls::AnyOf<ls::NoBranch<float, Space>, ls::InterestBranch<ls::AnyOf<Recurrent, Steps>, Mean>> branches;
ls::AnyOf<ls::Bpr, ls::MeanSquaredError> losses;
#ifndef LONGSHORE_CONTROL
ls::AnyOf<Fuse, Dot> a_scorer_for_a_fuser;
ls::AnyOf<Recurrent, Mean> a_pooling_for_an_encoder;
ls::AnyOf<Recurrent, Steps, Mean> a_pooling_behind_two_encoders;
ls::AnyOf<Mean, Affine> a_layer_for_a_pooling;
ls::AnyOf<ls::NoBranch<float, Space>, Mean> a_pooling_for_a_branch;
ls::AnyOf<Dot, ls::Bpr> a_loss_for_a_scorer;
ls::AnyOf<ls::Bpr, Dot> a_scorer_for_a_loss;
#endif

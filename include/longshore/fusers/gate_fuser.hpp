// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/checked_size.hpp>
#include <longshore/kernels/mix_softmax.hpp>
#include <longshore/layers/mix_interests.hpp>
#include <longshore/layers/mlp.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Sizes of a `GateFuser`, what its gate sees, and the layers of the gate.
struct GateFuserSettings {
  Index features = 0;            // D of each interest
  Index candidate_features = 0;  // width of the candidates that the gate sees beside the interests; 0: it does not
  int interests = 2;             // from 2 to 8
  SmallList<Index> hidden = {80, 40};  // hidden layers of the gate, at most 7; none: it is linear
  ActivationKind activation = ActivationKind::relu;
  double dropout = 0;  // rate behind the hidden layers
};

/// Blends the interests by a gate that decides for each user, and for each candidate if it sees them.
///
///   a = sigmoid(MLP([candidate, x_1, x_2])),  y = a x_1 + (1 - a) x_2
///
/// and for n interests softmax over the n - 1 numbers that the MLP gives and 0, which for two is the same.
///
/// Models: Fuser. State: gate, an Mlp of candidate_features + n D to hidden to n - 1. Cost: O(B C (n D + hidden)
/// hidden); what is one for all candidates goes through the first layer once a user. `weights` are (a, 1 - a).
/// Source: Yu et al. 2019 (SLi-Rec), attention-based fusion, with the long-term interest first; hidden layers as in the
/// authors' code. What else the gate is to see, as the time since the last step there, is appended to the candidates.
template <class Real, class Space>
struct GateFuser {
  static constexpr std::string_view block_name = "GateFuser";
  GateFuserSettings settings;
  Mlp<Real, Space> gate;

  GateFuser() = default;

  /// @throws ShapeError if sizes are below 1 or more than an `Index` holds, if there are fewer than 2 interests or more
  ///                    than 8, or more than 7 hidden layers
  explicit GateFuser(const GateFuserSettings& its_settings, const Random& random = Random(0)) : settings(its_settings) {
    expects(settings.features > 0 && settings.candidate_features >= 0,
            "GateFuser: features is at least 1 and candidate_features at least 0, they are ", settings.features,
            " and ", settings.candidate_features);
    expects(settings.interests >= 2 && settings.interests <= 8, "GateFuser: a gate blends 2 to 8 interests, not ",
            settings.interests);
    const std::int64_t in = settings.candidate_features + std::int64_t{settings.interests} * settings.features;
    MlpSettings layers{.in = checked_size(block_name, "candidate_features + interests times features", in),
                       .sizes = settings.hidden.within("GateFuser: .hidden", SmallList<Index>::most - 1),
                       .activation = settings.activation,
                       .dropout = settings.dropout};
    layers.sizes.add(settings.interests - 1);
    gate = Mlp<Real, Space>(layers, random.stream("gate"));
  }

  bool sees_candidates() const { return settings.candidate_features > 0; }

  /// @param candidates  (B, 1 or C, candidate_features) if the gate sees them, else not looked at
  /// @param interests   as many as the settings say, (B, 1 or C, D)
  /// @return            (B, C, D); C is 1 where neither the interests nor the gate differ between candidates
  /// @throws ShapeError if number or extents do not fit, or if the gate sees candidates and there are none
  Interest<Real, Space> operator()(auto& context, const Interest<Real, Space>& candidates,
                                   std::initializer_list<Interest<Real, Space>> interests) const {
    const auto list = checked(candidates, interests);
    return mix_interests<Real, Space>(context, list, blend(context, candidates, list));
  }
  void operator()(auto&, ...) const = delete;  // GateFuser: give candidates or {}, then {interests} of its Real

  /// @return  (B, C, n) how much each interest counts
  View<Real, 3, Space> weights(auto& context, const Interest<Real, Space>& candidates,
                               std::initializer_list<Interest<Real, Space>> interests) const {
    return blend(context, candidates, checked(candidates, interests)).data;
  }

  void visit(auto&& visitor) {
    visitor("settings", settings);
    visitor("gate", gate);
  }

 private:
  InterestList<Real, Space> checked(const Interest<Real, Space>& candidates,
                                    std::initializer_list<Interest<Real, Space>> interests) const {
    const auto list = InterestList<Real, Space>::alike(
        "GateFuser", interests, settings.features, candidates,
        {settings.candidate_features, "the gate sees candidates", "the gate expects", ".candidate_features = 0"});
    list.expect_count("GateFuser", settings.interests);
    return list;
  }

  /// The weights of each user and candidate, as a value: (B, C, n).
  Cube<Real, Space> blend(auto& context, const Interest<Real, Space>& candidates,
                          const InterestList<Real, Space>& list) const {
    const auto logits =
        gate(context, sees_candidates() ? list.behind("GateFuser", candidates) : list);  // (B, C, n - 1)
    const Index rows = list.users * list.candidates, count = list.count;
    const auto weights = make_value<Real>(context, list.users, list.candidates, count);  // (B, C, n)
    const auto flat = reshape(weights.data, rows, count);
    mix_softmax_forward<Real, Space>(context.executor(), reshape(logits.data, rows, count - 1), flat);
    context.record(weights, [logits, weights, flat](auto& c) {
      const Index all = flat.extent(0), n = flat.extent(1);
      mix_softmax_backward<Real, Space>(c.executor(), reshape(c.gradient_of(weights), all, n), flat,
                                        reshape(c.gradient_to(logits), all, n - 1));
    });
    return weights;
  }
};

}  // namespace longshore::inline LONGSHORE_ABI

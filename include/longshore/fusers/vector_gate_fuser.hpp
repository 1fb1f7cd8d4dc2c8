// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/checked_size.hpp>
#include <longshore/kernels/gate_parts.hpp>
#include <longshore/layers/linear.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Sizes of a `VectorGateFuser` and what its gate sees.
struct VectorGateFuserSettings {
  Index features = 0;  // D of both interests
  Index candidate_features =
      0;  // width of what the gate sees beside them: candidates or the user's embedding; 0: nothing
  bool bias = true;
};

/// Blends two interests feature by feature, by a gate of the same width.
///
///   g = sigmoid(W [candidate, x_1, x_2] + b),  y = g x_1 + (1 - g) x_2
///
/// Models: Fuser. State: gate.weights (D, candidate_features + 2 D), gate.bias (D). Cost: O(B C D^2); what is one for
/// all candidates is multiplied once a user. `weights` are the means over features of g and of 1 - g.
/// Source: Lv et al. 2019 (SDM), the gate of its long- and short-term fusion: there x_1 is the short-term interest, x_2
/// the long-term one, and the user's embedding stands where the candidate is.
template <class Real, class Space>
struct VectorGateFuser {
  static constexpr std::string_view block_name = "VectorGateFuser";
  VectorGateFuserSettings settings;
  Linear<Real, Space> gate;

  VectorGateFuser() = default;

  /// @throws ShapeError if features is below 1, candidate_features negative, or both more than an `Index` holds
  explicit VectorGateFuser(const VectorGateFuserSettings& its_settings, const Random& random = Random(0))
      : settings(its_settings) {
    expects(settings.features > 0 && settings.candidate_features >= 0,
            "VectorGateFuser: features is at least 1 and candidate_features at least 0, they are ", settings.features,
            " and ", settings.candidate_features);
    const std::int64_t in = settings.candidate_features + std::int64_t{2} * settings.features;
    gate = Linear<Real, Space>({.in = checked_size(block_name, "candidate_features + 2 times features", in),
                                .out = settings.features,
                                .bias = settings.bias},
                               random.stream("gate"));
  }

  bool sees_candidates() const { return settings.candidate_features > 0; }

  /// @param candidates  (B, 1 or C, candidate_features) if the gate sees them, else not looked at
  /// @param interests   two, (B, 1 or C, D)
  /// @return            (B, C, D); C is 1 where neither the interests nor the gate differ between candidates
  /// @throws ShapeError if number or extents do not fit, or if the gate sees candidates and there are none
  Interest<Real, Space> operator()(auto& context, const Interest<Real, Space>& candidates,
                                   std::initializer_list<Interest<Real, Space>> interests) const {
    const auto list = checked(candidates, interests);
    const auto parts = parts_of(list);
    const auto logits = look(context, candidates, list);                                        // (B, C, D)
    const auto gates = scratch<Real>(context, list.users, list.candidates, settings.features);  // (B, C, D)
    const auto y = make_value<Real>(context, list.users, list.candidates, settings.features);   // (B, C, D)
    gate_parts_forward<Real, Space>(context.executor(), parts, logits.data, gates, y.data);
    context.record(y, [list, parts, logits, gates, y](auto& c) {
      const auto targets = part_targets<Real, Space>(c, list);
      const auto dlogits = c.gradient_to(logits);
      gate_parts_backward<Real, Space>(c.executor(), c.gradient_of(y), parts, gates, targets, dlogits);
    });
    return Cube<Real, Space>(y);
  }
  void operator()(auto&, ...) const = delete;  // VectorGateFuser: give candidates or {}, then {interests} of its Real

  /// @return  (B, C, 2) the means over features of g and of 1 - g
  View<Real, 3, Space> weights(auto& context, const Interest<Real, Space>& candidates,
                               std::initializer_list<Interest<Real, Space>> interests) const {
    const auto list = checked(candidates, interests);
    const auto result = scratch<Real>(context, list.users, list.candidates, 2);  // (B, C, 2)
    gate_parts_shares<Real, Space>(context.executor(), parts_of(list), look(context, candidates, list).data, result);
    return result;
  }

  void visit(auto&& visitor) {
    visitor("settings", settings);
    visitor("gate", gate);
  }

 private:
  InterestList<Real, Space> checked(const Interest<Real, Space>& candidates,
                                    std::initializer_list<Interest<Real, Space>> interests) const {
    const auto list = InterestList<Real, Space>::alike(
        "VectorGateFuser", interests, settings.features, candidates,
        {settings.candidate_features, "the gate sees candidates", "the gate expects", ".candidate_features = 0"});
    list.expect_count("VectorGateFuser", 2);
    return list;
  }

  /// The logits of the gate for each user and candidate: (B, C, D).
  Cube<Real, Space> look(auto& context, const Interest<Real, Space>& candidates,
                         const InterestList<Real, Space>& list) const {
    return gate(context, sees_candidates() ? list.behind("VectorGateFuser", candidates) : list);
  }
};

}  // namespace longshore::inline LONGSHORE_ABI

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <vector>

#include <longshore/core/check_values.hpp>
#include <longshore/core/parameter.hpp>
#include <longshore/core/random.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/core/small_list.hpp>
#include <longshore/kernels/mix_parts.hpp>
#include <longshore/kernels/mix_softmax.hpp>
#include <longshore/linalg/column_sums.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// How much each interest counts: one number an interest, not negative; only their ratios matter.
struct WeightedFuserSettings {
  SmallList<double> weights = {0.5, 0.5};  // 1 to 8
  bool learned = false;                    // the numbers are where learning starts; then all are above 0
};

/// Takes the weighted mean of the interests, with the same weights for every user.
///
///   y = sum over k of w_k x_k,  w = weights / their sum, or w = softmax(l) with learned l, at first log(weights)
///
/// Models: Fuser. State: logits (n) if learned. Cost: O(B C n D). `weights` are w.
/// Source: fixed: the `manual_alpha` of the code of Zheng et al. 2022 (CLSR), for any number of interests; learned: the
/// scalar mix of Peters et al. 2018 (ELMo), without its factor.
template <class Real, class Space>
struct WeightedFuser {
  static constexpr std::string_view block_name = "WeightedFuser";
  WeightedFuserSettings settings;
  Parameter<Real, 1, Space> logits;  // (n), or empty

  WeightedFuser() = default;

  /// @throws ShapeError if a weight is negative or not finite, if none is above 0, if one to be learned is 0, or if
  ///                    there are more than 8
  explicit WeightedFuser(const WeightedFuserSettings& its_settings, const Random& = Random(0))
      : settings(its_settings),
        logits(its_settings.weights.within("WeightedFuser: .weights").size() * (its_settings.learned ? 1 : 0)) {
    double sum = 0;
    for (const double weight : settings.weights) {
      expects(std::isfinite(weight) && weight >= 0 && (weight > 0 || !settings.learned), "WeightedFuser: a weight is ",
              weight, settings.learned ? ", learned ones start above 0" : ", they are finite and not negative");
      sum += weight;
    }
    expects(sum > 0, "WeightedFuser: no weight is above 0");
    if (!settings.learned) return;
    std::vector<Real> start;
    for (const double weight : settings.weights) start.push_back(static_cast<Real>(std::log(weight / sum)));
    copy_from_host(start, logits.mutable_view());
  }

  bool sees_candidates() const { return false; }

  /// Does not look at the candidates, the second argument, which may be `{}`.
  ///
  /// @param interests   one for each weight, (B, 1 or C, D)
  /// @return            (B, C, D); C is 1 where every interest is one for all candidates
  /// @throws ShapeError if there are more or fewer interests than weights, or if their extents do not fit
  Interest<Real, Space> operator()(auto& context, const Interest<Real, Space>&,
                                   std::initializer_list<Interest<Real, Space>> interests) const {
    const auto list = checked(interests);
    check_values("WeightedFuser", context, list);
    const auto parts = parts_of(list);
    const auto given = current(context);
    const auto y = make_value<Real>(context, list.users, list.candidates, list[0].features());  // (B, C, D)
    mix_parts_forward<Real, Space>(context.executor(), parts, given, y.data);
    context.record(y, [this, list, parts, given, y](auto& c) {
      const auto targets = part_targets<Real, Space>(c, list);
      const auto dlogits = c.gradient_to(logits);
      View<Real, 3, Space> dweights;  // (B, C, n), or empty
      if (dlogits) dweights = scratch<Real>(c, list.users, list.candidates, list.count);
      mix_parts_backward<Real, Space>(c.executor(), c.gradient_of(y), parts, given, targets, dweights);
      if (dlogits) learn(c, dweights, given, dlogits);
    });
    return Cube<Real, Space>(y);
  }
  void operator()(auto&, ...) const = delete;  // WeightedFuser: give candidates or {}, then {interests} of its Real

  /// @return  (B, C, n) the weights, equal for all
  View<Real, 3, Space> weights(auto& context, const Interest<Real, Space>&,
                               std::initializer_list<Interest<Real, Space>> interests) const {
    const auto list = checked(interests);
    check_values("WeightedFuser", context, list);
    const auto result = scratch<Real>(context, list.users, list.candidates, list.count);  // (B, C, n)
    spread_weights<Real, Space>(context.executor(), parts_of(list), current(context), result);
    return result;
  }

  void visit(auto&& visitor) {
    visitor("settings", settings);
    visitor("logits", logits);
  }

 private:
  InterestList<Real, Space> checked(std::initializer_list<Interest<Real, Space>> interests) const {
    const auto list = InterestList<Real, Space>::alike("WeightedFuser", interests);
    list.expect_count("WeightedFuser", settings.weights.size());
    return list;
  }

  MixWeights<Real> current(auto& context) const {
    if (logits.empty()) {
      MixWeights<Real> fixed;
      double sum = 0;
      for (const double weight : settings.weights) sum += weight;
      for (int k = 0; k < settings.weights.size(); ++k)
        fixed.constants[k] = static_cast<Real>(settings.weights[k] / sum);
      return fixed;
    }
    const auto row = scratch<Real>(context, 1, logits.extent(0));  // (1, n)
    mix_softmax_forward<Real, Space>(context.executor(), reshape(logits.view(), 1, logits.extent(0)), row);
    return mix_weights<Real, Space>(View<const Real, 3, Space>(row.data(), 1, 1, row.extent(1)));
  }

  /// Sums the gradients by the weights over users and candidates and takes them through the softmax.
  void learn(auto& c, const View<Real, 3, Space>& dweights, const MixWeights<Real>& given,
             const Target<Real, 1, Space>& dlogits) const {
    const Index rows = dweights.extent(0) * dweights.extent(1), count = dweights.extent(2);
    const auto sums = scratch<Real>(c, 1, count);  // (1, n)
    column_sums<Real, Space>(c.executor(), rows, count, {dweights.data(), count}, sums.data(), Update::write,
                             scratch<Real>(c, column_sums_workspace(rows, count)).data());
    mix_softmax_backward<Real, Space>(c.executor(), sums, View<const Real, 2, Space>(given.data, 1, count),
                                      reshape(dlogits, 1, count));
  }
};

}  // namespace longshore::inline LONGSHORE_ABI

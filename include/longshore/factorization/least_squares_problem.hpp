// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include <longshore/factorization/check_epoch.hpp>
#include <longshore/factorization/setting_names.hpp>
#include <longshore/kernels/row_systems.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What the value v of an interaction says, and so what is minimised beside the ridge; s is the score, w a setting.
enum class Feedback {
  /// Implicit: preference 1 with confidence c = unobserved_weight + w v; every other pair has preference 0 with
  /// confidence unobserved_weight. Source: Hu, Koren and Volinsky 2008, with c = 1 + w v.
  ///
  ///   sum over interactions of c (1 - s)^2 + unobserved_weight sum over all other pairs of s^2
  confidence,
  /// The same with c = w v, as `implicit` takes its matrix (w is its alpha).
  given_confidence,
  /// Implicit: interactions have score 1 with weight w v, and all pairs, these too, score 0 with unobserved_weight.
  /// Source: Rendle et al. 2021, "Revisiting the performance of iALS".
  ///
  ///   sum over interactions of w v (1 - s)^2 + unobserved_weight sum over all pairs of s^2
  positive,
  /// Explicit: v is a rating that s should equal; other pairs count for nothing. Source: Zhou et al. 2008.
  ///
  ///   sum over interactions of (v - s)^2
  ratings,
};

/// What alternating least squares minimise: the settings that `Als` and `IalsPlusPlus` have in common.
///
/// Cost: O(1), all of it.
struct LeastSquaresProblem {
  Feedback feedback = Feedback::confidence;
  double weight = 0, unobserved_weight = 0, regularisation = 0, frequency_exponent = 0;

  /// What the settings of a trainer say of it.
  template <class Settings>
  static LeastSquaresProblem of(const Settings& settings) {
    return {settings.feedback, settings.weight, settings.unobserved_weight, settings.regularisation,
            settings.frequency_exponent};
  }

  bool implicit() const { return feedback != Feedback::ratings; }

  /// The weight of every pair: 0 for ratings.
  double shared_weight() const { return implicit() ? unobserved_weight : 0; }

  /// What an interaction adds to the system of its row, beside the `shared_weight` of every pair.
  template <class Real>
  EntryWeights<Real> entry_weights() const {
    const auto w = static_cast<Real>(weight), all = static_cast<Real>(unobserved_weight);
    switch (feedback) {
      case Feedback::confidence: return {w, Real(0), w, all, false};
      case Feedback::given_confidence: return {w, -all, w, Real(0), false};
      case Feedback::positive: return {w, Real(0), w, Real(0), false};
      case Feedback::ratings: break;
    }
    return {Real(0), Real(1), Real(1), Real(0), true};
  }

  /// @throws ShapeError naming the setting that is negative or not finite
  void check(std::string_view block) const {
    check_setting(block, "weight", weight);
    check_setting(block, "unobserved_weight", unobserved_weight);
    check_setting(block, "regularisation", regularisation);
    check_setting(block, "frequency_exponent", frequency_exponent);
  }

  /// Its settings by name, numbers in the shortest form that reads back as the same number.
  SettingNames named() const {
    constexpr const char* kinds[] = {"confidence", "given_confidence", "positive", "ratings"};
    return SettingNames()
        .add("feedback", kinds[static_cast<std::size_t>(feedback)])
        .add("weight", weight)
        .add("unobserved_weight", unobserved_weight)
        .add("regularisation", regularisation)
        .add("frequency_exponent", frequency_exponent);
  }
};

}  // namespace longshore::inline LONGSHORE_ABI

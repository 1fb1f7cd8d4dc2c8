// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <longshore/factorization/check_epoch.hpp>
#include <longshore/factorization/setting_names.hpp>
#include <longshore/kernels/fold_in_ratings.hpp>
#include <longshore/kernels/rating_steps.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// How a descent on ratings moves factors and biases: the settings that `Svd`, `Svdpp` and `SgdFactorization` have in
/// common.
///
/// Cost: O(1), all of it.
struct RatingDescent {
  double rate = 0, regularisation = 0, bias_rate = 0, bias_regularisation = 0;

  /// @param settings  where it names none for the biases, they are as the factors'
  template <class Settings>
  static RatingDescent of(const Settings& settings) {
    RatingDescent how{settings.rate, settings.regularisation, settings.rate, settings.regularisation};
    if constexpr (requires { settings.bias_rate.value_or(0); }) {
      how.bias_rate = settings.bias_rate.value_or(settings.rate);
      how.bias_regularisation = settings.bias_regularisation.value_or(settings.regularisation);
    }
    return how;
  }

  /// @throws ShapeError naming the setting that is negative or not finite
  void check(std::string_view model) const {
    check_setting(model, "rate", rate);
    check_setting(model, "regularisation", regularisation);
    check_setting(model, "bias_rate", bias_rate);
    check_setting(model, "bias_regularisation", bias_regularisation);
  }

  /// Tells the kernels.
  template <class Real>
  void set(RatingArrays<Real>& arrays) const {
    arrays.rate = static_cast<Real>(rate);
    arrays.regularisation = static_cast<Real>(regularisation);
    arrays.bias_rate = static_cast<Real>(bias_rate);
    arrays.bias_regularisation = static_cast<Real>(bias_regularisation);
  }

  /// How vectors of new users and items are found.
  template <class Real>
  FoldInSettings<Real> fold_in(bool biased) const {
    FoldInSettings<Real> how;
    how.biased = biased;
    how.regularisation = static_cast<Real>(regularisation);
    how.bias_regularisation = static_cast<Real>(bias_regularisation);
    return how;
  }

  SettingNames named() const {
    return SettingNames()
        .add("rate", rate)
        .add("regularisation", regularisation)
        .add("bias_rate", bias_rate)
        .add("bias_regularisation", bias_regularisation);
  }
};

}  // namespace longshore::inline LONGSHORE_ABI

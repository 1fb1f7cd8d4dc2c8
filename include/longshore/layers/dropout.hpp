// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/check_values.hpp>
#include <longshore/core/sequences.hpp>
#include <longshore/kernels/dropout.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// How many elements a `Dropout` sets to zero.
struct DropoutSettings {
  double rate = 0.5;  // probability, 0 <= rate < 1
};

/// Sets elements to zero at random in training and scales up the others, so that the mean stays; changes nothing in
/// inference.
///
///   y = x m / (1 - rate),  m = 0 with probability rate, else 1
///
/// Which elements it hits depends on the context's seed, its step and the position of the call in the step. Only that
/// is kept for backward, not the mask.
///
/// Models: Layer. State: none. Cost: O(B D); nothing in inference and at rate 0, where x itself is returned.
/// Source: Srivastava et al. 2014. Differs from PyTorch: other random numbers.
template <class Real, class Space>
struct Dropout {
  static constexpr std::string_view block_name = "Dropout";
  DropoutSettings settings;

  Dropout() = default;

  /// @throws ShapeError unless 0 <= rate < 1
  explicit Dropout(const DropoutSettings& its_settings, const Random& = Random(0)) : settings(its_settings) {
    expects(settings.rate >= 0 && settings.rate < 1, "Dropout: rate is at least 0 and below 1, it is ", settings.rate);
  }

  /// @param x  (B, D)
  /// @return   (B, D)
  Matrix<Real, Space> operator()(auto& context, const Matrix<Real, Space>& x) const { return drop(context, x); }

  /// The same for each of C vectors a row.
  ///
  /// @param x  (B, C, D)
  /// @return   (B, C, D)
  Cube<Real, Space> operator()(auto& context, const Cube<Real, Space>& x) const { return drop(context, x); }

  /// The same for each step.
  ///
  /// @param x  sequences of (N, D) steps
  /// @return   sequences of (N, D) steps
  Sequences<Real, Space> operator()(auto& context, const Sequences<Real, Space>& x) const {
    return {drop(context, x.steps), x.offsets};
  }
  void operator()(auto&, ...) const = delete;  // Dropout: give rows, cubes, Sequences of Real
  template <class T, int Rank, class S>
  void operator()(auto&, const Value<T, Rank, S>&) const = delete;  // Dropout: give rows, cubes, Sequences of Real

  void visit(auto&& visitor) { visitor("settings", settings); }

 private:
  template <int Rank>
  Value<Real, Rank, Space> drop(auto& context, const Value<Real, Rank, Space>& x) const {
    check_values(block_name, context, x);
    if constexpr (std::remove_cvref_t<decltype(context)>::training) {
      const double rate = settings.rate;
      if (rate == 0) return x;
      const Random random = context.random();
      Value<Real, Rank, Space> y(x.data, context.gradient(), context.stamp());
      y.data.pointer = static_cast<Real*>(context.allocate(sizeof(Real) * x.data.size()));
      dropout_forward<Real, Space>(context.executor(), random, rate, x.data, y.data);
      context.record(y, [random, rate, x, y](auto& c) {
        dropout_backward<Real, Space>(c.executor(), random, rate, c.gradient_of(y), c.gradient_to(x));
      });
      return y;
    } else {
      return x;
    }
  }
};

}  // namespace longshore::inline LONGSHORE_ABI

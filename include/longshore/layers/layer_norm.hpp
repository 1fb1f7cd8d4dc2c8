// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/check_values.hpp>
#include <longshore/core/initialiser.hpp>
#include <longshore/core/math.hpp>
#include <longshore/core/rows_of.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/core/sequences.hpp>
#include <longshore/kernels/layer_norm.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Size of a `LayerNorm`; as PyTorch's by default.
struct LayerNormSettings {
  Index features = 0;
  double eps = 1e-5;   // added to the variance
  bool affine = true;  // false: without weights and bias
};

/// Brings each row to mean 0 and variance 1, then scales and shifts each feature.
///
///   y = (x - mean(x)) / sqrt(var(x) + eps) w + b,  var: the mean of squares (not divided by D - 1)
///
/// Models: Layer. State: weights (D) of ones, bias (D) of zeros. Cost: O(B D).
/// Source: Ba et al. 2016. Differs from PyTorch: nothing.
template <class Real, class Space>
struct LayerNorm {
  static constexpr std::string_view block_name = "LayerNorm";
  LayerNormSettings settings;
  Parameter<Real, 1, Space> weights;  // (D), or empty
  Parameter<Real, 1, Space> bias;     // (D), or empty

  LayerNorm() = default;

  /// @throws ShapeError if features is below 1, or eps below 0 or not finite
  explicit LayerNorm(const LayerNormSettings& its_settings, const Random& = Random(0))
      : settings(checked(its_settings)),
        weights(settings.affine ? settings.features : 0),
        bias(settings.affine ? settings.features : 0) {
    initialise(weights, constant(1), Random(0));
  }

  /// @param x  (B, D)
  /// @return   (B, D)
  /// @throws ShapeError if x has another number of features
  Matrix<Real, Space> operator()(auto& context, const Matrix<Real, Space>& x) const {
    check_values(block_name, context, x);
    const Index rows = x.extent(0), features = settings.features;
    expects(x.extent(1) == features, "LayerNorm: x has ", x.extent(1), " features, ", features, " are expected");
    const auto y = make_value<Real>(context, rows, features);  // (B, D)
    const auto statistics = scratch<Real>(context, rows, 2);   // (B, 2)
    layer_norm_forward<Real, Space>(context.executor(), x.data, weights.view(), bias.view(),
                                    static_cast<Real>(settings.eps), y.data, statistics);
    context.record(y, [this, x, y, statistics](auto& c) {
      const auto dx = c.gradient_to(x);
      const auto dweights = c.gradient_to(weights);
      const auto dbias = c.gradient_to(bias);
      const auto workspace = scratch<Real>(c, layer_norm_backward_workspace(x.extent(0), x.extent(1)));
      layer_norm_backward<Real, Space>(c.executor(), c.gradient_of(y), x.data, weights.view(), statistics, dx, dweights,
                                       dbias, workspace);
    });
    return y;
  }

  /// The same for each of C vectors a row.
  ///
  /// @param x  (B, C, D)
  /// @return   (B, C, D)
  Cube<Real, Space> operator()(auto& context, const Cube<Real, Space>& x) const {
    const auto y = (*this)(context, rows_of(block_name, x));
    return reshape(y, x.extent(0), x.extent(1), x.extent(2));
  }

  /// The same for each step.
  ///
  /// @param x  sequences of (N, D) steps
  /// @return   sequences of (N, D) steps
  Sequences<Real, Space> operator()(auto& context, const Sequences<Real, Space>& x) const {
    return {(*this)(context, x.steps), x.offsets};
  }
  void operator()(auto&, ...) const = delete;  // LayerNorm: give rows, cubes, Sequences of Real
  template <class T, int Rank, class S>
  void operator()(auto&, const Value<T, Rank, S>&) const = delete;  // LayerNorm: give rows, cubes, Sequences of Real

  void visit(auto&& visitor) {
    visitor("settings", settings);
    visitor("weights", weights);
    visitor("bias", bias);
  }

 private:
  static const LayerNormSettings& checked(const LayerNormSettings& given) {
    expects(given.features > 0, "LayerNorm: features is at least 1, it is ", given.features);
    expects(math::is_finite(given.eps) && given.eps >= 0, "LayerNorm: eps is finite and at least 0, it is ", given.eps);
    return given;
  }
};

}  // namespace longshore::inline LONGSHORE_ABI

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/check_values.hpp>
#include <longshore/core/initialiser.hpp>
#include <longshore/core/rows_of.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/core/sequences.hpp>
#include <longshore/kernels/linear.hpp>
#include <longshore/kernels/linear_parts.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Sizes of a `Linear` and how it starts; as PyTorch's by default.
struct LinearSettings {
  Index in = 0;
  Index out = 0;
  bool bias = true;
  Initialiser weights = fan_in_uniform();
  bool random_bias = true;  // uniform within 1 / sqrt(in); false: zeros
};

/// Multiplies each row by a matrix and adds a bias.
///
///   y = x Wᵀ + b
///
/// Models: Layer. State: weights (out, in), bias (out). Cost: O(B in out), with in out numbers of scratch.
/// Source: elementary; weights, bias and start as PyTorch's Linear. Differs from PyTorch: nothing.
template <class Real, class Space>
struct Linear {
  static constexpr std::string_view block_name = "Linear";
  LinearSettings settings;
  Parameter<Real, 2, Space> weights;  // (out, in)
  Parameter<Real, 1, Space> bias;     // (out), or empty

  Linear() = default;

  /// @throws ShapeError if in or out is below 1
  explicit Linear(const LinearSettings& its_settings, const Random& random = Random(0))
      : settings(checked(its_settings)), weights(settings.out, settings.in), bias(settings.bias ? settings.out : 0) {
    initialise(weights, settings.weights, random.stream("weights"));
    if (settings.random_bias)
      initialise(bias, uniform(1 / std::sqrt(static_cast<double>(settings.in))), random.stream("bias"));
  }

  /// @param x  (B, in)
  /// @return   (B, out)
  /// @throws ShapeError if x has another number of features
  Matrix<Real, Space> operator()(auto& context, const Matrix<Real, Space>& x) const {
    check_values(block_name, context, x);
    const Index rows = x.extent(0), in = weights.extent(1), out = weights.extent(0);
    expects(x.extent(1) == in, "Linear: x has ", x.extent(1), " features, the weights expect ", in);
    const auto y = make_value<Real>(context, rows, out);  // (B, out)
    linear_forward<Real, Space>(context.executor(), x.data, weights.view(), bias.view(), y.data,
                                scratch<Real>(context, linear_forward_workspace(in, out)));
    context.record(y, [this, x, y](auto& c) {
      const auto dx = c.gradient_to(x);
      const auto dweights = c.gradient_to(weights);
      const auto dbias = c.gradient_to(bias);
      const auto workspace =
          scratch<Real>(c, linear_backward_workspace(x.extent(0), weights.extent(1), weights.extent(0)));
      linear_backward<Real, Space>(c.executor(), c.gradient_of(y), x.data, weights.view(), dx, dweights, dbias,
                                   workspace);
    });
    return y;
  }

  /// The same for each of C vectors a row.
  ///
  /// @param x  (B, C, in)
  /// @return   (B, C, out)
  Cube<Real, Space> operator()(auto& context, const Cube<Real, Space>& x) const {
    const auto y = (*this)(context, rows_of(block_name, x));
    return reshape(y, x.extent(0), x.extent(1), y.extent(1));
  }

  /// The same for each step.
  ///
  /// @param x  sequences of (N, in) steps
  /// @return   sequences of (N, out) steps
  Sequences<Real, Space> operator()(auto& context, const Sequences<Real, Space>& x) const {
    return {(*this)(context, x.steps), x.offsets};
  }

  /// The same for parts that are joined end to end, without joining them: a part that several candidates (or users)
  /// share is multiplied once.
  ///
  /// @param parts  n interests (1 or B, 1 or C, in_k), in_k sum to `in`
  /// @return       (B, C, out)
  /// @throws ShapeError if their features do not sum to `in`
  Cube<Real, Space> operator()(auto& context, const InterestList<Real, Space>& parts) const {
    check_values(block_name, context, parts);
    const Index in = weights.extent(1), out = weights.extent(0);
    expects(parts.features == in, "Linear: the ", parts.count, " parts have ", parts.features,
            " features, the weights expect ", in);
    const auto y = make_value<Real>(context, parts.users, parts.candidates, out);  // (B, C, out)
    const auto from = parts_of(parts);
    linear_parts_forward<Real, Space>(context.executor(), from, weights.view(), bias.view(), y.data,
                                      scratch<Real>(context, linear_parts_forward_workspace(from, in, out)));
    context.record(y, [this, parts, from, y](auto& c) {
      const auto targets = part_targets<Real, Space>(c, parts);
      const auto dweights = c.gradient_to(weights);
      const auto dbias = c.gradient_to(bias);
      linear_parts_backward<Real, Space>(c.executor(), c.gradient_of(y), from, weights.view(), targets, dweights, dbias,
                                         scratch<Real>(c, linear_parts_backward_workspace(from, weights.extent(0))));
    });
    return y;
  }
  void operator()(auto&, ...) const = delete;  // Linear: give rows, cubes, Sequences of Real
  template <class T, int Rank, class S>
  void operator()(auto&, const Value<T, Rank, S>&) const = delete;  // Linear: give rows, cubes, Sequences of Real

  void visit(auto&& visitor) {
    visitor("settings", settings);
    visitor("weights", weights);
    visitor("bias", bias);
  }

 private:
  static const LinearSettings& checked(const LinearSettings& given) {
    expects(given.in > 0 && given.out > 0, "Linear: in and out are at least 1, they are ", given.in, " and ",
            given.out);
    return given;
  }
};

}  // namespace longshore::inline LONGSHORE_ABI

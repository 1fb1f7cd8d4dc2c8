// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <longshore/core/check_finite.hpp>
#include <longshore/core/rows_of.hpp>
#include <longshore/core/small_list.hpp>
#include <longshore/layers/activation.hpp>
#include <longshore/layers/dropout.hpp>
#include <longshore/layers/linear.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Sizes of an `Mlp` and what lies between its linear layers.
struct MlpSettings {
  Index in = 0;
  SmallList<Index> sizes = {};                       // what each linear layer gives, 1 to 8; the last is the result
  ActivationKind activation = ActivationKind::relu;  // behind each layer but the last
  ActivationKind last_activation = ActivationKind::identity;
  double slope = 0.01;                          // of leaky_relu
  double dropout = 0;                           // rate behind the activations, but not behind the last layer
  int dropout_layers = SmallList<Index>::most;  // behind so many of the first layers only
};

/// A stack of linear layers with activations and dropout between them.
///
///   x_0 = x,  x_{l+1} = dropout(f(W_l x_l + b_l)),  y = f_last(W_last x_last + b_last)
///
/// Models: Layer. State: `layers.<l>.weights` (out, in), `layers.<l>.bias` (out). Cost: O(B sum of in out).
/// Source: Rumelhart et al. 1986. Differs from PyTorch: nothing; the same as Sequential(Linear, activation, Dropout,
/// ..., Linear).
template <class Real, class Space>
struct Mlp {
  static constexpr std::string_view block_name = "Mlp";
  MlpSettings settings;
  std::vector<Linear<Real, Space>> layers;

  Mlp() = default;

  /// @throws ShapeError if there is no layer or more than 8, if a size is below 1, if the dropout rate is not in
  ///                    [0, 1), or if slope is not finite
  explicit Mlp(const MlpSettings& its_settings, const Random& random = Random(0)) : settings(its_settings) {
    settings.sizes.within("Mlp: .sizes");
    expects(!settings.sizes.empty(), "Mlp: sizes are empty; name at least the size of the result");
    expects(settings.dropout >= 0 && settings.dropout < 1, "Mlp: the dropout rate is at least 0 and below 1, it is ",
            settings.dropout);
    check_finite(block_name, "slope", settings.slope);
    Index in = settings.in;
    for (const Index out : settings.sizes) {
      expects(in > 0 && out > 0, "Mlp: sizes are at least 1, a layer has in ", in, " and out ", out);
      layers.emplace_back(LinearSettings{.in = in, .out = out},
                          random.stream("layers").stream(static_cast<std::uint32_t>(layers.size())));
      in = out;
    }
  }

  Index in() const { return settings.in; }
  Index out() const { return settings.sizes.back(); }

  /// @param x  (B, in)
  /// @return   (B, out)
  /// @throws ShapeError if x has another number of features
  Matrix<Real, Space> operator()(auto& context, const Matrix<Real, Space>& x) const {
    return behind_first(context, first()(context, x));
  }

  /// The same for each of C vectors a row.
  ///
  /// @param x  (B, C, in)
  /// @return   (B, C, out)
  Cube<Real, Space> operator()(auto& context, const Cube<Real, Space>& x) const {
    return behind_first(context, first()(context, x));
  }

  /// The same for each step.
  ///
  /// @param x  sequences of (N, in) steps
  /// @return   sequences of (N, out) steps
  Sequences<Real, Space> operator()(auto& context, const Sequences<Real, Space>& x) const {
    return {(*this)(context, x.steps), x.offsets};
  }

  /// The same for parts that are joined end to end, without joining them: the first layer multiplies a part that
  /// several candidates (or users) share once.
  ///
  /// @param parts  n interests (1 or B, 1 or C, in_k), in_k sum to `in`
  /// @return       (B, C, out)
  Cube<Real, Space> operator()(auto& context, const InterestList<Real, Space>& parts) const {
    return behind_first(context, first()(context, parts));
  }
  void operator()(auto&, ...) const = delete;  // Mlp: give rows, cubes, Sequences of Real
  template <class T, int Rank, class S>
  void operator()(auto&, const Value<T, Rank, S>&) const = delete;  // Mlp: give rows, cubes, Sequences of Real

  /// What is behind the product of the first layer: for those who compute that themselves.
  ///
  /// @param x  (B, sizes[0]) what the first linear layer gives
  /// @return   (B, out)
  Matrix<Real, Space> behind_first(auto& context, const Matrix<Real, Space>& x) const {
    Matrix<Real, Space> y = x;
    for (std::size_t l = 0; l < layers.size(); ++l) {
      if (l > 0) y = layers[l](context, y);
      const bool last = l + 1 == layers.size();
      const Activation<Real, Space> activate(
          {.kind = last ? settings.last_activation : settings.activation, .slope = settings.slope});
      y = activate(context, y);
      if (!last && static_cast<int>(l) < settings.dropout_layers) {
        const Dropout<Real, Space> drop({.rate = settings.dropout});
        y = drop(context, y);
      }
    }
    return y;
  }
  /// The same for each of C vectors a row.
  Cube<Real, Space> behind_first(auto& context, const Cube<Real, Space>& x) const {
    const auto y = behind_first(context, rows_of(block_name, x));
    return reshape(y, x.extent(0), x.extent(1), y.extent(1));
  }

  void visit(auto&& visitor) {
    visitor("settings", settings);
    visitor("layers", layers);
  }

 private:
  const Linear<Real, Space>& first() const {
    expects(!layers.empty(), "Mlp: has no layers; give it settings");
    return layers.front();
  }
};

}  // namespace longshore::inline LONGSHORE_ABI

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/check_values.hpp>
#include <longshore/core/check_windows.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/kernels/clear_empty_windows.hpp>
#include <longshore/kernels/similarity_scores.hpp>
#include <longshore/kernels/unit_rows.hpp>
#include <longshore/kernels/window_softmax.hpp>
#include <longshore/layers/linear.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What makes two steps similar: their inner product, that over sqrt(D), or the cosine of the angle between them.
enum class Similarity { dot, scaled_dot, cosine };

/// Sizes of a `DeepAttentionPooling` and its variants.
struct DeepAttentionPoolingSettings {
  Index in = 0;
  Index out = 0;
  SimilarityReference against = SimilarityReference::others;
  Similarity similarity = Similarity::scaled_dot;
  bool bias = true;
  Initialiser weights = fan_in_uniform();  // the bias as PyTorch's Linear
};

/// Attends to the steps of each window that are most similar to the rest of it, adds them up and applies a linear
/// layer.
///
///   a = softmax(s over the window)     r = sum_t a_t x_t     z = W r + b
///
///   others (default): s_t = mean over u != t of sim(x_t, x_u)     mean: over all u     last: s_t = sim(x_t, x_T)
///
/// There is nothing to learn in the attention itself. A window of one step has the weight 1.
///
/// Models: Pooling. State: output (a Linear from in to out). Cost: O((N + pairs) D + W D out).
/// Source: the deep attention network of long and short-term recommenders, x_t being the states of an LSTM: a =
/// softmax(similarity(x_1 .. x_T)), representation = FC(sum a_t x_t). It leaves open what a step is compared with:
/// hence the variants. Cosine compares without regard to length; a step of zeros is similar to nothing.
template <class Real, class Space>
struct DeepAttentionPooling {
  static constexpr std::string_view block_name = "DeepAttentionPooling";
  DeepAttentionPoolingSettings settings;
  Linear<Real, Space> output;

  DeepAttentionPooling() = default;

  /// @throws ShapeError if in or out is below 1
  explicit DeepAttentionPooling(const DeepAttentionPoolingSettings& its_settings, const Random& random = Random(0))
      : settings(its_settings) {
    expects(settings.in > 0 && settings.out > 0, "DeepAttentionPooling: in and out are at least 1, they are ",
            settings.in, " and ", settings.out);
    output = Linear<Real, Space>(
        {.in = settings.in, .out = settings.out, .bias = settings.bias, .weights = settings.weights},
        random.stream("output"));
  }

  /// @param windowed  (N, D) steps and W windows; an empty window gives zeros, without the bias
  /// @return          (W, out)
  /// @throws ShapeError if the steps have another number of features, or the arrays of the windows do not fit
  /// @throws DataError  on a host, if windows are out of order or not among the steps; see `check_windows`
  Matrix<Real, Space> operator()(auto& context, const Windowed<Real, Space>& windowed) const {
    const auto attended = attend(context, windowed);
    const auto& [x, windows] = windowed;
    const Index count = windows.count(), in = settings.in, out = settings.out;
    const auto pooled = scratch<Real>(context, count, 1, in);  // (W, 1, D)
    window_sums_forward<Real, Space>(context.executor(), x.data, windows, Weighting::given, attended.weights, pooled);
    const auto z = make_value<Real>(context, count, out);  // (W, out)
    linear_forward<Real, Space>(context.executor(), reshape(pooled, count, in), output.weights.view(),
                                output.bias.view(), z.data, scratch<Real>(context, linear_forward_workspace(in, out)));
    clear_empty_windows<Real, Space>(context.executor(), windows, z.data, z.data);
    context.record(z, [this, x = x, windows = windows, attended, pooled, z](auto& c) {
      this->backward(c, x, windows, attended, pooled, z);
    });
    return z;
  }
  void operator()(auto&, ...) const = delete;  // DeepAttentionPooling: give Windowed or Sequences of Real and Space

  /// How much each step counts: to explain a recommendation. Nothing is recorded.
  ///
  /// @return  (pairs), the weight of row begin(w) + i in window w at pairs(w) + i
  /// @throws ShapeError, DataError  as the call
  View<Real, 1, Space> weights(auto& context, const Windowed<Real, Space>& windowed) const {
    return attend(context, windowed).weights;
  }

  void visit(auto&& visitor) {
    visitor("settings", settings);
    visitor("output", output);
  }

 private:
  struct Attended {
    View<Real, 1, Space> weights;    // (pairs)
    View<Real, 2, Space> reference;  // (W, D) sum, mean or last of what is compared
    View<Real, 2, Space> unit;       // (N, D) steps of length 1, for cosine
    View<Real, 1, Space> inverse;    // (N) of the steps' lengths, for cosine
  };

  Real scale() const {
    const bool scaled = settings.similarity == Similarity::scaled_dot;
    return scaled ? static_cast<Real>(1 / std::sqrt(static_cast<double>(settings.in))) : Real(1);
  }

  Attended attend(auto& context, const Windowed<Real, Space>& windowed) const {
    check_values("DeepAttentionPooling", context, windowed);
    check_windows("DeepAttentionPooling", windowed.windows, windowed.steps.extent(0));
    const auto& [x, windows] = windowed;
    expects(x.extent(1) == settings.in, "DeepAttentionPooling: the steps have ", x.extent(1),
            " features, the weights expect ", settings.in);
    Attended attended;
    attended.weights = scratch<Real>(context, windows.pair_count);
    attended.reference = scratch<Real>(context, windows.count(), settings.in);
    View<const Real, 2, Space> compared = x.data;
    if (settings.similarity == Similarity::cosine) {
      attended.unit = scratch<Real>(context, x.extent(0), settings.in);
      attended.inverse = scratch<Real>(context, x.extent(0));
      unit_rows_forward<Real, Space>(context.executor(), x.data, attended.unit, attended.inverse);
      compared = attended.unit;
    }
    similarity_scores_forward<Real, Space>(context.executor(), settings.against, scale(), compared, windows,
                                           attended.reference, attended.weights);
    window_softmax_forward<Real, Space>(context.executor(), windows, 1, true, ScoreKind::per_pair, attended.weights,
                                        attended.weights);
    return attended;
  }

  void backward(auto& c, const Matrix<Real, Space>& x, const Windows<Space>& windows, const Attended& attended,
                const View<Real, 3, Space>& pooled, const Matrix<Real, Space>& z) const {
    const auto dx = c.gradient_to(x);
    const auto dweights = c.gradient_to(output.weights);
    const auto dbias = c.gradient_to(output.bias);
    const Index count = windows.count(), in = settings.in, out = settings.out;
    const auto dz = scratch<Real>(c, count, out);         // (W, out)
    const auto dpooled = scratch<Real>(c, count, 1, in);  // (W, 1, D)
    const auto dscores = scratch<Real>(c, windows.pair_count);
    const auto dreference = scratch<Real>(c, count, in);  // (W, D)
    clear_empty_windows<Real, Space>(c.executor(), windows, c.gradient_of(z), dz);
    linear_backward<Real, Space>(c.executor(), dz, reshape(pooled, count, in), output.weights.view(),
                                 {reshape(dpooled, count, in)}, dweights, dbias,
                                 scratch<Real>(c, linear_backward_workspace(count, in, out)));
    window_sums_backward_weights<Real, Space>(c.executor(), dpooled, x.data, windows, dscores);
    window_softmax_backward<Real, Space>(c.executor(), windows, 1, dscores, attended.weights, dscores);
    window_sums_backward_steps<Real, Space>(c.executor(), dpooled, windows, Weighting::given, attended.weights, {}, dx);
    const Target<Real, 2, Space> rest{dx.view, Update::add};
    if (settings.similarity != Similarity::cosine) {
      similarity_scores_backward<Real, Space>(c.executor(), settings.against, scale(), dscores, x.data, windows,
                                              attended.reference, dreference, rest);
    } else if (dx) {
      const auto dunit = scratch<Real>(c, x.extent(0), in);  // (N, D)
      similarity_scores_backward<Real, Space>(c.executor(), settings.against, scale(), dscores, attended.unit, windows,
                                              attended.reference, dreference, {dunit, Update::write});
      unit_rows_backward<Real, Space>(c.executor(), dunit, attended.unit, attended.inverse, rest);
    }
  }
};

}  // namespace longshore::inline LONGSHORE_ABI

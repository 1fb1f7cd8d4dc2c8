// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/check_values.hpp>
#include <longshore/core/check_windows.hpp>
#include <longshore/core/initialiser.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/kernels/additive_scores.hpp>
#include <longshore/kernels/window_softmax.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Sizes of an `AdditiveAttentionPooling` and its variants.
struct AdditiveAttentionPoolingSettings {
  Index in = 0;
  Index hidden = 0;
  bool bias = true;
  bool softmax = true;                               // false: the scores are the weights, as NARM's
  ActivationKind activation = ActivationKind::tanh;  // sigmoid: NARM; identity without bias: SLi-Rec's long term
  Initialiser weights = fan_in_uniform();            // of weights and query; the bias as PyTorch's Linear
};

/// Attends to the steps of each window by a small network that looks at one step at a time, and adds them up.
///
///   s_t = query . f(W x_t + b)      a = softmax of s over the window, or s itself      z = sum_t a_t x_t
///
/// The score of a step does not depend on the window: it is computed once for each row, however many windows hold it.
///
/// Models: Pooling. State: matrix (hidden, D), bias (hidden), query (hidden). Cost: O(N D hidden + pairs D).
/// Source: Bahdanau et al. 2015, without decoder state; LSTUR (An et al. 2019); the local encoder of NARM (Li et al.
/// 2017) adds the last state inside f, which this block does not. The authors' code of SLi-Rec lets padding into its
/// long-term softmax; here there is none.
template <class Real, class Space>
struct AdditiveAttentionPooling {
  static constexpr std::string_view block_name = "AdditiveAttentionPooling";
  AdditiveAttentionPoolingSettings settings;
  Parameter<Real, 2, Space> matrix;  // (hidden, D)
  Parameter<Real, 1, Space> bias;    // (hidden), or empty
  Parameter<Real, 1, Space> query;   // (hidden)

  AdditiveAttentionPooling() = default;

  /// @throws ShapeError if in or hidden is below 1, or if the derivative of the activation needs more than its value
  explicit AdditiveAttentionPooling(const AdditiveAttentionPoolingSettings& its_settings,
                                    const Random& random = Random(0))
      : settings(checked(its_settings)),
        matrix(settings.hidden, settings.in),
        bias(settings.bias ? settings.hidden : 0),
        query(settings.hidden) {
    expects(!derivative_needs_input(settings.activation),
            "AdditiveAttentionPooling: the activation is identity, relu, sigmoid or tanh; it is number ",
            static_cast<int>(settings.activation));
    initialise(matrix, settings.weights, random.stream("matrix"));
    initialise(query, settings.weights, random.stream("query"));
    initialise(bias, uniform(1 / std::sqrt(static_cast<double>(settings.in))), random.stream("bias"));
  }

  /// @param windowed  (N, D) steps and W windows; an empty window gives zeros
  /// @return          (W, D)
  /// @throws ShapeError if the steps have another number of features, or the arrays of the windows do not fit
  /// @throws DataError  on a host, if windows are out of order or not among the steps; see `check_windows`
  Matrix<Real, Space> operator()(auto& context, const Windowed<Real, Space>& windowed) const {
    const auto attended = attend(context, windowed);
    const auto& [x, windows] = windowed;
    const auto z = make_value<Real>(context, windows.count(), 1, x.extent(1));  // (W, 1, D)
    window_sums_forward<Real, Space>(context.executor(), x.data, windows, Weighting::given, attended.weights, z.data);
    context.record(z, [this, x = x, windows = windows, attended, z](auto& c) {
      const auto dx = c.gradient_to(x);
      const auto dmatrix = c.gradient_to(matrix);
      const auto dbias = c.gradient_to(bias);
      const auto dquery = c.gradient_to(query);
      const auto dz = c.gradient_of(z);
      const auto dscores = scratch<Real>(c, windows.pair_count);
      window_sums_backward_weights<Real, Space>(c.executor(), dz, x.data, windows, dscores);
      if (settings.softmax)
        window_softmax_backward<Real, Space>(c.executor(), windows, 1, dscores, attended.weights, dscores);
      window_sums_backward_steps<Real, Space>(c.executor(), dz, windows, Weighting::given, attended.weights, {}, dx);
      const auto workspace =
          scratch<Real>(c, additive_scores_backward_workspace<Real, Space>(x.extent(0), settings.in, settings.hidden));
      additive_scores_backward<Real, Space>(c.executor(), settings.activation, dscores, windows, x.data, matrix.view(),
                                            attended.packed, attended.hidden, {dx.view, Update::add}, dmatrix, dbias,
                                            dquery, workspace);
    });
    return reshape(z, windows.count(), x.extent(1));
  }
  void operator()(auto&, ...) const = delete;  // AdditiveAttentionPooling: give Windowed or Sequences of Real and Space

  /// How much each step counts: to explain a recommendation. Nothing is recorded.
  ///
  /// @return  (pairs), the weight of row begin(w) + i in window w at pairs(w) + i
  /// @throws ShapeError, DataError  as the call
  View<Real, 1, Space> weights(auto& context, const Windowed<Real, Space>& windowed) const {
    return attend(context, windowed).weights;
  }

  void visit(auto&& visitor) {
    visitor("settings", settings);
    visitor("matrix", matrix);
    visitor("bias", bias);
    visitor("query", query);
  }

 private:
  static const AdditiveAttentionPoolingSettings& checked(const AdditiveAttentionPoolingSettings& given) {
    expects(given.in > 0 && given.hidden > 0, "AdditiveAttentionPooling: in and hidden are at least 1, they are ",
            given.in, " and ", given.hidden);
    return given;
  }
  struct Attended {
    View<Real, 1, Space> weights;  // (pairs)
    View<Real, 1, Space> packed;
    View<Real, 1, Space> hidden;
  };

  template <class Context>
  Attended attend(Context& context, const Windowed<Real, Space>& windowed) const {
    check_values("AdditiveAttentionPooling", context, windowed);
    check_windows("AdditiveAttentionPooling", windowed.windows, windowed.steps.extent(0));
    const auto& [x, windows] = windowed;
    expects(x.extent(1) == settings.in, "AdditiveAttentionPooling: the steps have ", x.extent(1),
            " features, the weights expect ", settings.in);
    const Index steps = x.extent(0);
    const auto values = Context::training ? additive_scores_hidden<Real>(steps, settings.hidden)
                                          : additive_scores_tiles<Real, Space>(steps, settings.hidden);
    const Attended attended{scratch<Real>(context, windows.pair_count),
                            scratch<Real>(context, additive_scores_packed<Real>(settings.in, settings.hidden)),
                            scratch<Real>(context, values)};
    const auto scores = scratch<Real>(context, steps);  // (N)
    additive_scores_forward<Real, Space>(context.executor(), settings.activation, x.data, matrix.view(), bias.view(),
                                         query.view(), Context::training, scores, attended.packed, attended.hidden);
    window_softmax_forward<Real, Space>(context.executor(), windows, 1, settings.softmax, ScoreKind::per_row, scores,
                                        attended.weights);
    return attended;
  }
};

}  // namespace longshore::inline LONGSHORE_ABI

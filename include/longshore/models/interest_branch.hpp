// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>

#include <longshore/core/block_traits.hpp>
#include <longshore/core/check_values.hpp>
#include <longshore/core/concepts.hpp>
#include <longshore/core/step_columns.hpp>
#include <longshore/layers/cut_windows.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What a branch encodes before it pools.
enum class BranchInput {
  history,  // the whole history once; windows pick from its states (of a causal encoder: the user at that step).
            // Windows that share a history need an encoder that does not look ahead; if they are bounded, one that
            // does not look behind either, or `LongShortSettings::from_first_step`
  windows,  // each window as a sequence of its own: the encoder sees nothing outside it
};

/// What an `InterestBranch` encodes.
struct InterestBranchSettings {
  BranchInput input = BranchInput::history;
  ColumnName weights = {};  // the step column by which the pooling weighs: of weights at least 0 (float), or of their
                            // logarithms (LogWeight), as "decay" is; empty: it does not weigh
};

/// One view of a user: an encoder over the steps, then a pooling over each example's window.
///
/// Models: Branch (takes candidates, history and windows, gives an Interest). State: its parts'.
/// The pooling may be a `Pooling`, then the interest is one for all candidates, or a `TargetPooling`, then one a
/// candidate.
///
/// Cost: that of its parts, the encoder over N steps, or with `BranchInput::windows` over as many as there are pairs,
/// and O(pairs D) to cut them.
template <class EncoderBlock, class PoolingBlock>
struct InterestBranch {
  using first_part = EncoderBlock;
  using Real = RealOf<EncoderBlock>;
  using Space = SpaceOf<EncoderBlock>;
  static constexpr std::string_view block_name = "InterestBranch";
  static constexpr bool pools_by_target = TargetPooling<PoolingBlock, Real, Space>;
  template <class Weight>  // nvcc takes no requires-expression here
  static constexpr bool pools_by = std::invocable<const PoolingBlock&, Inference<Space>&, const Windowed<Real, Space>&,
                                                  const View<const Weight, 1, Space>&>;
  static_assert(
      Encoder<EncoderBlock, Real, Space>,
      "longshore: InterestBranch joins an encoder and a pooling of one Real and Space; the first is no Encoder");
  static_assert(
      pools_by_target || Pooling<PoolingBlock, Real, Space>,
      "longshore: InterestBranch joins an encoder and a pooling of one Real and Space; the second is neither a Pooling "
      "nor a TargetPooling of the encoder's Real and Space");

  InterestBranchSettings settings;
  EncoderBlock encode;
  PoolingBlock pool;

  /// Whether the interest differs from candidate to candidate.
  bool sees_candidates() const {
    if constexpr (requires { pool.sees_candidates(); })  // chosen at run time
      return pool.sees_candidates();
    else
      return pools_by_target;
  }

  /// @param candidates  (B, C, D)
  /// @param history     (N, D) steps in S sequences
  /// @param windows     (B) over the steps
  /// @param columns     (N) of the steps; looked at if `settings.weights` names one
  /// @return            (B, 1 or C, H)
  /// @throws ShapeError if there are more windows than sequences, and the encoder of the history `sees_ahead`; if the
  ///                    history has a head start and the encoder sees it; if the pooling takes no weights, or there are
  ///                    not as many as steps
  /// @throws DataError  if there is no column of that name, or it is neither of `float` nor of `LogWeight`
  Interest<Real, Space> operator()(auto& context, const Interest<Real, Space>& candidates,
                                   const Sequences<Real, Space>& history, const Windows<Space>& windows,
                                   const StepColumns<Space>& columns = StepColumns<Space>()) const {
    check_values("InterestBranch", context, candidates, history);  // also what its pooling does not look at
    if (settings.weights.empty()) return pooled(context, candidates, encoded(context, history, windows));
    if (columns.template holds<LogWeight>(settings.weights))
      return weighed<LogWeight>(context, history, windows, columns);
    return weighed<float>(context, history, windows, columns);
  }

  /// How much each step of each window counted: pairs in the layout of `Windows`, per candidate for target pooling.
  View<Real, 1, Space> weights(auto& context, const Interest<Real, Space>& candidates,
                               const Sequences<Real, Space>& history, const Windows<Space>& windows) const
    requires(
        requires(const Windowed<Real, Space>& w) { pool.weights(context, w); } ||
        requires(const Windowed<Real, Space>& w) { pool.weights(context, candidates, w); })
  {
    if constexpr (pools_by_target)
      return pool.weights(context, candidates, encoded(context, history, windows));
    else
      return pool.weights(context, encoded(context, history, windows));
  }

  void visit(auto&& visitor) {
    visitor("settings", settings);
    visitor("encode", encode);
    visitor("pool", pool);
  }

 private:
  Windowed<Real, Space> encoded(auto& context, const Sequences<Real, Space>& history,
                                const Windows<Space>& windows) const {
    // More windows than sequences: several moments share a history, as in one-pass training.
    expects(settings.input == BranchInput::windows || windows.count() <= history.count() || !encode.sees_ahead(),
            "InterestBranch: ", windows.count(), " windows share ", history.count(),
            " histories, as all positions in one pass do, and ", shown_name_of(encode, "the encoder"),
            " looks ahead: the state at one position would know the next; use an encoder that is causal (.causal = "
            "true, .bidirectional = false), BranchInput::windows, or Positions::separate");
    expects(settings.input == BranchInput::windows || !history.offsets.head_start || !sees_behind(),
            "InterestBranch: in one pass ", shown_name_of(encode, "the encoder"),
            " would begin at the first step of a history, with separate examples where the earlier of two bounded "
            "windows does: the states differ; leave one window unbounded (.long_term = {}), or set .from_first_step = "
            "true for training and evaluation, or use BranchInput::windows, or Positions::separate");
    if (settings.input == BranchInput::windows)
      return encode(context, cut_windows<Real, Space>(context, Windowed<Real, Space>(history, windows)));
    return {encode(context, history), windows};
  }
  bool sees_behind() const {
    if constexpr (requires { encode.sees_behind(); })
      return encode.sees_behind();
    else
      return true;
  }
  /// Pooled by a column of weights, or of their logarithms.
  template <class Weight>
  Interest<Real, Space> weighed(auto& context, const Sequences<Real, Space>& history, const Windows<Space>& windows,
                                const StepColumns<Space>& columns) const {
    expects(pools_by<Weight>, "InterestBranch: settings.weights is '", std::string_view(settings.weights), "', and ",
            shown_name_of(pool, "the pooling"), " takes no weights of steps; MeanPooling and SumPooling do");
    const auto all = columns.template get<Weight>(settings.weights);  // (N)
    if constexpr (pools_by<Weight>)
      return pool(context, encoded(context, history, windows), weights_of(context, history, windows, all));
    else
      return {};
  }
  /// Weights of the rows that are pooled.
  template <class Weight>
  View<const Weight, 1, Space> weights_of(auto& context, const Sequences<Real, Space>& history,
                                          const Windows<Space>& windows,
                                          const View<const Weight, 1, Space>& all) const {
    if (settings.input == BranchInput::history) return all;
    expects(all.extent(0) == history.steps.extent(0), "InterestBranch: ", all.extent(0), " weights came for ",
            history.steps.extent(0), " steps");
    const auto cut = scratch<Weight>(context, windows.pair_count, 1);  // (pairs, 1)
    cut_windows_forward<Weight, Space>(context.executor(), reshape(all, all.extent(0), 1), windows, cut);
    return reshape(cut, windows.pair_count);
  }
  Interest<Real, Space> pooled(auto& context, const Interest<Real, Space>& candidates,
                               const Windowed<Real, Space>& windowed) const {
    if constexpr (pools_by_target)
      return pool(context, candidates, windowed);
    else
      return pool(context, windowed);
  }
};

}  // namespace longshore::inline LONGSHORE_ABI

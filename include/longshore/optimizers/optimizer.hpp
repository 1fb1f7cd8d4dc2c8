// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <longshore/core/concepts.hpp>
#include <longshore/core/copy.hpp>
#include <longshore/kernels/for_each_piece.hpp>
#include <longshore/kernels/update_parameter.hpp>
#include <longshore/optimizers/collect_gradient.hpp>
#include <longshore/optimizers/optimizer_settings.hpp>
#include <longshore/optimizers/optimizer_state.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Applies a rule (`Sgd`, `Adam`, `AdamW`, `Adagrad`) to every parameter of a model that a step reached.
///
///     Optimizer<Adam, Space> optimizer(model, {.rate = 1e-3}, {.clip_norm = 5});
///     Training<Space> context(model, Random(7), Space(), optimizer.left_out());  // that is, what its groups freeze
///     ... context.backward(loss);
///     optimizer.step(model, context, loss);
///     optimizer.check();
///
/// Dense parameters are updated whole; row-sparse ones in the touched rows only. Nothing waits for the device. A step
/// whose loss or gradient is not finite changes nothing at all, nor do the steps after it, until `check` has reported
/// it; then none of them has counted. The same holds for gradients whose norm is too large (`largest_float_norm`), but
/// for those that are clipped. A frozen group is frozen for this optimiser alone: the model's own flags are not
/// touched, so the next one trains it again. Moves; does not copy.
///
/// Cost: of a step O(numbers) of the dense parameters that it reached, twice (norm, update), and O(n D) for n touched
/// rows of a table, with their sorting; few launches, as `for_each_piece` counts; memory the rule's moments.
///
/// @throws ShapeError for settings out of range; Error if a group fits no parameter
template <class Rule, class Space>
class Optimizer {
  static_assert(UpdateRule<Rule>,
                "longshore: Optimizer: the rule is no UpdateRule, as Sgd, Adam, AdamW and Adagrad are");

 public:
  /// The largest norm that all gradients together may have where a parameter is float, and where all are double: their
  /// squares, summed up over a long run, are still numbers.
  static constexpr double largest_float_norm = 1e16, largest_double_norm = 1e150;

  /// Makes the rule's moments for each parameter; a copy of rule and settings is kept, the model is not.
  template <class Model>
  explicit Optimizer(Model& model, const Rule& rule = {}, const OptimizerSettings& settings = {})
      : rule_(checked(rule)),
        settings_(checked(settings)),
        state_(model, rule_, settings_.groups),
        gradients_(state_.size()),
        counts_(state_.size()),
        status_(1) {
    state_.visit(model, [&](std::size_t, const auto& parameter) {
      using T = typename std::remove_cvref_t<decltype(parameter)>::value_type;
      if (sizeof(T) == sizeof(float)) largest_norm_ = largest_float_norm;
    });
    copy_from_host(std::vector<GradientStatus>(1), status_.view());
  }
  template <class Model, class Other>
    requires(!std::convertible_to<const Other&, Rule>)
  Optimizer(Model&, const Other&, ...) = delete;  // Optimizer: give a model, this rule's settings, OptimizerSettings

  /// Updates the model from the gradients that `context.backward` left. Does not wait.
  ///
  /// @throws Error if the model or context is not the one this was made for; nothing has changed then
  template <class Model, class Context>
  void step(Model& model, Context& context) {
    take_step<float>(model, context, nullptr);
  }
  /// The same, and refuses a loss that is not finite.
  template <class Model, class Context, class T>
  void step(Model& model, Context& context, const Value<T, 1, Space>& loss) {
    take_step(model, context, static_cast<const T*>(loss.data.data()));
  }
  template <class Model, class Context, class Other>
  void step(Model&, Context&, const Other&) = delete;  // Optimizer::step: give model, context, loss: a Value of rank 1

  /// What the last step found. Waits.
  GradientStatus status() const {
    if constexpr (launches_block<Space>)
      return *status_.data();
    else
      return copy_to_host(status_.view())[0];
  }

  /// Reports a refused step; then the next one may be taken. Waits.
  ///
  /// @throws DataError naming the parameter whose gradient, or saying that the loss, was not finite or too large
  void check() {
    const GradientStatus now = status();
    if (now.bad < 0) return;
    const auto bad = static_cast<std::size_t>(now.bad);
    const std::string what = bad == state_.size() ? std::string("loss") : "gradient of " + state_[bad].name;
    const std::string why =
        now.too_large ? text_of("too large (the norm of all gradients is ", now.norm, ")") : "not finite";
    const std::string later = now.refused > 1 ? text_of(", nor did the ", now.refused - 1, " steps after it") : "";
    state_.set_counts(copy_to_host(counts_.view()));
    steps_ = now.steps;
    copy_from_host(std::vector<GradientStatus>{{.norm = now.norm, .scale = now.scale, .steps = now.steps}},
                   status_.view());
    throw DataError(text_of("Optimizer: the ", what, " is ", why, "; the step was refused and changed nothing", later));
  }

  /// Which parameters its groups freeze, in the order of `visit`: for a `Training` context, which then makes no
  /// gradients of them. One that is made without it makes them in vain.
  std::vector<bool> left_out() const { return state_.left_out(); }
  const Rule& rule() const { return rule_; }
  const OptimizerSettings& settings() const { return settings_; }
  /// Steps taken so far: where the schedule is. A refused one counts until `check` has reported it.
  std::int64_t steps() const { return steps_; }
  /// The learning rate of a step, counted from 0, before groups.
  double rate(std::int64_t step) const { return rule_.rate * settings_.schedule.factor(step); }

  /// Calls `function(name, View<T, Rank, Space>)` for every moment array, shaped like its parameter: for checkpoints.
  ///
  /// @throws Error if the model is not the one this was made for
  template <class Model, class Function>
  void visit_moments(Model& model, Function&& function) {
    state_.visit_moments(model, std::forward<Function>(function));
  }
  /// How often each parameter was updated, in the order of `visit`: for checkpoints.
  std::vector<std::int64_t> counts() const { return state_.counts(); }
  /// Goes on from a checkpoint.
  ///
  /// @throws ShapeError if there are not as many counts as parameters
  void set_steps(std::int64_t steps, const std::vector<std::int64_t>& counts) {
    state_.set_counts(counts);
    steps_ = steps;
    copy_from_host(counts, counts_.view());
    copy_from_host(std::vector<GradientStatus>{{.steps = steps}}, status_.view());
  }

 private:
  template <class Settings>
  static const Settings& checked(const Settings& settings) {
    settings.check();
    return settings;
  }

  template <class T>
  using StepOf = decltype(std::declval<const Rule&>().template step<T>(0.0, 0.0, std::int64_t{}, GradientKind::dense));
  template <class T>
  struct Pieces {
    std::vector<NormPiece<T>> norms;
    std::vector<UpdatePiece<T, StepOf<T>>> updates;
  };

  template <class Loss, class Model, class Context>
  void take_step(Model& model, Context& context, const Loss* loss) {
    const auto& executor = context.executor();
    std::apply([](auto&... pieces) { ((pieces.norms.clear(), pieces.updates.clear()), ...); }, pieces_);
    // First everything that reads gradients, then everything that writes parameters: a refused step changes nothing.
    Index chunks = 0;
    for_each_trained(model, context, [&](std::size_t, auto& parameter) { chunks += norm_chunks(context, parameter); });
    const auto norms = scratch<ChunkNorm>(context, chunks);
    chunks = 0;
    for_each_trained(model, context, [&](std::size_t i, auto& parameter) {
      using T = typename std::remove_cvref_t<decltype(parameter)>::value_type;
      const auto owner = static_cast<std::int32_t>(i);
      const CollectedGradient& gradient = gradients_[i] =
          collect_gradient(context, parameter, owner, norms.data() + chunks);
      if (!gradient.sorted)
        std::get<Pieces<T>>(pieces_).norms.push_back(
            {static_cast<const T*>(gradient.data), static_cast<std::int64_t>(parameter.size()), chunks, owner});
      chunks += norm_chunks(context, parameter);
    });
    for_each_pieces([&]<class T>(const Pieces<T>& pieces) {
      for_each_piece<Space>(executor, std::span(pieces.norms), ChunkNorms<T>{norms.data()});
    });
    for_each_team<Space>(executor, 1,
                         JoinNorms<Loss>{norms.data(), chunks, loss, static_cast<std::int32_t>(state_.size()),
                                         settings_.clip_norm, largest_norm_, counts_.data(), status_.data()});
    const double factor = settings_.schedule.factor(steps_);
    for_each_trained(model, context, [&](std::size_t i, auto& parameter) { update(executor, parameter, i, factor); });
    for_each_pieces([&]<class T>(const Pieces<T>& pieces) {
      for_each_piece<Space>(executor, std::span(pieces.updates), UpdateDense<T, StepOf<T>>{status_.data()});
    });
    ++steps_;
  }

  template <class Function>
  void for_each_pieces(Function&& function) {
    std::apply([&](const auto&... pieces) { (function(pieces), ...); }, pieces_);
  }

  template <class Model, class Context, class Function>
  void for_each_trained(Model& model, Context& context, Function&& function) {
    state_.visit(model, [&](std::size_t i, auto& parameter) {
      if (parameter.frozen || state_[i].left_out || !context.gradient_of(parameter)) return;
      expects<Error>(!state_[i].frozen, "Optimizer: ", state_[i].name, " was frozen when this was made");
      function(i, parameter);
    });
  }

  /// How many norms a parameter has in this step. The same before and after
  /// `collect_gradient`, which may make a row list dense.
  template <class Context, class T, int Rank>
  static Index norm_chunks(Context& context, const Parameter<T, Rank, Space>& parameter) {
    const auto gradient = context.gradient_of(parameter);
    if (touches_rows(parameter, gradient)) return row_chunks(gradient.row_count);
    return static_cast<Index>((static_cast<std::int64_t>(parameter.size()) + norm_chunk - 1) / norm_chunk);
  }

  template <class Executor, class T, int Rank>
  void update(const Executor& executor, Parameter<T, Rank, Space>& parameter, std::size_t i, double factor) {
    auto& state = state_[i];
    const CollectedGradient& gradient = gradients_[i];
    const auto kind = gradient.sorted ? GradientKind::row_sparse : GradientKind::dense;
    const StepOf<T> step = rule_.template step<T>(state.rate * factor, state.decay, state.count++, kind);
    T *const weights = parameter.mutable_view().data(), *const first = state.template moment<T>(0),
             *const second = state.template moment<T>(1);
    const auto* numbers = static_cast<const T*>(gradient.data);
    if (!gradient.sorted)
      std::get<Pieces<T>>(pieces_).updates.push_back(
          {step, static_cast<std::int64_t>(parameter.size()), weights, numbers, first, second});
    else if constexpr (Rank == 2)
      for_each_team<Space>(executor, row_chunks(gradient.row_count),
                           UpdateRows<T, StepOf<T>>{step, gradient.row_count, parameter.extent(1), gradient.sorted,
                                                    numbers, weights, first, second, status_.data()});
  }

  Rule rule_;
  OptimizerSettings settings_;
  OptimizerState<Space> state_;
  std::vector<CollectedGradient> gradients_;
  std::tuple<Pieces<float>, Pieces<double>> pieces_;
  double largest_norm_ = largest_double_norm;
  Tensor<std::int64_t, 1, Space> counts_;
  Tensor<GradientStatus, 1, Space> status_;
  std::int64_t steps_ = 0;
};

}  // namespace longshore::inline LONGSHORE_ABI

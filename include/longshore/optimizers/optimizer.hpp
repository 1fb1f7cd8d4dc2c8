// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <longshore/core/copy.hpp>
#include <longshore/core/fill.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/core/use.hpp>
#include <longshore/kernels/gradient_norm.hpp>
#include <longshore/kernels/sort_rows.hpp>
#include <longshore/kernels/sum_gradient_rows.hpp>
#include <longshore/kernels/update_parameter.hpp>
#include <longshore/optimizers/parameter_group.hpp>
#include <longshore/optimizers/schedule.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What all rules share.
struct OptimizerSettings {
  double clip_norm = 0;  // largest norm of all gradients together; 0: no limit
  Schedule schedule = {};
  std::vector<ParameterGroup> groups = {};
};

/// Applies a rule (`Sgd`, `Adam`, `AdamW`, `Adagrad`) to every parameter of a model that a step reached.
///
///     Optimizer<Adam, Space> optimizer(model, {.rate = 1e-3}, {.clip_norm = 5});
///     Training<Space> context(model);                 // after the optimiser: groups may freeze parameters
///     ... context.backward(loss);
///     optimizer.step(model, context);
///
/// Dense parameters are updated whole; row-sparse ones in the touched rows only. Nothing waits for the device. A gradient that
/// is not finite makes the step change nothing at all; `check` reports it.
///
/// @throws ShapeError for settings out of range; Error if a group fits no parameter
template <class Rule, class Space>
class Optimizer {
 public:
  template <class Model>
  explicit Optimizer(Model& model, const Rule& rule = {}, const OptimizerSettings& settings = {})
      : rule_(rule), settings_(settings), status_(1) {
    settings_.schedule.check();
    expects(settings_.clip_norm >= 0, "Optimizer: clip_norm is at least 0, it is ", settings_.clip_norm);
    std::vector<bool> fits(settings_.groups.size(), false);
    visit_parameters(model, [&](const Path& path, auto& parameter) {
      using T = typename std::remove_cvref_t<decltype(parameter)>::value_type;
      State state;
      state.name = path.text();
      state.rate = rule_.rate;
      state.decay = rule_.weight_decay;
      for (std::size_t g = 0; g < settings_.groups.size(); ++g) {
        const ParameterGroup& group = settings_.groups[g];
        if (!matches(group.pattern, state.name)) continue;
        fits[g] = true;
        state.rate = group.rate.value_or(rule_.rate);
        state.decay = group.weight_decay.value_or(rule_.weight_decay);
        if (group.frozen) parameter.frozen = true;
      }
      state.frozen = parameter.frozen;
      if (!state.frozen)
        for (int m = 0; m < Rule::moments; ++m)
          state.moments.emplace_back(Buffer<typename Space::memory_space>(sizeof(T) * parameter.size()));
      states_.push_back(std::move(state));
    });
    for (std::size_t g = 0; g < fits.size(); ++g)
      expects<Error>(fits[g], "Optimizer: no parameter fits the pattern \"", settings_.groups[g].pattern, "\"");
    visit_moments(model, [](const std::string&, const auto& moment) {
      fill(Space{}, moment, std::remove_cvref_t<decltype(*moment.data())>(0));
    });
    copy_from_host(std::vector<GradientStatus>(1), status_.view());
  }

  /// Updates the model from the gradients that `context.backward` left. Does not wait.
  template <class Model, class Context>
  void step(Model& model, Context& context) {
    const auto& executor = context.executor();
    pending_.resize(states_.size());
    // First everything that reads gradients, then everything that writes parameters: a refused step changes nothing.
    std::int64_t chunks = 0;
    for_each_trained(model, context, [&](std::size_t i, auto& parameter) {
      pending_[i] = collect(context, parameter);
      pending_[i].first_chunk = chunks;
      chunks += (pending_[i].size + norm_chunk - 1) / norm_chunk;
    });
    const auto squares = scratch<double>(context, chunks);
    const auto bad = scratch<std::int32_t>(context, chunks), owner = scratch<std::int32_t>(context, chunks);
    for_each_trained(model, context, [&](std::size_t i, auto& parameter) {
      using T = typename std::remove_cvref_t<decltype(parameter)>::value_type;
      const Pending& p = pending_[i];
      for_each(executor, (p.size + norm_chunk - 1) / norm_chunk,
               ChunkNorm<T>{static_cast<const T*>(p.gradient), p.size, squares.data() + p.first_chunk,
                            bad.data() + p.first_chunk, owner.data() + p.first_chunk, static_cast<std::int32_t>(i)});
    });
    for_each(executor, 1,
             JoinNorms{squares.data(), bad.data(), owner.data(), chunks, settings_.clip_norm, status_.data()});
    const double factor = settings_.schedule.factor(steps_);
    for_each_trained(model, context, [&](std::size_t i, auto& parameter) {
      update(executor, parameter, states_[i], pending_[i], factor);
    });
    ++steps_;
  }

  /// What the last step found. Waits.
  GradientStatus status() const { return copy_to_host(status_.view())[0]; }

  /// Reports a refused step. Waits.
  ///
  /// @throws DataError naming the parameter whose gradient was not finite
  void check() const {
    const GradientStatus now = status();
    if (now.bad >= 0)
      throw DataError(text_of("Optimizer: the gradient of ", states_[static_cast<std::size_t>(now.bad)].name,
                              " is not finite; the step was refused and no parameter changed"));
    expects<DataError>(now.refused == 0, "Optimizer: ", now.refused,
                       " steps were refused because a gradient was not finite");
  }

  /// Steps taken so far: where the schedule is.
  std::int64_t steps() const { return steps_; }
  void set_steps(std::int64_t steps) { steps_ = steps; }
  const Rule& rule() const { return rule_; }
  const OptimizerSettings& settings() const { return settings_; }
  /// The learning rate of the next step, before groups.
  double rate() const { return rule_.rate * settings_.schedule.factor(steps_); }

  /// Calls `function(name, View<T, 1, Space>)` for every moment array: for checkpoints.
  template <class Model, class Function>
  void visit_moments(Model& model, Function&& function) {
    std::size_t i = 0;
    visit_parameters(model, [&](const Path&, auto& parameter) {
      using T = typename std::remove_cvref_t<decltype(parameter)>::value_type;
      State& state = states_.at(i++);
      for (std::size_t m = 0; m < state.moments.size(); ++m)
        function(state.name + ".moment" + std::to_string(m + 1),
                 View<T, 1, Space>(static_cast<T*>(state.moments[m].data()), parameter.size()));
    });
  }
  /// How often each parameter was updated, in the order of `visit`: for checkpoints.
  std::vector<std::int64_t> counts() const {
    std::vector<std::int64_t> result;
    for (const State& state : states_) result.push_back(state.count);
    return result;
  }
  /// @throws ShapeError if there are not as many as parameters
  void set_counts(const std::vector<std::int64_t>& counts) {
    expects(counts.size() == states_.size(), "Optimizer: ", counts.size(), " counts for ", states_.size(), " parameters");
    for (std::size_t i = 0; i < counts.size(); ++i) states_[i].count = counts[i];
  }

 private:
  struct State {
    std::string name;
    double rate = 0, decay = 0;
    bool frozen = false;
    std::int64_t count = 0;
    std::vector<Buffer<typename Space::memory_space>> moments;
  };
  struct Pending {
    bool reached = false, dense = false;
    void* gradient = nullptr;  // dense gradient, or summed rows
    std::int64_t size = 0;     // numbers in it
    const Id* sorted = nullptr;
    Index row_count = 0;
    std::int64_t first_chunk = 0;
  };

  template <class Model, class Context, class Function>
  void for_each_trained(Model& model, Context& context, Function&& function) {
    std::size_t i = 0;
    visit_parameters(model, [&](const Path&, auto& parameter) {
      const std::size_t here = i++;
      expects<Error>(here < states_.size(), "Optimizer::step: the model has more parameters than it was made for");
      if (!parameter.frozen && context.gradient_of(parameter)) function(here, parameter);
    });
  }

  /// One gradient array for a parameter: the dense one, with rows added where there are both, or the rows summed by id.
  template <class Context, class T, int Rank>
  Pending collect(Context& context, Parameter<T, Rank, Space>& parameter) {
    Pending pending;
    auto gradient = context.gradient_of(parameter);
    const auto& executor = context.executor();
    if constexpr (Rank == 2) {
      if (gradient.row_count > 0) {
        const Index count = gradient.row_count, features = parameter.extent(1);
        const auto ids = scratch<Id>(context, count), sorted = scratch<Id>(context, count);
        const auto order = scratch<Index>(context, count);
        const auto rows = scratch<const T*>(context, count);
        const auto sums = scratch<T>(context, count, features);
        Index first = 0;
        for (auto* use = gradient.rows; use; use = use->next) {
          for_each(executor, use->ids.extent(0),
                   ListGradientRows<T>{use->ids.data(), use->rows.data(), features, first, ids.data(), rows.data()});
          first += use->ids.extent(0);
        }
        sort_rows<Space>(executor, parameter.extent(0), View<const Id, 1, Space>(ids), sorted, order,
                         scratch<Index>(context, sort_rows_workspace(count)));
        for_each_team<Space>(executor, count,
                             SumGradientRows<T>{count, features, sorted.data(), order.data(), rows.data(), sums.data()});
        if (!gradient.dense.data() && parameter.gradient_kind == GradientKind::row_sparse)
          return {true, false, sums.data(), static_cast<std::int64_t>(sums.size()), sorted.data(), count, 0};
        if (!gradient.dense.data()) {
          gradient.dense = context.gradient_to(parameter).view;
          fill(executor, gradient.dense, T(0));
        }
        for_each_team<Space>(executor, count,
                             AddSummedRows<T>{features, sorted.data(), sums.data(), gradient.dense.data()});
      }
    }
    return {true, true, gradient.dense.data(), static_cast<std::int64_t>(parameter.size()), nullptr, 0, 0};
  }

  template <class Executor, class T, int Rank>
  void update(const Executor& executor, Parameter<T, Rank, Space>& parameter, State& state, const Pending& pending,
              double factor) {
    using Step = typename Rule::template Step<T>;
    const GradientKind kind = pending.dense ? GradientKind::dense : GradientKind::row_sparse;
    const Step step = rule_.template step<T>(state.rate * factor, state.decay, state.count++, kind);
    T* first = static_cast<T*>(state.moments.front().data());
    T* second = static_cast<T*>(state.moments.back().data());
    if (pending.dense)
      for_each(executor, (pending.size + update_chunk - 1) / update_chunk,
               UpdateDense<T, Step>{step, pending.size, parameter.mutable_view().data(),
                                    static_cast<const T*>(pending.gradient), first, second, status_.data()});
    else if constexpr (Rank == 2)
      for_each_team<Space>(
          executor, pending.row_count,
          UpdateRows<T, Step>{step, parameter.extent(1), pending.sorted, static_cast<const T*>(pending.gradient),
                              parameter.mutable_view().data(), first, second, status_.data()});
  }

  Rule rule_;
  OptimizerSettings settings_;
  std::vector<State> states_;
  std::vector<Pending> pending_;
  Tensor<GradientStatus, 1, Space> status_;
  std::int64_t steps_ = 0;
};

}  // namespace longshore::inline LONGSHORE_ABI

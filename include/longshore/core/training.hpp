// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

#include <longshore/core/arena.hpp>
#include <longshore/core/check_values.hpp>
#include <longshore/core/executor.hpp>
#include <longshore/core/fill.hpp>
#include <longshore/core/parameter_gradient.hpp>
#include <longshore/core/pointer_map.hpp>
#include <longshore/core/random.hpp>
#include <longshore/core/step_stamp.hpp>
#include <longshore/core/tape.hpp>
#include <longshore/core/use.hpp>
#include <longshore/core/value.hpp>
#include <longshore/core/visit.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The context of a training step: scratch memory, the tape of backward steps, and the gradients of one model.
///
///     Training<Space> context(model, Random(7));
///     context.reset();                         // a new step
///     auto loss = criterion(context, model(context, batch), batch);
///     context.backward(loss);
///     optimizer.step(model, context);
///
/// Blocks record one backward step each; `backward` runs them in reverse and skips what the loss does not reach. Dense
/// gradients lie in one buffer. The model must not move between forward and backward, but may be assigned to (`model =
/// best` keeps its memory). After an exception `reset` makes the context as good as new. Error outside Kokkos' life.
/// Cost: O(1) a block beside its kernels; memory: what the largest step took, and the dense gradients.
template <class Space, class Executor = Space>
  requires ExecutorOf<Executor, Space>
class Training {
 public:
  static constexpr bool training = true;
  using space = Space;
  using executor_type = Executor;

  /// Lays out gradients of a model's parameters, frozen ones excepted. @throws ShapeError if left_out has another size
  /// @throws Error if visit names a parameter twice
  /// @param left_out  an entry a parameter, as visited: true leaves it out, too (`Optimizer::left_out`). Empty: none
  template <class Model>
  explicit Training(const Model& model, Random random = Random(0), const Executor& executor = make_executor(),
                    const std::vector<bool>& left_out = {})
      : executor_(executor), random_(random) {
    std::size_t bytes = 0, i = 0;
    visit_parameters(model, [&](const Path& path, const auto& parameter) {
      expects<Error>(!slots_.find(parameter.view().data()), "Training: visit names ", path.text(), " a second time");
      Slot slot{.frozen = parameter.frozen,
                .left_out = i < left_out.size() && left_out[i],
                .row_sparse = parameter.gradient_kind == GradientKind::row_sparse,
                .bytes = sizeof(*parameter.view().data()) * parameter.size()};
      ++i;
      if (!slot.frozen && !slot.left_out && !slot.row_sparse)
        slot.offset = std::exchange(bytes, bytes + (slot.bytes + 63) / 64 * 64);
      slots_.insert(parameter.view().data(), slot);
    });
    expects(left_out.empty() || left_out.size() == i, "Training: ", left_out.size(), " left_out, ", i, " parameters");
    dense_ = Buffer<typename Space::memory_space>(bytes);
  }

  const Executor& executor() const { return executor_; }
  /// Waits until everything launched on the executor is done.
  void fence() const {
    expects_kokkos("Training::fence");
    if constexpr (!std::is_same_v<Executor, Inline>) executor_.fence();
  }
  /// Memory of the space for this step.
  void* allocate(std::size_t bytes) { return arena_.allocate(bytes); }
  /// A place for a value's gradient.
  Gradient* gradient() { return tape_.make(Gradient{}); }
  /// What values of this step carry, and no others.
  std::uint64_t stamp() const { return stamp_.value(); }

  /// Random numbers for one block of this step: dropout. The n-th call of a step gets the n-th stream.
  Random random() { return random_.at(step_).stream(draws_++); }
  /// Which step this is: random numbers depend on it. `reset` counts on; a trainer that is resumed sets it.
  void set_step(std::uint64_t step) { step_ = step; }
  std::uint64_t step() const { return step_; }
  /// Keeps `step(context)` for backward, as `Tape::record` does: it runs if a gradient reached `output`.
  void record(const auto& output, const auto& step) { tape_.record(output.gradient, step); }

  /// Runs the recorded steps in reverse, from a loss (1): once a step.
  ///
  /// @throws ShapeError if it has not one element; Error a second time in a step, or if it was not made in this step
  template <class T>
  void backward(const Value<T, 1, Space>& loss) {
    expects(loss.data.size() == 1, "Training::backward: the loss has ", loss.data.size(), " elements, 1 is expected");
    begin_backward(loss);
    fill<T>(executor_, gradient_to(loss).view, T(1));
    tape_.run(*this);
  }

  /// The same from any value and the gradient of the loss by it. @throws ShapeError if their numbers of elements differ
  template <class T, int Rank>
  void backward(const Value<T, Rank, Space>& value, View<const T, Rank, Space> cotangent) {
    expects(value.data.size() == cotangent.size(), "Training::backward: the value has ", value.data.size(),
            " elements, the cotangent ", cotangent.size());
    begin_backward(value);
    value.gradient->data = const_cast<T*>(cotangent.data());  // only read: `gradient_to` copies it first
    given_ = value.gradient;
    tape_.run(*this);
  }

  /// The gradient that reached a value: for backward steps, after they were told that there is one.
  template <class T, int Rank>
  View<const T, Rank, Space> gradient_of(const Value<T, Rank, Space>& value) const {
    View<T, Rank, Space> view = value.data;
    view.pointer = value.gradient ? static_cast<T*>(value.gradient->data) : nullptr;
    return view;
  }

  /// Where to put the gradient by a value: the first caller of a step writes, later ones add. Empty for constants.
  /// @throws Error if the value is of another step or context
  template <class T, int Rank>
  Target<T, Rank, Space> gradient_to(const Value<T, Rank, Space>& value) {
    if (!value.gradient) return {};
    check_values("Training::gradient_to", *this, value);
    const auto before = gradient_of(value);
    const bool is_given = before.data() && value.gradient == given_;
    if (!before.data() || is_given) value.gradient->data = arena_.allocate(sizeof(T) * value.data.size());
    View<T, Rank, Space> view = value.data;
    view.pointer = static_cast<T*>(value.gradient->data);
    if (is_given) add_to<T, Rank, Space>(executor_, before, {view, Update::write}), given_ = nullptr;
    return {view, before.data() ? Update::add : Update::write};
  }

  /// Where to put the gradient by a whole parameter. Empty if it is frozen or has no elements. @throws Error if it is
  /// not named by the `visit` of the model that this context was made for, or was frozen then and is not now
  template <class T, int Rank>
  Target<T, Rank, Space> gradient_to(const Parameter<T, Rank, Space>& parameter) {
    if (parameter.empty()) return {};
    Slot& slot = slot_of(parameter);
    if (frozen(slot, parameter)) return {};
    const Update update = slot.dense ? Update::add : Update::write;
    if (!slot.dense)
      slot.dense = slot.row_sparse ? arena_.allocate(slot.bytes) : static_cast<std::byte*>(dense_.data()) + slot.offset;
    return {shaped_like(parameter, slot.dense), update};
  }

  /// Gives gradient rows for touched rows of a row-sparse parameter; nothing is copied.
  ///
  /// @param ids   (n) rows of the parameter; may repeat
  /// @param rows  (n, D) must live until the end of the step
  template <class T>
  void add_rows(const Parameter<T, 2, Space>& parameter, View<const Id, 1, Space> ids, View<const T, 2, Space> rows) {
    Slot& slot = slot_of(parameter);
    if (frozen(slot, parameter) || ids.extent(0) == 0) return;
    auto* segment = tape_.make(RowGradients<T, Space>{ids, rows, nullptr});
    if (slot.last_rows)
      static_cast<RowGradients<T, Space>*>(slot.last_rows)->next = segment;
    else
      slot.first_rows = segment;
    slot.last_rows = segment;
    slot.row_count += ids.extent(0);
  }

  /// Forgets the rows that a parameter was given: for whoever has added them to its dense gradient.
  template <class T>
  void forget_rows(const Parameter<T, 2, Space>& parameter) {
    slot_of(parameter).forget_rows();
  }

  /// Whether anybody wants the gradient of a parameter; one that the model does not name is refused by backward.
  template <class T, int Rank>
  bool trains(const Parameter<T, Rank, Space>& parameter) {
    const Slot* slot = parameter.empty() ? nullptr : slots_.find(parameter.view().data());
    return slot ? !frozen(*slot, parameter) : !parameter.empty();
  }

  /// What backward left for a parameter: for optimisers.
  template <class T, int Rank>
  ParameterGradient<T, Rank, Space> gradient_of(const Parameter<T, Rank, Space>& parameter) {
    ParameterGradient<T, Rank, Space> result;
    if (parameter.empty()) return result;
    const Slot& slot = slot_of(parameter);
    if (slot.dense) result.dense = shaped_like(parameter, slot.dense);
    result.rows = static_cast<const RowGradients<T, Space>*>(slot.first_rows);
    result.row_count = slot.row_count;
    return result;
  }

  /// Starts the next step, with other random numbers: values, tape and gradients of the last one are gone.
  void reset() {
    expects_kokkos("Training::reset");
    ++step_;
    stamp_.next();
    arena_.reset(), tape_.reset();
    ran_ = false, given_ = nullptr, draws_ = 0;
    slots_.for_each([](Slot& slot) { slot.forget(); });
  }

  /// The most bytes of scratch that any step took, tape included.
  std::size_t high_water() const { return arena_.high_water() + tape_.high_water(); }

 private:
  struct Slot {
    bool frozen = false, left_out = false, row_sparse = false;
    std::size_t bytes = 0, offset = 0;
    void *dense = nullptr, *first_rows = nullptr, *last_rows = nullptr;  // null: nothing was written in this step
    Index row_count = 0;
    void forget_rows() { first_rows = last_rows = nullptr, row_count = 0; }
    void forget() { dense = nullptr, forget_rows(); }
  };

  static Executor make_executor() {
    expects_kokkos("Training");
    return Executor{};
  }
  void begin_backward(const auto& value) {
    expects_kokkos("Training::backward");
    expects<Error>(!ran_, "Training::backward: it ran in this step already; a step has one loss: reset first");
    expects<Error>(value.gradient && value.step == stamp(),
                   "Training::backward: the value is a constant, older than `reset`, or of another context");
    ran_ = true;
  }
  template <class T, int Rank>
  static bool frozen(const Slot& slot, const Parameter<T, Rank, Space>& parameter) {
    expects<Error>(!slot.frozen || parameter.frozen, "Training: a parameter of ", parameter.size(),
                   " elements was frozen when this was made, it is not now; make a new context, or `fit` again");
    return slot.left_out || parameter.frozen;
  }
  template <class T, int Rank>
  Slot& slot_of(const Parameter<T, Rank, Space>& parameter) {
    Slot* slot = slots_.find(parameter.view().data());
    expects<Error>(slot != nullptr, "Training: a parameter of ", parameter.size(),
                   " elements is not in the model this context was made for; does `visit` name every part?");
    return *slot;
  }

  Executor executor_;
  Random random_;
  std::uint64_t step_ = 0;
  std::uint32_t draws_ = 0;
  Arena<typename Space::memory_space> arena_;
  Tape<Training> tape_;
  StepStamp stamp_;
  Buffer<typename Space::memory_space> dense_;
  PointerMap<Slot> slots_;
  bool ran_ = false;                 // backward, in this step
  const Gradient* given_ = nullptr;  // lies in the caller's memory
};

}  // namespace longshore::inline LONGSHORE_ABI

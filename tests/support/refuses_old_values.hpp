// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <longshore/core/training.hpp>
#include <string>

namespace check {

/// A training context in which the value that `use` makes of one parameter carries the stamp of another step.
class PlantedTraining : public longshore::Training<Kokkos::Serial> {
 public:
  using Training::Training;

  /// @param parameter  the elements of which; null for none
  void plant(const void* parameter) { planted_ = parameter, took_effect_ = is_next_ = had_gradient_ = false; }
  /// Whether that parameter was used.
  bool took_effect() const { return took_effect_; }

  // `use` asks whether the parameter trains, then for a gradient, then for the stamp; a table asks in another order.
  template <class Parameter>
  bool trains(const Parameter& parameter) {
    is_next_ = static_cast<const void*>(parameter.view().data()) == planted_;
    return Training::trains(parameter);
  }
  longshore::Gradient* gradient() {
    had_gradient_ = is_next_, is_next_ = false;
    return Training::gradient();
  }
  std::uint64_t stamp() const {
    if (!had_gradient_) return Training::stamp();
    had_gradient_ = false, took_effect_ = true;
    return Training::stamp() - 2;
  }
  void record(const auto& output, const auto& step) {
    is_next_ = had_gradient_ = false;
    Training::record(output, step);
  }

 private:
  const void* planted_ = nullptr;
  bool is_next_ = false;
  mutable bool had_gradient_ = false, took_effect_ = false;
};

/// A case refuses each of its inputs if it is a value that `reset` has taken back.
///
/// @return  how many inputs it has
template <class Case>
int refuses_old_values(const Case& example) {
  PlantedTraining context(example);
  int inputs = 0;
  longshore::visit_parameters(example, [&](const longshore::Path& path, const auto& parameter) {
    if (parameter.empty()) return;
    CAPTURE(path.text());
    context.reset();
    context.plant(parameter.view().data());
    std::string refused;
    try {
      example(context);
    } catch (const longshore::Error& error) {
      refused = error.what();
    }
    if (!context.took_effect()) return;
    ++inputs;
    CAPTURE(refused);
    CHECK(refused.find(": a value is older than the context's `reset`, or of another context") != std::string::npos);
  });
  return inputs;
}

}  // namespace check

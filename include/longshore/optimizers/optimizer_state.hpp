// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <longshore/core/buffer.hpp>
#include <longshore/core/concepts.hpp>
#include <longshore/core/fill.hpp>
#include <longshore/optimizers/check_rule.hpp>
#include <longshore/optimizers/parameter_group.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What an optimiser keeps for each parameter of a model, in the order of `visit`: what its group says, how often it
/// was updated, and its moments, from 0. A frozen parameter has none. Moves; does not copy.
///
/// Cost: memory: the rule's moments() numbers for each number that is trained; a visit O(parameters).
template <class Space>
class OptimizerState {
 public:
  struct Entry {
    std::string name;
    double rate = 0, decay = 0;
    bool frozen = false;     // by itself or by its group
    bool left_out = false;   // by its group: whatever its own flag says, now or later
    std::size_t bytes = 0;   // of the parameter
    std::int64_t count = 0;  // updates so far
    std::vector<Buffer<typename Space::memory_space>> moments;

    /// @return  (size of the parameter), null if there are fewer moments
    template <class T>
    T* moment(std::size_t m) const {
      return m < moments.size() ? static_cast<T*>(moments[m].data()) : nullptr;
    }
  };

  /// Changes nothing in the model: what a group freezes is frozen here only. Waits until the moments are there.
  ///
  /// @throws Error      if a group fits no parameter, naming those that there are
  /// @throws ShapeError if a parameter's type cannot hold a setting
  template <class Model, UpdateRule Rule>
  OptimizerState(Model& model, const Rule& rule, const std::vector<ParameterGroup>& groups) {
    std::vector<bool> fits(groups.size(), false);
    visit_parameters(model, [&](const Path& path, auto& parameter) {
      using T = typename std::remove_cvref_t<decltype(parameter)>::value_type;
      Entry entry;
      entry.name = path.text();
      entry.rate = rule.rate;
      entry.decay = rule.weight_decay;
      entry.frozen = parameter.frozen;
      entry.bytes = sizeof(T) * parameter.size();
      const ParameterGroup* group = nullptr;
      for (std::size_t g = 0; g < groups.size(); ++g)
        if (groups[g].fits(entry.name)) {
          fits[g] = true;
          group = &groups[g];
        }
      if (group) {
        entry.rate = group->rate.value_or(rule.rate);
        entry.decay = group->weight_decay.value_or(rule.weight_decay);
        entry.left_out = group->frozen;
        entry.frozen = entry.frozen || group->frozen;
      }
      if (!entry.frozen) check_rule_as<T>(rule, entry.name, entry.rate, entry.decay);
      for (int m = 0; !entry.frozen && m < rule.moments(); ++m) {
        entry.moments.emplace_back(entry.bytes);
        fill(Space{}, shaped_like(parameter, entry.template moment<T>(entry.moments.size() - 1)), T(0));
      }
      entries_.push_back(std::move(entry));
    });
    for (std::size_t g = 0; g < fits.size(); ++g)
      expects<Error>(fits[g], "Optimizer: no parameter fits the pattern \"", groups[g].pattern, "\"; there ", known());
    Space{}.fence();
  }

  /// Number of parameters.
  std::size_t size() const { return entries_.size(); }
  Entry& operator[](std::size_t i) { return entries_[i]; }
  const Entry& operator[](std::size_t i) const { return entries_[i]; }

  /// Calls `function(i, parameter)` for every parameter of the model.
  ///
  /// @throws Error if the model has more, fewer or other parameters than the one this was made for
  template <class Model, class Function>
  void visit(Model& model, Function&& function) const {
    std::size_t i = 0;
    visit_parameters(model, [&](const Path& path, auto& parameter) {
      using T = typename std::remove_cvref_t<decltype(parameter)>::value_type;
      const std::size_t here = i++;
      expects<Error>(here < size(), "Optimizer: the model has more parameters than the one it was made for");
      const std::size_t bytes = sizeof(T) * parameter.size();
      if (bytes != entries_[here].bytes)  // asked first: a path's text allocates
        expects<Error>(false, "Optimizer: ", path.text(), " has ", bytes, " bytes, it had ", entries_[here].bytes,
                       " when this was made");
      function(here, parameter);
    });
    expects<Error>(i == entries_.size(), "Optimizer: the model has fewer parameters than the one it was made for");
  }

  /// Calls `function(name, View<T, Rank, Space>)` for every moment array, which has the shape of its parameter.
  ///
  /// @throws Error as `visit`
  template <class Model, class Function>
  void visit_moments(Model& model, Function&& function) const {
    visit(model, [&](std::size_t i, auto& parameter) {
      using T = typename std::remove_cvref_t<decltype(parameter)>::value_type;
      for (std::size_t m = 0; m < entries_[i].moments.size(); ++m)
        function(entries_[i].name + ".moment" + std::to_string(m + 1),
                 shaped_like(parameter, entries_[i].template moment<T>(m)));
    });
  }

  /// Which parameters get no gradient because of their groups, for a `Training` context.
  std::vector<bool> left_out() const {
    std::vector<bool> result;
    for (const Entry& entry : entries_) result.push_back(entry.left_out);
    return result;
  }

  /// How often each parameter was updated.
  std::vector<std::int64_t> counts() const {
    std::vector<std::int64_t> result;
    for (const Entry& entry : entries_) result.push_back(entry.count);
    return result;
  }
  /// @throws ShapeError if there are not as many counts as parameters
  void set_counts(const std::vector<std::int64_t>& counts) {
    expects(counts.size() == entries_.size(), "Optimizer: ", counts.size(), " counts for ", entries_.size(),
            " parameters");
    for (std::size_t i = 0; i < counts.size(); ++i) entries_[i].count = counts[i];
  }

 private:
  /// The names of the parameters for an error: of many the first and the last.
  std::string known() const {
    constexpr std::size_t most = 24, shown = most / 2;
    std::string text;
    for (std::size_t i = 0; i < size(); ++i) {
      if (size() > most && i == shown) {
        i = size() - shown;
        text += text_of(", ... (", size() - most, " more) ...");
      }
      text += (text.empty() ? "" : ", ") + entries_[i].name;
    }
    return text.empty() ? "are none" : "are " + text;
  }

  std::vector<Entry> entries_;
};

}  // namespace longshore::inline LONGSHORE_ABI

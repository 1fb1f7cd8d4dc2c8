// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <longshore/losses/reduction.hpp>
#include <longshore/training/fit_settings.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Appends what a loss is called and set to, by name; of a loss chosen at run time (`AnyOf`) that of the chosen one.
///
/// Cost: O(names).
template <class Loss>
void name_loss(const Loss& loss, std::vector<std::pair<std::string, std::string>>& list) {
  const auto choice = [&list](const char* name, bool on) { list.emplace_back(name, on ? "true" : "false"); };
  if constexpr (requires { std::variant_size<decltype(Loss::block)>::value; })
    std::visit([&list](const auto& chosen) { name_loss(chosen, list); }, loss.block);
  if constexpr (requires { std::string(Loss::name); }) list.emplace_back("loss", std::string(Loss::name));
  if constexpr (requires { requires std::same_as<decltype(Loss::reduction), Reduction>; })
    list.emplace_back("loss.reduction", loss.reduction == Reduction::mean ? "mean" : "sum");
  if constexpr (requires { bool(loss.remove_hits); }) choice("loss.remove_hits", loss.remove_hits);
  if constexpr (requires { bool(loss.unknown_row); }) choice("loss.unknown_row", loss.unknown_row);
}

/// How a run trains, by name, as text: a checkpoint keeps it, to tell this run from others.
///
/// That is what the rule and its optimiser are set to, the loss's name, if it has one, and its settings, those of the
/// chosen one if the loss is an `AnyOf`, and the user's configuration. What may change between a stop and a resumption
/// is left out: the number of epochs, early stopping, and a schedule's `total_steps`, which is the length of the run
/// once more.
///
/// Cost: O(names).
///
/// @param loss  of a loss of one's own, what is called as in the library's losses: name, reduction, ...
/// @param rule  of a rule of one's own, what is called as in the library's rules: rate, momentum, beta1, ...
/// @return      numbers in their shortest form that reads back as the same number
template <class Loss, class Rule>
std::vector<std::pair<std::string, std::string>> named_settings(const Loss& loss, const Rule& rule,
                                                                const FitSettings& run) {
  const OptimizerSettings& settings = run.optimizer;
  std::vector<std::pair<std::string, std::string>> list;
  const auto text = [](double number) {
    char letters[32];
    return std::string(letters, std::to_chars(letters, letters + sizeof(letters), number).ptr);
  };
  const auto add = [&](const char* name, double number) { list.emplace_back(name, text(number)); };
  if constexpr (requires { double(rule.rate); }) add("rate", rule.rate);
  if constexpr (requires { double(rule.momentum); }) add("momentum", rule.momentum);
  if constexpr (requires { double(rule.beta1); }) add("beta1", rule.beta1);
  if constexpr (requires { double(rule.beta2); }) add("beta2", rule.beta2);
  if constexpr (requires { double(rule.epsilon); }) add("epsilon", rule.epsilon);
  if constexpr (requires { double(rule.weight_decay); }) add("weight_decay", rule.weight_decay);
  if constexpr (requires { bool(rule.nesterov); }) list.emplace_back("nesterov", rule.nesterov ? "true" : "false");
  add("clip_norm", settings.clip_norm);
  const Schedule& schedule = settings.schedule;
  constexpr const char* kinds[] = {"constant", "linear", "cosine", "step", "exponential"};
  list.emplace_back("schedule.kind", kinds[static_cast<std::size_t>(schedule.kind)]);
  list.emplace_back("schedule.warm_up_steps", std::to_string(schedule.warm_up_steps));
  add("schedule.final_factor", schedule.final_factor);
  list.emplace_back("schedule.step_every", std::to_string(schedule.step_every));
  add("schedule.decay", schedule.decay);
  for (std::size_t i = 0; i < settings.groups.size(); ++i) {
    const ParameterGroup& group = settings.groups[i];
    std::string value = group.pattern;
    if (group.rate) value += ", rate " + text(*group.rate);
    if (group.weight_decay) value += ", weight_decay " + text(*group.weight_decay);
    if (group.frozen) value += ", frozen";
    list.emplace_back("groups." + std::to_string(i + 1), value);
  }
  for (auto& [name, value] : list) name.insert(0, "optimizer.");
  name_loss(loss, list);
  list.insert(list.end(), run.configuration.begin(), run.configuration.end());
  return list;
}

}  // namespace longshore::inline LONGSHORE_ABI

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <longshore/core/parameter.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Where a part lies in a model: a chain of names on the stack; text is made on demand ("tower.0.weights").
struct Path {
  const Path* parent = nullptr;
  const char* name = nullptr;   // null for an element of a list
  std::size_t position = 0;     // of an element of a list
  std::string_view block = {};  // what the part is, or the nearest part around it that says so by a `block_name`

  /// The names from the model's parts down to this one, with points between them.
  std::string text() const {
    std::string own = name ? std::string(name) : std::to_string(position);
    if (!parent || (!parent->name && !parent->parent)) return own;
    return parent->text() + "." + own;
  }
};

/// Swallows what it is handed: only to ask whether a type can be visited (nvcc takes a lambda there for a failure).
struct IgnoringVisitor {
  template <class Part>
  void operator()(const char*, Part&) const {}
};

/// A block or model: it names its parts once, `void visit(auto&& visitor) { visitor("weights", weights); ... }`.
template <class Part>
concept Visitable = requires(std::remove_const_t<Part>& part) { part.visit(IgnoringVisitor{}); };

/// Whether a type is a list of parts, a `std::vector`.
template <class T>
inline constexpr bool is_part_list = false;
template <class T, class Allocator>
inline constexpr bool is_part_list<std::vector<T, Allocator>> = true;

/// What a type calls itself in summaries, or nothing.
template <class Part>
constexpr std::string_view block_name_of() {
  if constexpr (requires { Part::block_name; })
    return Part::block_name;
  else
    return {};
}

/// What a part is: a run-time choice among blocks has the name of its `chosen_name()`, and what has no name that of the
/// block around it.
template <class Part>
std::string_view shown_name_of(const Part& part, std::string_view around) {
  if constexpr (requires { part.chosen_name(); })
    return part.chosen_name();
  else if constexpr (!block_name_of<Part>().empty())
    return block_name_of<Part>();
  else
    return around;
}

/// Walks a model part by part and calls `leaf(path, part)` for each parameter and each settings struct.
///
/// Lists (`std::vector<Block>`) are walked in order, blocks recursively. A const model gives const parts.
///
/// Cost: O(parts), no memory; paths lie on the stack.
///
/// Not inlined: a part that a model has in several places is compiled once.
///
/// @param enter  called as `enter(path, list)` before the elements of a list are walked
template <class Part, class Leaf, class Enter>
[[gnu::noinline]] void visit_parts(Part& part, const Path& path, Leaf&& leaf, Enter&& enter) {
  using Plain = std::remove_const_t<Part>;
  if constexpr (is_part_list<Plain>) {
    enter(path, part);
    for (std::size_t i = 0; i < part.size(); ++i) {
      const Path element{&path, nullptr, i, shown_name_of(part[i], path.block)};
      visit_parts(part[i], element, leaf, enter);
    }
  } else if constexpr (Visitable<Plain>) {
    // The user writes `visit` once, non-const; a const model's parts are handed back const.
    const_cast<Plain&>(part).visit([&](const char* name, auto& inner) {
      using Inner = std::remove_reference_t<decltype(inner)>;
      using Handed = std::conditional_t<std::is_const_v<Part>, const Inner, Inner>;
      const Path below{&path, name, 0, shown_name_of(inner, path.block)};
      visit_parts(static_cast<Handed&>(inner), below, leaf, enter);
    });
  } else {
    static_assert(
        is_parameter<Plain> || std::is_trivially_copyable_v<Plain>,
        "longshore: visit names a part that is neither a parameter, nor a block with its own visit, nor a list "
        "of blocks, nor a plain settings struct");
    leaf(path, part);
  }
}

/// Calls `function(path, parameter)` for every parameter of a model that is not empty, in the order of its `visit`.
template <class Model, class Function>
void visit_parameters(Model& model, Function&& function) {
  const Path root{nullptr, nullptr, 0, shown_name_of(model, {})};
  visit_parts(
      model, root,
      [&](const Path& path, auto& part) {
        if constexpr (is_parameter<std::remove_const_t<std::remove_reference_t<decltype(part)>>>)
          if (!part.empty()) function(path, part);
      },
      [](const Path&, auto&) {});
}

}  // namespace longshore::inline LONGSHORE_ABI

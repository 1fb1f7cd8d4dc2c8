// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <concepts>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <longshore/core/initialiser.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Settings by name, as text: what `named_settings` of a factorisation gives and a checkpoint compares.
///
///     return SettingNames().add("features", settings.features).add("rate", settings.rate).list();
///
/// Numbers are in their shortest form that reads back as the same number. Cost: O(names).
class SettingNames {
 public:
  SettingNames& add(std::string_view name, std::string_view text) {
    list_.emplace_back(name, text);
    return *this;
  }
  SettingNames& add(std::string_view name, const char* text) { return add(name, std::string_view(text)); }
  SettingNames& add(std::string_view name, bool on) { return add(name, on ? "true" : "false"); }
  template <class Number>
    requires std::integral<Number> || std::floating_point<Number>
  SettingNames& add(std::string_view name, Number number) {
    char letters[32];
    return add(name, std::string_view(letters, std::to_chars(letters, letters + sizeof(letters), number).ptr));
  }
  /// As kind and scale.
  SettingNames& add(std::string_view name, const Initialiser& how) {
    const std::string prefix(name);
    return add(prefix + ".kind", static_cast<int>(how.kind)).add(prefix + ".scale", how.scale);
  }

  std::vector<std::pair<std::string, std::string>> list() const { return list_; }

 private:
  std::vector<std::pair<std::string, std::string>> list_;
};

}  // namespace longshore::inline LONGSHORE_ABI

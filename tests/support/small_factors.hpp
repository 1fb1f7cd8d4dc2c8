// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <longshore/core/initialiser.hpp>
#include <longshore/core/parameter.hpp>
#include <longshore/factorization/interactions.hpp>

namespace test {

struct SmallFactorsSettings {
  longshore::Index users = 0, items = 0, features = 2;
  double rate = 0.05;
  std::uint64_t seed = 0;
  bool has_objective = true;
  std::int64_t fails_at = -1;  // the epoch that throws
};

/// A factorisation by plain gradient steps on the host, whose epochs differ by their number: for tests of what trains
/// factorisations.
template <class Real, class Space>
struct SmallFactors {
  static constexpr std::string_view block_name = "SmallFactors";
  SmallFactorsSettings settings;
  longshore::Parameter<Real, 2, Space> users, items;

  SmallFactors() = default;
  explicit SmallFactors(const SmallFactorsSettings& given)
      : settings(given), users(given.users, given.features), items(given.items, given.features) {
    longshore::initialise(users, longshore::normal(0.5), longshore::Random(given.seed).stream("users"));
    longshore::initialise(items, longshore::normal(0.5), longshore::Random(given.seed).stream("items"));
  }

  template <class Executor>
  double epoch(const Executor&, const longshore::Interactions<Real, Space>& train, std::int64_t number) {
    if (number == settings.fails_at) throw std::runtime_error("this epoch fails");
    const auto noise = longshore::Random(settings.seed).stream("noise").at(static_cast<std::uint64_t>(number));
    const auto& rows = train.by_user();
    double loss = 0;
    for (longshore::Index u = 0; u < rows.row_count; ++u)
      for (std::int64_t n = rows.begin(u); n < rows.end(u); ++n) {
        Real* p = users.mutable_view().row(u);
        Real* q = items.mutable_view().row(rows.columns[n]);
        Real error = rows.values[n];
        for (longshore::Index d = 0; d < settings.features; ++d) error -= p[d] * q[d];
        loss += static_cast<double>(error * error);
        const Real rate =
            static_cast<Real>(settings.rate) * noise.template uniform<Real>(static_cast<std::uint64_t>(n));
        for (longshore::Index d = 0; d < settings.features; ++d) {
          const Real old = p[d];
          p[d] += rate * error * q[d];
          q[d] += rate * error * old;
        }
      }
    return settings.has_objective ? loss / static_cast<double>(train.entries())
                                  : std::numeric_limits<double>::quiet_NaN();
  }

  std::vector<std::pair<std::string, std::string>> named_settings() const {
    return {{"features", std::to_string(settings.features)}, {"seed", std::to_string(settings.seed)}};
  }
  longshore::Tensor<Real, 2, Space> user_vectors(const Space&) const { return users.tensor(); }
  longshore::Tensor<Real, 2, Space> item_vectors(const Space&) const { return items.tensor(); }

  void visit(auto&& visitor) {
    visitor("settings", settings);
    visitor("users", users);
    visitor("items", items);
  }
};

}  // namespace test

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include <longshore/scorers/biased_factor_scorer.hpp>
#include <longshore/scorers/factorization_machine.hpp>
#include <longshore/scorers/neu_mf.hpp>
#include <longshore/scorers/svdpp_scorer.hpp>

#include "id_table.hpp"

namespace test {

inline void add_scorers(IdTable& add) {
  namespace ls = longshore;
  using Ids = std::span<const ls::Id>;
  using Host = Kokkos::Serial;
  const auto scorer = std::make_shared<ls::BiasedFactorScorer<float, Host>>(
      ls::BiasedFactorScorerSettings{.users = id_rows, .items = id_rows});
  using Users = ls::View<const ls::Id, 1, Host>;
  using Items = ls::View<const ls::Id, 2, Host>;
  add("scorers/biased_factor_scorer.hpp", [scorer](Ids ids) { scorer->check(Users(ids.data(), 10), Items()); });
  add("scorers/biased_factor_scorer.hpp", [scorer](Ids ids) { scorer->check(Users(), Items(ids.data(), 5, 2)); });
  const auto machine = std::make_shared<ls::FactorizationMachine<float, Host>>(
      ls::FactorizationMachineSettings{.users = id_rows, .items = id_rows, .factors = 1});
  add("scorers/factorization_machine.hpp", [machine](Ids ids) { machine->check(Users(ids.data(), 10), Items()); });
  add("scorers/factorization_machine.hpp", [machine](Ids ids) { machine->check(Users(), Items(ids.data(), 5, 2)); });
  const auto neural = std::make_shared<ls::NeuMf<float, Host>>(
      ls::NeuMfSettings{.users = id_rows, .items = id_rows, .features = 1, .hidden = {}});
  add("scorers/neu_mf.hpp", [neural](Ids ids) { neural->check(Users(ids.data(), 10), Items()); });
  add("scorers/neu_mf.hpp", [neural](Ids ids) { neural->check(Users(), Items(ids.data(), 5, 2)); });
  const auto rated = std::make_shared<ls::SvdppScorer<float, Host>>(
      ls::SvdppScorerSettings{.users = id_rows, .items = id_rows, .features = 1});
  add("scorers/svdpp_scorer.hpp", [rated](Ids ids) { rated->check(Users(ids.data(), 10), Items(), Users()); });
  add("scorers/svdpp_scorer.hpp", [rated](Ids ids) { rated->check(Users(), Items(ids.data(), 5, 2), Users()); });
  add("scorers/svdpp_scorer.hpp", [rated](Ids ids) { rated->check(Users(), Items(), Users(ids.data(), 10)); });
}

}  // namespace test

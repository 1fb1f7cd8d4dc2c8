// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/io.hpp>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "curves.hpp"
#include "model.hpp"

/// The log, its split and what is asked of every model.
struct Experiment {
  std::optional<ls::SyntheticLog> synthetic;
  ls::InteractionLog read;
  ls::Split split;
  ls::Histories all, train;
  ls::EvaluationRows validation, test;
  std::vector<ls::Example> examples;

  explicit Experiment(const Options& options);
  Experiment(const Experiment&) = delete;  // views point into it

  const ls::InteractionLog& log() const { return synthetic ? synthetic->log() : read; }
  ls::Id users() const { return log().user_count(); }
  ls::Id items() const { return log().item_count(); }
  std::string title(ls::Id item) const;
  /// The days of the first and the last event.
  std::string dates() const;

  ls::LongShortViews views(const Options& options, ls::Positions positions) const;
  /// Probabilities of all items for the rows of the test, by one who knows tastes and intents.
  ls::Ranking oracle() const;
};

/// A trained model and what it reached.
struct Trained {
  std::string name;
  Model model;
  ls::FitReport report;
  ls::Ranking ranking;
};

/// Trains the model of the options and ranks it on the test rows.
///
/// @param curves  gets the epochs under the name
Trained train(const Experiment& experiment, const Options& options, const std::string& name, Curves& curves,
              std::stop_token stop);

/// Ranks the targets of rows, as a model sees their users, among all items.
ls::Ranking rank(const Experiment& experiment, const Options& options, const Model& model,
                 const ls::EvaluationRows& rows);

/// Prints, for three users, what is recommended and why.
void explain(const Experiment& experiment, const Options& options, const Model& model);

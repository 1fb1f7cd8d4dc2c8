// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <longshore/io.hpp>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "curves.hpp"
#include "model.hpp"

/// A text from the log as a terminal may have it: what could steer one, and what is no UTF-8, as \xNN.
///
/// @param longest  most letters; a longer text ends in "..."
std::string shown(const std::string& text, std::size_t longest);

/// The log, its split and what is asked of every model.
struct Experiment {
  std::optional<ls::SyntheticLog> synthetic;
  ls::InteractionLog read;
  ls::Split split;
  ls::Histories all, train;
  ls::EvaluationRows validation, test;
  std::vector<ls::Example> examples;
  bool keep_seen;  // whether items that a user had before are candidates

  /// @throws longshore::Interrupted if a stop is requested while a file is read
  Experiment(const Options& options, const std::stop_token& stop);
  Experiment(const Experiment&) = delete;  // views point into it

  const ls::InteractionLog& log() const { return synthetic ? synthetic->log() : read; }
  ls::Id users() const { return log().user_count(); }
  ls::Id items() const { return log().item_count(); }
  LogSizes sizes() const;
  /// What an item is called, in so many letters at most.
  std::string title(ls::Id item, std::size_t longest) const;
  /// How many users of the test had their last item before.
  std::size_t repeated_targets() const;
  /// How many users of the test have no step in the short view.
  std::size_t empty_short_views(const Options& options) const;
  /// The days of the first and the last event.
  std::string dates() const;

  ls::LongShortViews views(const Options& options, ls::Positions positions) const;
  /// Probabilities of all items for the rows of the test, by one who knows tastes and intents.
  ///
  /// @throws longshore::Interrupted if a stop is requested
  ls::Ranking oracle(const std::stop_token& stop) const;
};

/// A trained model and how it was trained.
struct Trained {
  std::string name;
  Model model;
  ls::FitReport report;
};

/// Where the checkpoint of a row of the table lies.
std::filesystem::path checkpoint_of(const Options& options, const std::string& name);

/// Trains the model of the options.
///
/// @param curves  gets the epochs under the name
Trained train(const Experiment& experiment, const Options& options, const std::string& name, Curves& curves,
              std::stop_token stop);

/// Ranks the targets of rows, as a model sees their users, among all items.
///
/// @throws longshore::Interrupted if a stop is requested
ls::Ranking rank(const Experiment& experiment, const Options& options, const Model& model,
                 const ls::EvaluationRows& rows, const std::stop_token& stop);

/// Prints, for three users, what is recommended and why; ends before the next items are scored when it is to stop.
void explain(const Experiment& experiment, const Options& options, const Model& model, std::stop_token stop);

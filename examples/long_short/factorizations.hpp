// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "experiment.hpp"

/// A row of the table: name, ranking, numbers that were learned, seconds of training.
using AddFloor =
    std::function<void(const std::string& name, const ls::Ranking& ranking, double parameters, double seconds)>;

/// Trains BPR-MF, iALS, EASE and PureSVD on the training events and ranks the test by them. What has settings to be
/// searched, iALS and EASE, takes the best on the validation. In the test they know of a user what all rows know, the
/// event of the validation too: users are folded in by their histories.
///
/// @throws longshore::Interrupted if a stop is requested
void add_factorizations(const Experiment& experiment, const Options& options, const std::stop_token& stop,
                        const AddFloor& add);

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <string>

#include "server.hpp"

/// Reads a request: {"user": "7", "history": ["3"], "allow": [...], "deny": [...], "top": 10}, each or none.
///
/// @throws ls::DataError for anything else, in one sentence
Request parse_request(const std::string& line);

/// An answer as one line of JSON.
std::string to_json(const Store& store, const Request& request, const Answer& answer);

/// Answers requests, one a line, in their order, by so many threads; each answer is written as soon as those before it
/// are. Empty lines are passed over.
///
/// A line that is no request is answered by {"error": "..."}, and the others go on.
///
/// @return  how many lines were no requests
std::size_t answer_lines(const Store& store, std::istream& in, std::ostream& out, int threads);

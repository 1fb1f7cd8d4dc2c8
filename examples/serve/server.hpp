// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/inference.hpp>
#include <optional>
#include <string>
#include <vector>

#include "store.hpp"

/// What is asked for. Items and users are keys of the log.
struct Request {
  std::string user;                                 // whose history is stored; may be empty or unknown
  std::optional<std::vector<std::string>> history;  // the latest last; where given, the stored one is not looked at
  std::optional<std::vector<std::string>> allow;    // only these are recommended
  std::vector<std::string> deny;                    // these are not
  ls::Index top = 10;
};

/// What is recommended, best first.
///
/// Policy: items that the model does not know are left out wherever they stand, and counted; without any known item in
/// the history, as of an unknown user, the most popular items are given. Items of the history are never recommended.
/// Where fewer candidates are left than were asked for, the list is short.
struct Answer {
  std::vector<ls::Id> items;
  std::vector<float> scores;      // logits, or by popularity numbers of events
  bool by_model = false;          // or by popularity
  bool unknown_user = false;      // a user was named whom the store does not know
  std::size_t unknown_items = 0;  // in history, allow and deny
};

/// Answers requests on the thread that calls it: one a thread, on a store that all share.
class Server {
 public:
  explicit Server(const Store& store) : store_(store) {}
  Answer answer(const Request& request);

 private:
  std::vector<ls::Id> known(const std::vector<std::string>& keys, Answer& answer) const;
  std::vector<ls::Id> history_of(const Request& request, Answer& answer) const;
  void fill(const std::vector<ls::Id>& history, const std::vector<ls::Id>& candidates);

  const Store& store_;
  ls::Inference<Host, ls::Inline> context_;  // kernels run on this thread; no lock, and no memory after the first calls
  ls::Batch<Host> batch_;
};

// SPDX-License-Identifier: Apache-2.0
#include "load_test.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstdio>
#include <future>
#include <latch>
#include <memory>
#include <numeric>
#include <ostream>

namespace {

using Clock = std::chrono::steady_clock;

double milliseconds(Clock::duration time) { return std::chrono::duration<double, std::milli>(time).count(); }

/// A request, and what the user took next.
struct Visit {
  Request request;
  ls::Id next = -1;  // -1: nothing is known of the user, or the model does not know the item
};

/// Visits of users in turn. Of ten, one is by a user whom nobody knows, one has items that nobody knows, one an allow
/// list, one a deny list; one names the user alone, so that the stored history counts. The others, as most pages would,
/// bring all events but the last.
std::vector<Visit> make_visits(const Store& store, std::size_t count) {
  std::vector<ls::Id> by_popularity(store.popularity.size());
  std::iota(by_popularity.begin(), by_popularity.end(), ls::Id{0});
  std::ranges::stable_sort(by_popularity, std::greater<>(),
                           [&](ls::Id item) { return store.popularity[static_cast<std::size_t>(item)]; });
  const auto users = static_cast<std::size_t>(store.users.size());
  ls::expects<ls::DataError>(users > 0, "there are no events to make requests from; give --requests");
  std::vector<Visit> visits(count);
  for (std::size_t k = 0; k < count; ++k) {
    auto& [request, next] = visits[k];
    if (k % 10 == 1) {
      request.user = "nobody " + std::to_string(k);
      continue;
    }
    const auto user = static_cast<ls::Id>(k * 7919 % users);
    request.user = store.users.key(user);
    if (k % 10 == 5) continue;
    const auto history = store.history(user);
    auto& keys = request.history.emplace();
    for (const ls::Id item : history.first(history.size() - 1))
      keys.push_back(item < store.item_count() ? store.items.key(item) : "new item");
    if (history.back() < store.item_count()) next = history.back();
    if (k % 10 == 3) keys.insert(keys.end(), {"no such item", "nor this"});
    const std::size_t few = std::min<std::size_t>(by_popularity.size(), 50);
    if (k % 10 == 7) request.allow.emplace();
    for (std::size_t i = 0; i < few; ++i) {
      const std::string key = store.items.key(by_popularity[i]);
      if (k % 10 == 7) request.allow->push_back(key);
      if (k % 10 == 9 && i < 10) request.deny.push_back(key);
    }
  }
  return visits;
}

bool same_bits(const Answer& a, const Answer& b) {
  const auto bits = [](float score) { return std::bit_cast<std::uint32_t>(score); };
  return a.items == b.items && a.by_model == b.by_model && std::ranges::equal(a.scores, b.scores, {}, bits, bits);
}

/// How one number of threads served all requests.
struct Run {
  std::vector<Answer> answers;
  std::vector<double> latencies;  // milliseconds, ascending
  double seconds = 0;

  /// The latency that this share of the requests does not exceed (nearest rank).
  double percentile(double share) const {
    const auto rank = static_cast<std::size_t>(share * static_cast<double>(latencies.size()) + 0.999999);
    return latencies[std::clamp<std::size_t>(rank, 1, latencies.size()) - 1];
  }
};

Run serve(const Store& store, const std::vector<Visit>& visits, int threads) {
  Run run;
  run.answers.resize(visits.size());
  run.latencies.resize(visits.size());
  std::vector<std::unique_ptr<Server>> servers;
  for (int t = 0; t < threads; ++t) {
    servers.push_back(std::make_unique<Server>(store));
    // A server meets its first requests before the clock starts: later ones find their memory there.
    for (std::size_t k = 0; k < std::min<std::size_t>(20, visits.size()); ++k)
      servers.back()->answer(visits[k].request);
  }
  std::atomic<std::size_t> next = 0;
  std::latch all_here(threads);
  struct Span {
    Clock::time_point begin, end;
  };
  const auto work = [&](Server& server) {
    all_here.arrive_and_wait();
    Span span{Clock::now(), {}};
    for (std::size_t k = next++; k < visits.size(); k = next++) {
      const auto start = Clock::now();
      run.answers[k] = server.answer(visits[k].request);
      run.latencies[k] = milliseconds(Clock::now() - start);
    }
    span.end = Clock::now();
    return span;
  };
  std::vector<std::future<Span>> workers;
  for (auto& server : servers) workers.push_back(std::async(std::launch::async, work, std::ref(*server)));
  Span whole{Clock::time_point::max(), Clock::time_point::min()};
  for (auto& worker : workers) {
    const Span its = worker.get();
    whole = {std::min(whole.begin, its.begin), std::max(whole.end, its.end)};
  }
  run.seconds = milliseconds(whole.end - whole.begin) / 1000;
  std::ranges::sort(run.latencies);
  return run;
}

/// The share of the visits whose next item is known that have it on their list.
double hit_rate(const std::vector<Visit>& visits, const std::vector<Answer>& answers) {
  double hits = 0, all = 0;
  for (std::size_t k = 0; k < visits.size(); ++k) {
    if (visits[k].next < 0 || visits[k].request.allow || !visits[k].request.deny.empty()) continue;
    hits += std::ranges::count(answers[k].items, visits[k].next) > 0 ? 1 : 0;
    ++all;
  }
  return all > 0 ? hits / all : 0;
}

template <class... Parts>
void print(std::ostream& out, const char* format, const Parts&... parts) {
  char line[160];
  std::snprintf(line, sizeof(line), format, parts...);
  out << line;
}

}  // namespace

bool load_test(const Store& store, std::size_t count, int threads, std::ostream& out) {
  const std::vector<Visit> visits = make_visits(store, count);
  const std::vector<std::string> none;
  Server alone(store);
  std::vector<Answer> expected, popular;  // popular: as if nothing were known of the user but what not to list
  std::size_t by_popularity = 0, unknown_items = 0;
  for (const Visit& visit : visits) {
    expected.push_back(alone.answer(visit.request));
    by_popularity += expected.back().by_model ? 0 : 1;
    unknown_items += expected.back().unknown_items;
    popular.push_back(
        alone.answer({.user = {}, .history = {}, .allow = {}, .deny = visit.request.history.value_or(none)}));
  }
  out << count << " requests, answered by one thread first:\n"
      << "  " << count - by_popularity << " by the model, " << by_popularity
      << " by popularity, because nothing is known of the user;\n"
      << "  " << unknown_items << " items of histories are unknown to the model and were left out.\n";
  print(out, "  What the user took next, held back in training, is on %.1f %% of the lists;\n",
        100 * hit_rate(visits, expected));
  print(out, "  on %.1f %% if they were made by popularity.\n\n", 100 * hit_rate(visits, popular));

  out << "threads  requests/s   p50 ms   p90 ms   p99 ms   max ms  answers\n";
  bool all_equal = true;
  for (int t = 1; t <= threads; t = t < 8 || t == threads ? t + 1 : std::min(2 * t, threads)) {
    const Run run = serve(store, visits, t);
    const bool equal = std::ranges::equal(run.answers, expected, same_bits);
    all_equal &= equal;
    print(out, "%7d  %10.0f %8.3f %8.3f %8.3f %8.3f  %s\n", t, static_cast<double>(count) / run.seconds,
          run.percentile(0.5), run.percentile(0.9), run.percentile(0.99), run.percentile(1),
          equal ? "equal" : "DIFFERENT");
    out << std::flush;
  }
  out << (all_equal ? "\nAll lists and scores equal those of one thread, bit for bit.\n"
                    : "\nDIFFERENT: some lists or scores are not those of one thread.\n");
  return all_equal;
}

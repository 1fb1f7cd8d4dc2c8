// SPDX-License-Identifier: Apache-2.0
#include "json_lines.hpp"

#include <charconv>
#include <condition_variable>
#include <future>
#include <istream>
#include <longshore/io/excerpt.hpp>
#include <mutex>
#include <nlohmann/json.hpp>
#include <ostream>

namespace {

using nlohmann::json;

/// A text, or a whole number as one.
std::string key_of(const json& value, const std::string& field) {
  if (value.is_string()) return value.get<std::string>();
  ls::expects<ls::DataError>(value.is_number_integer(), field, ": expected texts or whole numbers, got ",
                             ls::excerpt(value.dump()));
  return value.dump();
}

std::vector<std::string> keys_of(const json& value, const std::string& field) {
  ls::expects<ls::DataError>(value.is_array(), field, ": expected a list, got ", ls::excerpt(value.dump()));
  std::vector<std::string> keys;
  for (const json& key : value) keys.push_back(key_of(key, field));
  return keys;
}

/// A text in quotation marks; keys and titles of a log may be no UTF-8.
std::string quoted(const std::string& text) { return json(text).dump(-1, ' ', false, json::error_handler_t::replace); }

/// The fewest digits that give the same number again.
std::string digits(float number) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof(text), number).ptr};
}

}  // namespace

Request parse_request(const std::string& line) {
  const json object = json::parse(line, nullptr, false);
  ls::expects<ls::DataError>(object.is_object(), "expected a request, such as {\"user\": \"7\", \"top\": 10}, got ",
                             ls::excerpt(line));
  Request request;
  for (const auto& [field, value] : object.items()) {
    if (field == "user") {
      request.user = key_of(value, field);
    } else if (field == "history") {
      request.history = keys_of(value, field);
    } else if (field == "allow") {
      request.allow = keys_of(value, field);
    } else if (field == "deny") {
      request.deny = keys_of(value, field);
    } else {
      ls::expects<ls::DataError>(field == "top", "expected user, history, allow, deny or top, got a field ",
                                 ls::excerpt(field));
      const bool fits = value.is_number_integer() && value >= 1 && value <= 1000;
      ls::expects<ls::DataError>(fits, "top: expected a whole number from 1 to 1000, got ", ls::excerpt(value.dump()));
      request.top = value.get<ls::Index>();
    }
  }
  return request;
}

std::string to_json(const Store& store, const Request& request, const Answer& answer) {
  std::string text = "{";
  if (!request.user.empty()) text += "\"user\": " + quoted(request.user) + ", ";
  text += std::string("\"by\": ") + (answer.by_model ? "\"model\"" : "\"popularity\"");
  if (answer.unknown_user) text += ", \"unknown_user\": true";
  if (answer.unknown_items > 0) text += ", \"unknown_items\": " + std::to_string(answer.unknown_items);
  text += ", \"items\": [";
  for (std::size_t k = 0; k < answer.items.size(); ++k) {
    const ls::Id item = answer.items[k];
    const std::string& title = store.titles[static_cast<std::size_t>(item)];
    text += std::string(k == 0 ? "" : ", ") + "{\"item\": " + quoted(store.items.key(item));
    if (!title.empty()) text += ", \"title\": " + quoted(title);
    text += ", \"score\": " + digits(answer.scores[k]) + "}";
  }
  return text + "]}";
}

std::size_t answer_lines(const Store& store, std::istream& in, std::ostream& out, int threads) {
  std::mutex reading, writing;  // a thread that waits for the next line keeps nobody from writing; answering takes none
  std::condition_variable written;
  std::size_t lines = 0, taken = 0;    // under reading
  std::size_t given = 0, refused = 0;  // under writing
  const auto work = [&] {
    Server server(store);
    std::string line, text;
    for (;;) {
      std::size_t turn = 0, number = 0;
      {
        const std::lock_guard lock(reading);
        do {
          if (!std::getline(in, line)) return;
          number = ++lines;
        } while (line.find_first_not_of(" \t\r") == std::string::npos);
        turn = taken++;
      }
      bool good = true;
      try {
        const Request request = parse_request(line);
        text = to_json(store, request, server.answer(request));
      } catch (const std::exception& error) {
        good = false;
        text = "{\"error\": " + quoted("line " + std::to_string(number) + ": " + error.what()) + "}";
      }
      std::unique_lock lock(writing);
      written.wait(lock, [&] { return given == turn; });
      out << text << std::endl;
      refused += good ? 0 : 1;
      ++given;
      written.notify_all();
    }
  };
  std::vector<std::future<void>> workers;
  for (int t = 0; t < threads; ++t) workers.push_back(std::async(std::launch::async, work));
  for (auto& worker : workers) worker.get();
  return refused;
}

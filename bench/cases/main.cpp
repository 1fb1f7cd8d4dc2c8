// SPDX-License-Identifier: Apache-2.0

// Our side of scripts/bench: reads one command a line, answers with one line each. Threads: OMP_NUM_THREADS.
//
//     prepare CASE INPUTS OUTPUTS RUNS   makes a case from the safetensors file INPUTS, runs it, writes its results
//     time SECONDS RUNS                  milliseconds of each run, for so long and at least so often
//     memory CASE INPUTS                 bytes that a first run takes beside what it works on, and bytes of that
//     peak                               GF/s, GB/s of L2, GB/s of DRAM
#include <chrono>
#include <cstdio>
#include <exception>
#include <iostream>
#include <sstream>

#include "bench_case.hpp"
#include "memory.hpp"
#include "peak.hpp"

namespace {

void write(const std::string& path, const Outputs& outputs) {
  std::vector<ls::TensorEntry> entries;
  for (const auto& [name, values] : outputs)
    entries.push_back({.name = name, .dtype = ls::Dtype::f32, .shape = {static_cast<std::int64_t>(values.size())}});
  ls::SafetensorsWriter writer(path, entries);
  for (const auto& [name, values] : outputs) writer.write(name, std::span<const Real>(values));
  writer.commit();
}

class Server {
 public:
  Server() {
    add_encoders(cases_);
    add_poolings(cases_);
    add_products(cases_);
    add_tables(cases_);
    add_losses(cases_);
    add_models(cases_);
    add_retrieval(cases_);
    add_als(cases_);
    add_descents(cases_);
    add_ease(cases_);
    add_long_short(cases_);
  }

  std::string answer(const std::string& line) {
    std::istringstream words(line);
    std::string command;
    words >> command;
    if (command == "prepare") return prepare(words);
    if (command == "time") return time(words);
    if (command == "memory") return memory(words);
    if (command == "peak") {
      const Peak peak = measure_peak();
      std::ostringstream text;
      text << peak.gflops << ' ' << peak.l2_gbs << ' ' << peak.dram_gbs;
      return text.str();
    }
    throw std::runtime_error("unknown command " + command);
  }

 private:
  std::string prepare(std::istringstream& words) {
    std::string name, inputs, outputs;
    int runs = 1;
    words >> name >> inputs >> outputs >> runs;
    current_.reset();
    current_ = made(name, inputs);
    for (int r = 0; r < runs; ++r) current_->run();
    write(outputs, current_->outputs());
    return "ready";
  }
  std::string memory(std::istringstream& words) {
    std::string name, inputs;
    words >> name >> inputs;
    current_.reset();
    const std::int64_t before = resident_bytes();
    current_ = made(name, inputs);
    forget_peak();
    current_->run();
    const std::int64_t state = current_->state_bytes();
    return std::to_string(peak_bytes() - before - state) + ' ' + std::to_string(state);
  }
  std::unique_ptr<BenchCase> made(const std::string& name, const std::string& inputs) const {
    const auto found = cases_.find(name);
    if (found == cases_.end()) throw std::runtime_error("unknown case " + name);
    return found->second(Inputs(inputs));
  }
  std::string time(std::istringstream& words) {
    using Clock = std::chrono::steady_clock;
    double wanted = 0;
    int runs = 0;
    words >> wanted >> runs;
    if (!current_) throw std::runtime_error("nothing is prepared");
    std::ostringstream text;
    const auto start = Clock::now();
    for (int r = 0; r < runs || std::chrono::duration<double>(Clock::now() - start).count() < wanted; ++r) {
      const auto before = Clock::now();
      current_->run();
      text << std::chrono::duration<double, std::milli>(Clock::now() - before).count() << ' ';
    }
    return text.str();
  }

  Cases cases_;
  std::unique_ptr<BenchCase> current_;
};

}  // namespace

int main(int count, char** arguments) {
  const Kokkos::ScopeGuard kokkos(count, arguments);
  Server server;
  for (std::string line; std::getline(std::cin, line);) {
    try {
      const std::string answer = server.answer(line);  // nothing is printed before it is there
      std::cout << "ok " << answer << std::endl;
    } catch (const std::exception& error) {
      std::string what = error.what();
      for (char& c : what)
        if (c == '\n') c = ' ';
      std::cout << "error " << what << std::endl;
    }
  }
}

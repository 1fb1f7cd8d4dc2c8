// SPDX-License-Identifier: Apache-2.0
// Serves a saved model from several threads: one const model, a context for each thread, kernels on the calling thread.
#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <thread>

#include "json_lines.hpp"
#include "load_test.hpp"

namespace {

struct Options {
  std::string model = "serve_model", data, requests;
  ls::Id users = 1000;
  std::size_t count = 20'000;
  int threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
};

/// @return  the status of the program
int run(const Options& options) {
  const bool own = options.requests.empty();
  std::ostream& told = own ? std::cout : std::cerr;  // with given requests stdout has the answers alone
  std::ifstream file;
  if (!own && options.requests != "-") {
    file.open(options.requests);
    if (!file) throw ls::FileError("--requests: " + options.requests + " cannot be opened");
  }
  if (!std::filesystem::exists(std::filesystem::path(options.model) / "model.safetensors"))
    train(options.model, options.data, options.users, told);
  else if (!options.data.empty())
    throw ls::DataError("--data: there is a model in " + options.model +
                        " already, which is served; give another --model to train one on " + options.data);
  const Store store(options.model);
  told << "Serving " << options.model << ": " << store.item_count() << " items, " << store.users.size()
       << " users with " << store.histories.size() << " events\n"
       << std::endl;
  if (own) return load_test(store, options.count, options.threads, std::cout) ? 0 : 1;

  const std::size_t refused =
      answer_lines(store, options.requests == "-" ? std::cin : file, std::cout, options.threads);
  if (refused > 0) std::cerr << "serve: " << refused << " lines were no requests; their answers say why" << std::endl;
  return refused == 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  Options options;
  CLI::App app("Answers top-10 requests with a saved model, from several threads.");
  app.add_option("--model", options.model,
                 "folder of the model; if it has none, a small one\nis trained and saved there")
      ->capture_default_str();
  app.add_option("--data", options.data, "log to train that one on; else a synthetic one");
  app.add_option("--users", options.users, "users of the synthetic log")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  app.add_option("--requests", options.requests,
                 "file of requests, one JSON object a line, or -\nfor stdin; without it the program makes its own");
  app.add_option("--count", options.count, "how many it makes")->check(CLI::Range(1, 1'000'000))->capture_default_str();
  app.add_option("--threads", options.threads, "the most threads")->check(CLI::Range(1, 1024))->capture_default_str();
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 1;
  }
  try {
    const Kokkos::ScopeGuard kokkos(ls::quiet_kokkos());  // stdout is for answers
    const int status = run(options);
    if (!std::cout.flush()) throw ls::FileError("cannot write to the standard output: answers are lost");
    return status;
  } catch (const std::exception& error) {
    std::cerr << "serve: " << error.what() << std::endl;
    return 1;
  }
}

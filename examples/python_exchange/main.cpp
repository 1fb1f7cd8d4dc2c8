// SPDX-License-Identifier: Apache-2.0
// Exchanges a model with PyTorch, in both directions; exchange.py has the other side:
//
//   python_exchange check DIR   loads model.safetensors by its names, compares scores with examples.safetensors
//   python_exchange write DIR   trains the same model here and writes both files for PyTorch
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <longshore/core/training.hpp>
#include <longshore/io/load.hpp>
#include <longshore/io/save.hpp>
#include <longshore/losses/binary_cross_entropy.hpp>
#include <longshore/optimizers/adam.hpp>
#include <longshore/optimizers/optimizer.hpp>
#include <longshore/serving/predict.hpp>

#include "model.hpp"
#include "names.hpp"

namespace {

constexpr double allowed = 1e-5;  // between our scores and PyTorch's

/// Prints what each tensor is called in PyTorch and here; the numbers in it are the same, in the same order.
void print_names(const Pipeline<>& model) {
  const auto line = [](const std::string& theirs, const std::string& ours, const std::string& shape) {
    std::printf("%-20s %-30s %s", theirs.c_str(), ours.c_str(), shape.c_str());
  };
  line("PyTorch", "Longshore", "shape");
  ls::visit_parameters(model, [&](const ls::Path& path, const auto& parameter) {
    constexpr int rank = std::remove_cvref_t<decltype(parameter)>::rank;
    std::string shape = std::to_string(parameter.extent(0));
    for (int r = 1; r < rank; ++r) shape += " x " + std::to_string(parameter.extent(r));
    std::printf("\n");
    if (path.text().starts_with("taste."))
      shape += std::string(shape.size() < 8 ? 8 - shape.size() : 1, ' ') + "gates i, f, g, o";
    line(name_in_script(path.text()), path.text(), shape);
  });
  std::printf("\n\n");
}

/// The scores of all candidates, (B, C).
std::vector<float> scores_of(const Pipeline<>& model, const Batch& batch) {
  ls::Inference<Host> context;
  return ls::copy_to_host(ls::predict(model, context, batch).data);
}

/// @return  whether the scores of the model are those of the file
bool check(const std::filesystem::path& folder) {
  Pipeline<> model(sizes_of(folder / "model.safetensors"));
  ls::load(model, folder / "model.safetensors", {.rename = name_in_script});
  print_names(model);
  const Examples examples = read_examples(folder / "examples.safetensors");
  Batch batch;
  fill(examples, batch);
  const std::vector<float> scores = scores_of(model, batch);
  double difference = 0, largest = 0;
  for (std::size_t k = 0; k < scores.size(); ++k) {
    difference = std::max(difference, std::abs(static_cast<double>(scores[k]) - examples.scores[k]));
    largest = std::max(largest, std::abs(static_cast<double>(scores[k])));
  }
  std::printf("Largest difference of %zu scores up to %.2f: %.1e, %s the allowed %.0e.\n", scores.size(), largest,
              difference, difference <= allowed ? "below" : "above", allowed);
  return difference <= allowed;
}

/// Users who walk around the catalogue, each by steps of a length of their own: 0 of the candidates comes next.
Examples walks(ls::Id items) {
  Examples examples;
  examples.offsets = {0};
  for (ls::Id user = 0; user < 24; ++user) {
    const ls::Id stride = 1 + user % 3;
    ls::Id item = 7 * user % items;
    for (ls::Id step = 0; step <= 1 + user % 12; ++step, item = (item + stride) % items) examples.items.push_back(item);
    examples.offsets.push_back(static_cast<ls::Index>(examples.items.size()));
    for (const ls::Id away : {0, 8, 13, 21}) examples.candidates.push_back((item + away) % items);
  }
  return examples;
}

void write(const std::filesystem::path& folder) {
  const Sizes sizes;
  Pipeline<> model(sizes, ls::Random(1));
  Examples examples = walks(sizes.items);
  Batch batch;
  fill(examples, batch);
  const auto labels = batch.allocate<float>(examples.users(), examples.width());
  for (std::size_t k = 0; k < labels.size(); ++k) labels.data()[k] = k % 4 == 0 ? 1.0f : 0.0f;
  batch.labels = labels;

  ls::Optimizer<ls::Adam, Host> optimizer(model, {.rate = 0.02});
  ls::Training<Host> context(model, ls::Random(2));
  for (int step = 0; step <= 60; ++step) {
    context.reset();
    const auto loss = ls::BinaryCrossEntropy{}(context, model(context, batch), batch);
    if (step % 30 == 0) std::printf("step %3d, loss %.3f\n", step, static_cast<double>(ls::copy_to_host(loss.data)[0]));
    context.backward(loss);
    optimizer.step(model, context, loss);
    optimizer.check();
  }
  examples.scores = scores_of(model, batch);
  std::filesystem::create_directories(folder);
  ls::save(model, folder / "model.safetensors", {{"format", "pt"}}, {.rename = name_in_script});
  write_examples(folder / "examples.safetensors", examples);
  std::printf("\n");
  print_names(model);
  std::cout << "Wrote model.safetensors and examples.safetensors to " << folder << std::endl;
}

}  // namespace

int main(int count, char** arguments) {
  const std::string verb = count == 3 ? arguments[1] : "";
  if (verb != "check" && verb != "write") {
    std::cerr << "python_exchange: give `check DIR` or `write DIR`, where DIR is the folder of model.safetensors and "
                 "examples.safetensors\n";
    return 1;
  }
  try {
    const Kokkos::ScopeGuard kokkos(ls::quiet_kokkos());
    if (verb == "check") return check(arguments[2]) ? 0 : 1;
    write(arguments[2]);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "python_exchange: " << error.what() << '\n';
    return 1;
  }
}

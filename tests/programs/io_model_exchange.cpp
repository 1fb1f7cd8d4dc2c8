// SPDX-License-Identifier: Apache-2.0
// The C++ side of the exchange of models with Python's safetensors; the .py beside it drives it:
//
//   save FILE        saves a model with numbers from a formula
//   load FILE        loads it from a file that Python wrote with other numbers, and checks them
//   load_named FILE  the same from a file with the names of PyTorch
#include <Kokkos_Core.hpp>
#include <exception>
#include <iostream>
#include <string>

#include <longshore/io/load.hpp>
#include <longshore/io/save.hpp>

#include "tests/support/saved_model.hpp"

namespace {

using Model = test::SavedModel<float, Kokkos::DefaultHostExecutionSpace>;

/// Whether a model has the numbers of the formula, from `first` on.
bool holds(const Model& model, double first) {
  if (model.numbers() == Model(first).numbers()) return true;
  std::cerr << "the numbers differ\n";
  return false;
}

/// "tower.0.weights" is PyTorch's "tower.0.weight".
std::string name_in_pytorch(std::string path) {
  if (path.ends_with(".weights")) path.pop_back();
  return path;
}

int run(const std::string& verb, const std::string& path) {
  Model model;
  if (verb == "save") {
    longshore::save(model, path, {{"note", "a model"}});
    return 0;
  }
  longshore::LoadSettings settings;
  if (verb == "load_named") settings = {.allow_unexpected = true, .rename = name_in_pytorch};
  longshore::load(model, path, settings);
  return holds(model, 100) ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  const Kokkos::ScopeGuard kokkos(count, arguments);
  try {
    if (count == 3) return run(arguments[1], arguments[2]);
    std::cerr << "usage: save FILE, load FILE or load_named FILE\n";
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
  }
  return 2;
}

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "inputs.hpp"

/// Results of a case: arrays by name.
using Outputs = std::vector<std::pair<std::string, std::vector<Real>>>;

/// What is timed.
class BenchCase {
 public:
  virtual ~BenchCase() = default;
  /// Once; returns when the results are there.
  virtual void run() = 0;
  /// What the last run gave, under the names that the peer gives its own.
  virtual Outputs outputs() = 0;
  /// What a run reads and changes and its owner must hold anyway, where memory is measured too.
  virtual std::int64_t state_bytes() { return 0; }
};

using Cases = std::map<std::string, std::function<std::unique_ptr<BenchCase>(const Inputs&)>>;

/// Forward of a wired block: `Value operator()(context)`, `visit`.
template <class Wired, class Executor = Space>
class Forward final : public BenchCase {
 public:
  explicit Forward(const Inputs& inputs) : wired_(inputs) {}
  void run() override {
    context_.reset();
    result_ = wired_(context_);
    context_.fence();
  }
  Outputs outputs() override { return {{"output", ls::copy_to_host(result_.data)}}; }

 private:
  Wired wired_;
  ls::Inference<Space, Executor> context_;
  decltype(std::declval<const Wired&>()(std::declval<ls::Inference<Space, Executor>&>())) result_;
};

/// Forward and backward of a wired block, from the input `cotangent`, or from a loss of one element: the gradients of
/// everything that `visit` names.
template <class Wired>
class Backward final : public BenchCase {
 public:
  explicit Backward(const Inputs& inputs) : wired_(inputs), context_(wired_) {
    if (Wired::has_cotangent) cotangent_ = inputs.parameter<1>("cotangent");
  }
  void run() override {
    context_.reset();
    result_ = wired_(context_);
    if constexpr (Wired::has_cotangent) {
      auto flat = ls::reshape(result_, static_cast<ls::Index>(result_.data.size()));
      context_.backward(flat, cotangent_.view());
    } else {
      context_.backward(result_);
    }
    context_.fence();
  }
  Outputs outputs() override {
    Outputs all{{"output", ls::copy_to_host(result_.data)}};
    ls::visit_parameters(wired_, [&](const ls::Path& path, const auto& parameter) {
      const auto gradient = context_.gradient_of(parameter);
      if (gradient.dense.data()) all.emplace_back("grad/" + path.text(), ls::copy_to_host(gradient.dense));
    });
    return all;
  }

 private:
  Wired wired_;
  ls::Training<Space> context_;
  ls::Parameter<Real, 1, Space> cotangent_;
  decltype(std::declval<const Wired&>()(std::declval<ls::Training<Space>&>())) result_;
};

/// Adds `NAME.forward` and `NAME.backward`.
template <class Wired>
void add_block(Cases& cases, const std::string& name) {
  cases[name + ".forward"] = [](const Inputs& inputs) { return std::make_unique<Forward<Wired>>(inputs); };
  cases[name + ".backward"] = [](const Inputs& inputs) { return std::make_unique<Backward<Wired>>(inputs); };
}

// Each file adds its own.
void add_encoders(Cases& cases);
void add_poolings(Cases& cases);
void add_products(Cases& cases);
void add_tables(Cases& cases);
void add_losses(Cases& cases);
void add_models(Cases& cases);
void add_retrieval(Cases& cases);
void add_als(Cases& cases);
void add_descents(Cases& cases);
void add_ease(Cases& cases);
void add_long_short(Cases& cases);

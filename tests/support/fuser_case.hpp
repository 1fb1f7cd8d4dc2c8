// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <longshore/core/concepts.hpp>
#include <longshore/core/interest_list.hpp>

#include "check_block.hpp"

/// What every fuser is called with: interests, some one for all candidates and some one a candidate, and the candidates.
/// The case of a fuser derives from it and adds the block.
template <class Real, class Space>
struct FuserInputs {
  static constexpr int shapes = 10;

  longshore::Parameter<Real, 3, Space> candidates;              // (B, C, E)
  std::vector<longshore::Parameter<Real, 3, Space>> interests;  // each (B, 1 or C, D_k)
  bool sees_candidates = false;

  FuserInputs() = default;

  /// @param exactly  number of interests, 0: by the shape
  FuserInputs(const longshore::Random& random, int shape, bool sees, int exactly = 0, bool equal_widths = true)
      : sees_candidates(sees) {
    // Users, candidates, features, interests; bit k: interest k has a vector for each candidate.
    constexpr int sizes[shapes][5] = {{1, 1, 1, 2, 0},  {3, 4, 5, 2, 2},  {2, 4, 8, 2, 0}, {5, 1, 17, 2, 0},
                                      {4, 3, 33, 3, 2}, {9, 2, 64, 2, 1}, {0, 2, 4, 2, 2}, {2, 0, 4, 2, 3},
                                      {2, 2, 3, 4, 13}, {3, 1, 6, 1, 0}};
    auto size = extents_of(sizes, random, shape);
    if (shape >= shapes) {
      size[3] = 2 + shape % 3;
      size[4] = shape % 16;
    }
    const int users = size[0], count = exactly > 0 ? exactly : size[3];
    candidates = random_input<Real, 3, Space>(random.stream("candidates"), users, size[1], size[2]);
    for (int k = 0; k < count; ++k)
      interests.push_back(random_input<Real, 3, Space>(random.stream("interests").stream(static_cast<std::uint32_t>(k)),
                                                       users, (size[4] >> k & 1) != 0 ? size[1] : 1,
                                                       size[2] + (equal_widths ? 0 : k)));
  }
  FuserInputs(const Golden& golden, const std::string& name) : sees_candidates(golden.has(name + "/candidates")) {
    const auto sized = [&](const std::string& tensor) {
      const auto& shape = golden.shape(name + "/" + tensor);
      return longshore::Parameter<Real, 3, Space>(shape[0], shape[1], shape[2]);
    };
    if (sees_candidates) candidates = sized("candidates");
    while (golden.has(name + "/interests." + std::to_string(interests.size())))
      interests.push_back(sized("interests." + std::to_string(interests.size())));
  }

  int features() const { return interests[0].extent(2); }
  int total() const {
    int sum = 0;
    for (const auto& interest : interests) sum += interest.extent(2);
    return sum;
  }

  /// Calls `function(candidates, {interests...})`.
  template <class Function>
  auto call(auto& context, const Function& function) const {
    using One = longshore::Interest<Real, Space>;
    One seen;
    if (sees_candidates) seen = longshore::use(context, candidates);
    std::vector<One> used;
    for (const auto& interest : interests) used.push_back(longshore::use(context, interest));
    using List = std::initializer_list<One>;
    switch (used.size()) {
      case 1: return function(seen, List{used[0]});
      case 2: return function(seen, List{used[0], used[1]});
      case 3: return function(seen, List{used[0], used[1], used[2]});
      default: return function(seen, List{used[0], used[1], used[2], used[3]});
    }
  }

  void visit(auto&& visitor) {
    if (sees_candidates) visitor("candidates", candidates);
    visitor("interests", interests);
  }
};

/// The case of a fuser; `Make` builds the block for given inputs, `make(inputs, random, shape)` and `make(inputs, golden, name)`.
template <class Real, class Space, template <class, class> class Fuser, class Make>
struct FuserCase {
  FuserInputs<Real, Space> inputs;
  Fuser<Real, Space> block;

  FuserCase(const longshore::Random& random, int shape)
      : inputs(Make::template inputs<Real, Space>(random, shape)), block(Make::random(inputs, shape), random) {}
  FuserCase(const Golden& golden, const std::string& name)
      : inputs(golden, name), block(Make::golden(inputs, golden, name)) {}

  auto operator()(auto& context) const {
    return inputs.call(context, [&](const auto& candidates, auto list) { return block(context, candidates, list); })
        .vectors;
  }
  auto weights(auto& context) const {
    return inputs.call(context,
                       [&](const auto& candidates, auto list) { return block.weights(context, candidates, list); });
  }
  void visit(auto&& visitor) {
    inputs.visit(visitor);
    visitor("block", block);
  }
};

/// Makes a fuser that has no settings and looks at no candidates.
template <class Settings>
struct MakePlain {
  template <class Real, class Space>
  static auto inputs(const longshore::Random& random, int shape) {
    return FuserInputs<Real, Space>(random, shape, false);
  }
  static Settings random(const auto&, int) { return {}; }
  static Settings golden(const auto&, const Golden&, const std::string&) { return {}; }
};

/// Inputs and result of a fuser on the host, in double, with the broadcast spelled out: for naive references.
struct FuserNumbers {
  std::size_t users = 0, candidates = 1, parts = 0;
  std::vector<std::vector<double>> interests;  // part k, all its numbers
  std::vector<std::size_t> widths, vectors;    // features and candidates of part k
  std::vector<double> seen;                    // candidates (B, C, E)
  std::size_t seen_width = 0, seen_vectors = 0;

  template <class Real, class Space>
  explicit FuserNumbers(const FuserInputs<Real, Space>& inputs) {
    const auto take = [this](const auto& parameter) {
      const auto host = longshore::copy_to_host(parameter.view());
      if (parameter.extent(1) != 1) candidates = static_cast<std::size_t>(parameter.extent(1));
      return std::vector<double>(host.begin(), host.end());
    };
    users = static_cast<std::size_t>(inputs.interests[0].extent(0));
    parts = inputs.interests.size();
    for (const auto& interest : inputs.interests) {
      interests.push_back(take(interest));
      vectors.push_back(static_cast<std::size_t>(interest.extent(1)));
      widths.push_back(static_cast<std::size_t>(interest.extent(2)));
    }
    if (!inputs.sees_candidates) return;
    seen = take(inputs.candidates);
    seen_vectors = static_cast<std::size_t>(inputs.candidates.extent(1));
    seen_width = static_cast<std::size_t>(inputs.candidates.extent(2));
  }

  /// Feature d of part k for user b and candidate c.
  double at(std::size_t k, std::size_t b, std::size_t c, std::size_t d) const {
    return interests[k][(b * vectors[k] + (vectors[k] == 1 ? 0 : c)) * widths[k] + d];
  }
  double candidate(std::size_t b, std::size_t c, std::size_t d) const {
    return seen[(b * seen_vectors + (seen_vectors == 1 ? 0 : c)) * seen_width + d];
  }
};

namespace check {

/// A fuser without settings, for one user with two candidates.
///
/// @param taste    (1, D) one interest for both
/// @param intent   (1, 2, D) one for each
/// @param fused    (1, 2, D) expected
/// @param weights  (1, 2, 2) expected
template <template <class, class> class Fuser, class Real, class Space>
void taste_and_intent(const std::vector<Real>& taste, const std::vector<Real>& intent, const std::vector<Real>& fused,
                      const std::vector<Real>& weights) {
  namespace ls = longshore;
  const auto features = static_cast<ls::Index>(taste.size());
  ls::Tensor<Real, 2, Space> one(1, features);
  ls::Tensor<Real, 3, Space> each(1, 2, features);
  ls::copy_from_host<Real>(taste, one.view());
  ls::copy_from_host<Real>(intent, each.view());
  ls::Inference<Space> context;
  const Fuser<Real, Space> fuse;
  const ls::Matrix<Real, Space> long_term(one.view());
  const ls::Cube<Real, Space> short_term(each.view());
  const auto y = fuse(context, {}, {long_term, short_term});
  const auto shares = fuse.weights(context, {}, {long_term, short_term});
  context.fence();
  CHECK(y.candidates() == 2);
  CHECK(ls::copy_to_host(y.vectors.data) == fused);
  CHECK(ls::copy_to_host(shares) == weights);
  CHECK(fuse(context, {}, {long_term, long_term}).candidates() == 1);
}

/// Output and weights of a fuser equal `reference(numbers, b, c, y, w)`, which appends the expected numbers of one row; the
/// weights of a row sum to 1.
template <class Real, class Space, class Case, class Reference>
void fuser_reference(const Case& example, const Reference& reference) {
  longshore::Inference<Space> context;
  const auto output = longshore::copy_to_host(example(context).data);
  const auto weights = longshore::copy_to_host(example.weights(context));
  const FuserNumbers numbers(example.inputs);
  std::vector<double> expected_output, expected_weights;
  for (std::size_t b = 0; b < numbers.users; ++b)
    for (std::size_t c = 0; c < numbers.candidates; ++c) reference(numbers, b, c, expected_output, expected_weights);
  close(output, expected_output, tolerance<Real>);
  close(weights, expected_weights, tolerance<Real>);
  for (std::size_t r = 0; r < weights.size(); r += numbers.parts) {
    double sum = 0;
    for (std::size_t k = 0; k < numbers.parts; ++k) sum += static_cast<double>(weights[r + k]);
    CHECK(sum == doctest::Approx(1.0).epsilon(1e-5));
  }
}

}  // namespace check

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <longshore/core/concepts.hpp>

#include "check_block.hpp"

/// What every scorer is called with: interests, one for all candidates of a user or one a candidate, and candidates.
template <class Real, class Space>
struct ScorerInputs {
  static constexpr int shapes = 9;

  longshore::Parameter<Real, 3, Space> interest;    // (B, 1 or C, H)
  longshore::Parameter<Real, 3, Space> candidates;  // (B, C, D)

  /// @param wider  features that candidates have more than interests
  ScorerInputs(const longshore::Random& random, int shape, int wider = 0) {
    // Users, candidates, features, whether each candidate has an interest of its own.
    constexpr int sizes[shapes][4] = {{1, 1, 1, 0},  {3, 4, 5, 1}, {2, 4, 8, 0}, {5, 1, 17, 0}, {4, 3, 33, 0},
                                      {9, 2, 64, 1}, {0, 2, 4, 0}, {2, 0, 4, 0}, {1, 7, 16, 0}};
    auto size = extents_of(sizes, random, shape);
    if (shape >= shapes) size[3] = shape % 2;
    interest = random_input<Real, 3, Space>(random.stream("interest"), size[0], size[3] != 0 ? size[1] : 1, size[2]);
    candidates = random_input<Real, 3, Space>(random.stream("candidates"), size[0], size[1], size[2] + wider);
  }
  ScorerInputs(const Golden& golden, const std::string& name) {
    const auto sized = [&](const std::string& tensor) {
      const auto& shape = golden.shape(name + "/" + tensor);
      return longshore::Parameter<Real, 3, Space>(shape[0], shape[1], shape[2]);
    };
    interest = sized("interest");
    candidates = sized("candidates");
  }
  void visit(auto&& visitor) {
    visitor("interest", interest);
    visitor("candidates", candidates);
  }
};

/// The case of a scorer on candidates; `Make` builds the block, `make(inputs, random, shape)` and `make(inputs, golden, name)`.
template <class Real, class Space, template <class, class> class Scorer, class Make>
struct ScorerCase {
  ScorerInputs<Real, Space> inputs;
  Scorer<Real, Space> block;

  ScorerCase(const longshore::Random& random, int shape)
      : inputs(random, shape, Make::wider), block(Make::random(inputs.interest, inputs.candidates, shape), random) {}
  ScorerCase(const Golden& golden, const std::string& name)
      : inputs(golden, name), block(Make::golden(inputs.interest, inputs.candidates, golden, name)) {}

  auto operator()(auto& context) const {
    return block(context, longshore::Interest<Real, Space>(longshore::use(context, inputs.interest)),
                 longshore::use(context, inputs.candidates));
  }
  void visit(auto&& visitor) {
    inputs.visit(visitor);
    visitor("block", block);
  }
};

/// The same scorer on a whole catalogue.
template <class Real, class Space, template <class, class> class Scorer, class Make>
struct CatalogueCase {
  longshore::Parameter<Real, 2, Space> interest;  // (B, H)
  longshore::Parameter<Real, 2, Space> items;     // (I, D)
  Scorer<Real, Space> block;

  CatalogueCase(const longshore::Random& random, int shape) {
    constexpr int sizes[6][3] = {{1, 1, 1}, {3, 40, 5}, {5, 13, 33}, {0, 3, 4}, {2, 0, 4}, {1, 100, 16}};
    const auto size = extents_of(sizes, random, shape);
    interest = random_input<Real, 2, Space>(random.stream("interest"), size[0], size[2]);
    items = random_input<Real, 2, Space>(random.stream("items"), size[1], size[2] + Make::wider);
    block = Scorer<Real, Space>(Make::random(as_cube(interest), as_cube(items), shape), random);
  }
  /// The candidates of each user are the whole catalogue.
  auto candidates() const {
    const auto host = longshore::copy_to_host(items.view());
    std::vector<Real> all;
    for (int b = 0; b < interest.extent(0); ++b) all.insert(all.end(), host.begin(), host.end());
    longshore::Tensor<Real, 3, Space> repeated(interest.extent(0), items.extent(0), items.extent(1));
    longshore::copy_from_host(all, repeated.view());
    return repeated;
  }

  auto operator()(auto& context) const {
    return block.catalogue(context, longshore::use(context, interest), longshore::use(context, items));
  }
  void visit(auto&& visitor) {
    visitor("interest", interest);
    visitor("items", items);
    visitor("block", block);
  }

 private:
  static longshore::Parameter<Real, 3, Space> as_cube(const longshore::Parameter<Real, 2, Space>& matrix) {
    return longshore::Parameter<Real, 3, Space>(matrix.extent(0), 1, matrix.extent(1));
  }
};

namespace check {

/// Scores equal `reference(u, v)` for the interest and the vector of each candidate, in double.
template <class Real, class Space, class Case, class Reference>
void scorer_reference(const Case& example, const Reference& reference) {
  longshore::Inference<Space> context;
  const auto actual = longshore::copy_to_host(example(context).data);
  const auto u = longshore::copy_to_host(example.inputs.interest.view()),
             v = longshore::copy_to_host(example.inputs.candidates.view());
  const auto size = [](const auto& parameter, int r) { return static_cast<std::size_t>(parameter.extent(r)); };
  const auto users = size(example.inputs.candidates, 0), count = size(example.inputs.candidates, 1),
             width = size(example.inputs.candidates, 2), own = size(example.inputs.interest, 1),
             interest_width = size(example.inputs.interest, 2);
  std::vector<double> expected;
  for (std::size_t b = 0; b < users; ++b)
    for (std::size_t c = 0; c < count; ++c) {
      const auto* from = u.data() + (b * own + (own == 1 ? 0 : c)) * interest_width;
      const auto* item = v.data() + (b * count + c) * width;
      expected.push_back(
          reference(std::vector<double>(from, from + interest_width), std::vector<double>(item, item + width)));
    }
  close(actual, expected, tolerance<Real>);
}

/// The scores of a catalogue equal those of its items as candidates, in inference and in training.
template <class Real, class Space, class Case>
void catalogue_equals_candidates(int shapes = 6) {
  for (int shape = 0; shape < shapes; ++shape) {
    CAPTURE(shape);
    const Case example(longshore::Random(6), shape);
    longshore::Inference<Space> context;
    auto repeated = example.candidates();
    const auto scores =
        example.block(context, longshore::Interest<Real, Space>(longshore::use(context, example.interest)),
                      longshore::Cube<Real, Space>(repeated.view()));
    const auto expected = longshore::copy_to_host(scores.data);
    const std::vector<double> wide(expected.begin(), expected.end());
    close(longshore::copy_to_host(example(context).data), wide, tolerance<Real>);
    longshore::Training<Space> training(example);
    close(longshore::copy_to_host(example(training).data), wide, tolerance<Real>);
  }
}

}  // namespace check

// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/concepts.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

namespace ls = longshore;

namespace {

using Space = Kokkos::Serial;
using Matrix = ls::Matrix<float, Space>;
using Cube = ls::Cube<float, Space>;
using Interest = ls::Interest<float, Space>;
using Sequences = ls::Sequences<float, Space>;
using Windowed = ls::Windowed<float, Space>;
using Interests = std::initializer_list<Interest>;

/// What every block has.
struct Visited {
  void visit(auto&&) {}
};

struct Rows : Visited {
  Matrix operator()(auto&, const Matrix& x) const { return x; }
};
struct Steps : Visited {
  Sequences operator()(auto&, const Sequences& x) const { return x; }
};
struct Pooled : Visited {
  Matrix operator()(auto&, const Windowed& x) const { return x.steps; }
};
struct PooledByTarget : Visited {
  Cube operator()(auto&, const Interest& candidates, const Windowed&) const { return candidates.vectors; }
};
struct FusedWithoutWeights : Visited {
  Interest operator()(auto&, const Interest&, Interests interests) const { return *interests.begin(); }
};
struct Fused : FusedWithoutWeights {
  ls::View<float, 3, Space> weights(auto&, const Interest&, Interests) const { return {}; }
};
struct Scored : Visited {
  Matrix operator()(auto&, const Interest&, const Cube&) const { return {}; }
};
struct Viewed : Visited {
  Interest operator()(auto&, const Interest& candidates, const Sequences&, const ls::Windows<Space>&) const {
    return candidates;
  }
  bool sees_candidates() const { return true; }
};

// Each lacks one thing.
struct NotVisited {
  Matrix operator()(auto&, const Matrix& x) const { return x; }
};
struct NotCopied : Rows {
  NotCopied() = default;
  NotCopied(const NotCopied&) = delete;
  NotCopied& operator=(const NotCopied&) = delete;
};
struct NotConst : Visited {
  Matrix operator()(auto&, const Matrix& x) { return x; }
};
struct WithoutContext : Visited {
  Matrix operator()(const Matrix& x) const { return x; }
};
struct AnotherResult : Visited {
  Cube operator()(auto&, const Matrix& x) const { return reshape(x, x.extent(0), 1, x.extent(1)); }
};
struct Blind : Visited {
  Interest operator()(auto&, const Interest& candidates, const Sequences&, const ls::Windows<Space>&) const {
    return candidates;
  }
};

struct Halve {
  template <class Number>
  void operator()(Number& w, Number, Number&, Number&) const {
    w *= 0.5;
  }
};
struct Rule {
  static constexpr const char* name = "Rule";
  double rate = 1, weight_decay = 0;
  static constexpr int moments() { return 0; }
  void check() const {}
  template <class Real>
  Halve step(double, double, std::int64_t, ls::GradientKind) const {
    return {};
  }
};
struct RuleWithoutCheck {
  static constexpr const char* name = "RuleWithoutCheck";
  double rate = 1, weight_decay = 0;
  static constexpr int moments() { return 0; }
  template <class Real>
  Halve step(double, double, std::int64_t, ls::GradientKind) const {
    return {};
  }
};
struct RuleWithoutStep {
  static constexpr const char* name = "RuleWithoutStep";
  double rate = 1, weight_decay = 0;
  static constexpr int moments() { return 0; }
  void check() const {}
};

template <class Type>
constexpr bool layer = ls::Layer<Type, float, Space>;
template <class Type>
constexpr bool encoder = ls::Encoder<Type, float, Space>;
template <class Type>
constexpr bool pooling = ls::Pooling<Type, float, Space>;
template <class Type>
constexpr bool target_pooling = ls::TargetPooling<Type, float, Space>;
template <class Type>
constexpr bool fuser = ls::Fuser<Type, float, Space>;
template <class Type>
constexpr bool scorer = ls::Scorer<Type, float, Space>;
template <class Type>
constexpr bool branch = ls::Branch<Type, float, Space>;

}  // namespace

TEST_CASE("concepts: a block of each folder models its own concept") {
  CHECK(ls::Block<Visited>);
  CHECK(layer<Rows>);
  CHECK(encoder<Steps>);
  CHECK(pooling<Pooled>);
  CHECK(target_pooling<PooledByTarget>);
  CHECK(fuser<Fused>);
  CHECK(scorer<Scored>);
  CHECK(branch<Viewed>);
  CHECK(ls::UpdateRule<Rule>);
}

TEST_CASE("concepts: a block is visited, copied, const, called with a context, and gives what its folder gives") {
  CHECK_FALSE(layer<NotVisited>);
  CHECK_FALSE(layer<NotCopied>);
  CHECK_FALSE(layer<NotConst>);
  CHECK_FALSE(layer<WithoutContext>);
  CHECK_FALSE(layer<AnotherResult>);
  CHECK_FALSE(layer<Visited>);
  CHECK_FALSE(ls::Layer<Rows, double, Space>);
  CHECK_FALSE(fuser<FusedWithoutWeights>);
  CHECK_FALSE(branch<Blind>);
  CHECK_FALSE(ls::UpdateRule<RuleWithoutCheck>);
  CHECK_FALSE(ls::UpdateRule<RuleWithoutStep>);
  CHECK_FALSE(ls::UpdateRule<int>);
}

TEST_CASE("concepts: a block of one folder is none of another's") {
  CHECK_FALSE(encoder<Rows>);
  CHECK_FALSE(layer<Steps>);
  CHECK_FALSE(pooling<Steps>);
  CHECK_FALSE(encoder<Pooled>);
  CHECK_FALSE(pooling<PooledByTarget>);
  CHECK_FALSE(target_pooling<Pooled>);
  CHECK_FALSE(fuser<Scored>);
  CHECK_FALSE(scorer<Fused>);
  CHECK_FALSE(branch<Pooled>);
}

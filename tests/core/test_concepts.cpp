// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/concepts.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <longshore/core/batch.hpp>
#include <longshore/core/training.hpp>

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
struct StepsOfUnknownSight : Visited {
  Sequences operator()(auto&, const Sequences& x) const { return x; }
};
struct Steps : StepsOfUnknownSight {
  bool sees_ahead() const { return false; }
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
struct FusedBlindly : FusedWithoutWeights {
  ls::View<float, 3, Space> weights(auto&, const Interest&, Interests) const { return {}; }
};
struct Fused : FusedBlindly {
  bool sees_candidates() const { return false; }
};
struct ScoredWithoutCatalogue : Visited {
  Matrix operator()(auto&, const Interest&, const Cube&) const { return {}; }
};
struct Scored : ScoredWithoutCatalogue {
  Matrix catalogue(auto&, const Interest&, const Matrix&) const { return {}; }
};
struct ScoredByIdsWithoutCheck : Visited {
  using Users = ls::View<const ls::Id, 1, Space>;
  Matrix operator()(auto&, const Interest&, const Cube&, const Users&, const ls::View<const ls::Id, 2, Space>&) const {
    return {};
  }
  Matrix catalogue(auto&, const Interest&, const Matrix&, const Users&) const { return {}; }
};
struct ScoredByIds : ScoredByIdsWithoutCheck {
  void check(const auto&, const auto&) const {}
};
struct ScoredByIdsWithoutCatalogue : Visited {
  Matrix operator()(auto&, const Interest&, const Cube&, const ls::View<const ls::Id, 1, Space>&,
                    const ls::View<const ls::Id, 2, Space>&) const {
    return {};
  }
  void check(const auto&, const auto&) const {}
};
struct Recommended : Visited {
  Matrix operator()(auto&, const ls::Batch<Space>&) const { return {}; }
  Matrix catalogue(auto&, const ls::Batch<Space>&) const { return {}; }
  bool sees_candidates() const { return false; }
};
struct RecommendedFromVectors : Visited {
  Matrix operator()(auto&, const Matrix& x) const { return x; }
  Matrix catalogue(auto&, const ls::Batch<Space>&) const { return {}; }
};
struct LossOfScores {
  ls::Value<float, 1, Space> operator()(auto&, const Matrix&, const ls::Batch<Space>&) const { return {}; }
};
struct LossOfModel {
  ls::Value<float, 1, Space> operator()(auto&, const RecommendedFromVectors&, const ls::Batch<Space>&) const {
    return {};
  }
};
struct LossOfNoScalar {
  Matrix operator()(auto&, const Matrix& x, const ls::Batch<Space>&) const { return x; }
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
constexpr bool scorer_by_ids = ls::ScorerByIds<Type, float, Space>;
template <class Type, class Model>
constexpr bool loss = ls::Loss<Type, Model, float, Space, ls::Training<Space>, ls::Batch<Space>>;
template <class Type>
constexpr bool scores_candidates = ls::ScoresCandidates<Type, float, Space, ls::Inference<Space>, ls::Batch<Space>>;
template <class Type>
constexpr bool scores_catalogue = ls::ScoresCatalogue<Type, float, Space, ls::Inference<Space>, ls::Batch<Space>>;
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
  CHECK(scorer_by_ids<ScoredByIds>);
  CHECK(scores_candidates<Recommended>);
  CHECK(scores_catalogue<Recommended>);
  CHECK(loss<LossOfScores, Recommended>);
  CHECK(loss<LossOfModel, RecommendedFromVectors>);
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
  CHECK_FALSE(encoder<StepsOfUnknownSight>);
  CHECK_FALSE(fuser<FusedWithoutWeights>);
  CHECK_FALSE(fuser<FusedBlindly>);
  CHECK_FALSE(scorer<ScoredWithoutCatalogue>);
  CHECK_FALSE(scorer_by_ids<ScoredByIdsWithoutCatalogue>);
  CHECK_FALSE(scorer_by_ids<ScoredByIdsWithoutCheck>);
  CHECK_FALSE(scores_candidates<RecommendedFromVectors>);
  CHECK_FALSE(scores_catalogue<RecommendedFromVectors>);
  CHECK_FALSE(loss<LossOfScores, RecommendedFromVectors>);
  CHECK_FALSE(loss<LossOfModel, Recommended>);
  CHECK_FALSE(loss<LossOfNoScalar, Recommended>);
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

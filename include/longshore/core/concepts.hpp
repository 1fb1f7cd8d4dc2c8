// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <initializer_list>

#include <longshore/core/inference.hpp>
#include <longshore/core/interest.hpp>
#include <longshore/core/visit.hpp>
#include <longshore/core/windows.hpp>

/// What a block of each folder must offer. A block is a value that names its parameters by `visit`, is const in a step,
/// and is called with a context first.
namespace longshore::inline LONGSHORE_ABI {

/// A value that names its parts by `visit`; what every concept below asks for.
template <class Type>
concept Block = std::copyable<Type> && Visitable<Type>;

/// layers/: rows to rows, (B, in) to (B, out).
template <class Type, class Real, class Space>
concept Layer = Block<Type> && requires(const Type& layer, Inference<Space>& context, const Matrix<Real, Space>& x) {
  { layer(context, x) } -> std::same_as<Matrix<Real, Space>>;
};

/// encoders/: sequences of (N, D) steps to sequences of (N, H) steps with the same offsets. `sees_ahead` says whether
/// what comes out of a step depends on later steps: then all positions of a history cannot be trained in one pass. An
/// encoder whose steps do not depend on earlier ones either may say so by `sees_behind`; without it they count as
/// dependent.
template <class Type, class Real, class Space>
concept Encoder =
    Block<Type> && requires(const Type& encoder, Inference<Space>& context, const Sequences<Real, Space>& sequences) {
      { encoder(context, sequences) } -> std::same_as<Sequences<Real, Space>>;
      { encoder.sees_ahead() } -> std::same_as<bool>;
    };

/// pooling/: windows over steps (N, D) to one vector a window (W, H). Sequences are windows too.
template <class Type, class Real, class Space>
concept Pooling =
    Block<Type> && requires(const Type& pool, Inference<Space>& context, const Windowed<Real, Space>& windowed) {
      { pool(context, windowed) } -> std::same_as<Matrix<Real, Space>>;
    };

/// pooling/, by a target: candidates (W, C, D) and windows over steps (N, D) to one vector a candidate (W, C, H).
template <class Type, class Real, class Space>
concept TargetPooling =
    Block<Type> && requires(const Type& pool, Inference<Space>& context, const Interest<Real, Space>& candidates,
                            const Windowed<Real, Space>& windowed) {
      { pool(context, candidates, windowed) } -> std::same_as<Cube<Real, Space>>;
    };

/// fusers/: several interests (B, 1 or C, D) to one, seen from candidates (B, C, D), which may be left out (`{}`) where
/// the fuser does not look at them, as `sees_candidates` says. `weights` says how much each interest counts: (B, 1 or
/// C, number of interests), sums of 1.
template <class Type, class Real, class Space>
concept Fuser =
    Block<Type> && requires(const Type& fuse, Inference<Space>& context, const Interest<Real, Space>& candidates,
                            std::initializer_list<Interest<Real, Space>> interests) {
      { fuse(context, candidates, interests) } -> std::same_as<Interest<Real, Space>>;
      { fuse.weights(context, candidates, interests) } -> std::same_as<View<Real, 3, Space>>;
      { fuse.sees_candidates() } -> std::same_as<bool>;
    };

/// scorers/: interests (B, 1 or C, D) and candidates (B, C, D) to scores (B, C); interests (B, 1, D) and all items
/// (I, D) to the scores of the `catalogue`, (B, I).
template <class Type, class Real, class Space>
concept Scorer =
    Block<Type> && requires(const Type& score, Inference<Space>& context, const Interest<Real, Space>& interest,
                            const Cube<Real, Space>& candidates, const Matrix<Real, Space>& all) {
      { score(context, interest, candidates) } -> std::same_as<Matrix<Real, Space>>;
      { score.catalogue(context, interest, all) } -> std::same_as<Matrix<Real, Space>>;
    };

/// scorers/ that look at ids beside the vectors: interests (B, 1 or C, D), candidates (B, C, D), ids of users (B) and
/// of candidates (B, C), to scores (B, C); the `catalogue` by the ids of users. `check` refuses ids on the host.
template <class Type, class Real, class Space>
concept ScorerByIds =
    Block<Type> && requires(const Type& score, Inference<Space>& context, const Interest<Real, Space>& interest,
                            const Cube<Real, Space>& candidates, const Matrix<Real, Space>& all,
                            const View<const Id, 1, Space>& users, const View<const Id, 2, Space>& items,
                            const View<const Id, 1, Kokkos::DefaultHostExecutionSpace>& users_on_host,
                            const View<const Id, 2, Kokkos::DefaultHostExecutionSpace>& items_on_host) {
      { score(context, interest, candidates, users, items) } -> std::same_as<Matrix<Real, Space>>;
      { score.catalogue(context, interest, all, users) } -> std::same_as<Matrix<Real, Space>>;
      score.check(users_on_host, items_on_host);
    };

/// scorers/ whose scores of a catalogue are one product: beside their concept they offer `queries`, of interests (B, 1,
/// H) and, by ids, users (B), and `keys`, of all items (I, D): matrices (B, F) and (I, F). `one_product` is true, or
/// says at run time whether it is so.
template <class Type>
concept ProductScorer = Block<Type> && requires(const Type& score) {
  { score.one_product() } -> std::same_as<bool>;
};

/// models/: one view of a user, from candidates (B, C, D), history and windows (B) to an interest (B, 1 or C, H), which
/// is empty for a view that is left out. A branch that also takes the `StepColumns` of the history is given them.
template <class Type, class Real, class Space>
concept Branch =
    Block<Type> && requires(const Type& branch, Inference<Space>& context, const Interest<Real, Space>& candidates,
                            const Sequences<Real, Space>& history, const Windows<Space>& windows) {
      { branch(context, candidates, history, windows) } -> std::same_as<Interest<Real, Space>>;
      { branch.sees_candidates() } -> std::same_as<bool>;
    };

/// models/: scores of the candidates of a batch, (B, C): what losses on scores, evaluation and serving ask of a model.
/// `Examples` is the batch, of any type that the model takes.
template <class Type, class Real, class Space, class Context, class Examples>
concept ScoresCandidates = Block<Type> && requires(const Type& model, Context& context, const Examples& batch) {
  { model(context, batch) } -> std::same_as<Matrix<Real, Space>>;
};

/// models/ that score all items for each example, (B, I), where no part of them `sees_candidates`: losses over the
/// catalogue and exact retrieval need it; without it, items are scored as candidates, in chunks. Models whose scores
/// are one product name its `factors`, matrices `queries` (B, F) and `keys` (I, F); those that decide at run time say
/// by `has_factors` whether there are any.
template <class Type, class Real, class Space, class Context, class Examples>
concept ScoresCatalogue = Block<Type> && requires(const Type& model, Context& context, const Examples& batch) {
  { model.catalogue(context, batch) } -> std::same_as<Matrix<Real, Space>>;
  { model.sees_candidates() } -> std::same_as<bool>;
};

/// losses/: a number to make small, from a model's scores (B, C) and the batch, or from the model itself and the batch
/// where that is asked for: over the catalogue, of several heads.
template <class Type, class Model, class Real, class Space, class Context, class Examples>
concept Loss =
    requires(const Type& loss, Context& context, const Model& model, const Examples& batch) {
      { loss(context, model, batch) } -> std::same_as<Value<Real, 1, Space>>;
    } || (ScoresCandidates<Model, Real, Space, Context, Examples> &&
          requires(const Type& loss, Context& context, const Matrix<Real, Space>& scores, const Examples& batch) {
            { loss(context, scores, batch) } -> std::same_as<Value<Real, 1, Space>>;
          });

/// optimizers/: how a step changes a number. Settings with at least `rate` and `weight_decay`; `step` gives what one
/// step of one parameter needs, with the schedule's rate and how often the parameter was updated before, and `step(w,
/// g, m, v)` changes a weight w and its moments, of which there are `moments()`, by a gradient g: for numbers, and for
/// registers of them on a host.
template <class Type>
concept UpdateRule = std::copyable<Type> && requires(const Type& rule, double& w) {
  { Type::name } -> std::convertible_to<const char*>;
  { rule.rate } -> std::convertible_to<double>;
  { rule.weight_decay } -> std::convertible_to<double>;
  { rule.moments() } -> std::convertible_to<int>;
  rule.check();
  rule.template step<double>(rule.rate, rule.weight_decay, std::int64_t{}, GradientKind::dense)(w, w, w, w);
};

}  // namespace longshore::inline LONGSHORE_ABI

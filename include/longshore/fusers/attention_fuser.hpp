// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/check_values.hpp>
#include <longshore/kernels/mix_softmax.hpp>
#include <longshore/kernels/part_scores.hpp>
#include <longshore/layers/activation.hpp>
#include <longshore/layers/linear.hpp>
#include <longshore/layers/mix_interests.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What asks which interest counts.
enum class FusionQuery {
  learned,    // one vector for all users: which interests are useful at all
  candidate,  // each candidate: which interest speaks for it
};

/// Sizes of an `AttentionFuser` and what it asks with.
struct AttentionFuserSettings {
  Index features = 0;  // D of each interest
  FusionQuery query = FusionQuery::learned;
  Index hidden = 0;    // width of the keys tanh(W x + b); 0: the interests are their own keys
  bool scaled = true;  // scores are divided by the square root of the width of the keys
};

/// Attends over the set of interests, one to eight of them.
///
///   key_k = x_k or tanh(W x_k + b),  w = softmax over k of (<q, key_k> / sqrt(width)),  y = sum over k of w_k x_k
///
/// with q learned or the candidate. The set has no order: its members share the parameters.
///
/// Models: Fuser. State: query (width) if learned, keys (hidden, D) and (hidden) if hidden. Cost: O(B C n D), with keys
/// O(B C n D hidden). `weights` are w.
/// Source: Ying et al. 2018 (SHAN), "Long- and short-term attention-based pooling layer"; there the keys are ReLU(W x +
/// b) and the user's vector asks: pass it as the candidates. Scaled as Vaswani et al. 2017, section 3.2.1.
template <class Real, class Space>
struct AttentionFuser {
  static constexpr std::string_view block_name = "AttentionFuser";
  AttentionFuserSettings settings;
  Linear<Real, Space> keys;
  Parameter<Real, 1, Space> query;  // (width), or empty

  AttentionFuser() = default;

  /// @throws ShapeError if features is below 1 or hidden negative
  explicit AttentionFuser(const AttentionFuserSettings& its_settings, const Random& random = Random(0))
      : settings(checked(its_settings)), query(settings.query == FusionQuery::learned ? width() : 0) {
    if (settings.hidden > 0)
      keys = Linear<Real, Space>({.in = settings.features, .out = settings.hidden}, random.stream("keys"));
    initialise(query, fan_in_uniform(), random.stream("query"));
  }

  bool sees_candidates() const { return settings.query == FusionQuery::candidate; }

  /// @param candidates  (B, 1 or C, width of the keys) if they ask, else not looked at
  /// @param interests   n of them, (B, 1 or C, D)
  /// @return            (B, C, D); C is 1 where neither the interests nor the query differ between candidates
  /// @throws ShapeError if extents do not fit, or if candidates are to ask and there are none
  Interest<Real, Space> operator()(auto& context, const Interest<Real, Space>& candidates,
                                   std::initializer_list<Interest<Real, Space>> interests) const {
    const auto list = checked(candidates, interests);
    return mix_interests<Real, Space>(context, list, attend(context, candidates, list));
  }
  void operator()(auto&, ...) const = delete;  // AttentionFuser: give candidates or {}, then {interests} of its Real

  /// @return  (B, C, n) the attention
  View<Real, 3, Space> weights(auto& context, const Interest<Real, Space>& candidates,
                               std::initializer_list<Interest<Real, Space>> interests) const {
    return attend(context, candidates, checked(candidates, interests)).data;
  }

  void visit(auto&& visitor) {
    visitor("settings", settings);
    visitor("keys", keys);
    visitor("query", query);
  }

 private:
  static const AttentionFuserSettings& checked(const AttentionFuserSettings& given) {
    expects(given.features > 0 && given.hidden >= 0,
            "AttentionFuser: features is at least 1 and hidden at least 0, they are ", given.features, " and ",
            given.hidden);
    return given;
  }
  Index width() const { return settings.hidden > 0 ? settings.hidden : settings.features; }

  InterestList<Real, Space> checked(const Interest<Real, Space>& candidates,
                                    std::initializer_list<Interest<Real, Space>> interests) const {
    return InterestList<Real, Space>::alike(
        "AttentionFuser", interests, settings.features, candidates,
        {sees_candidates() ? width() : 0, "the candidates ask", "the keys", ".query = FusionQuery::learned"});
  }

  /// The attention of each user and candidate over the interests, as a value: (B, C, n).
  Cube<Real, Space> attend(auto& context, const Interest<Real, Space>& candidates,
                           const InterestList<Real, Space>& list) const {
    check_values("AttentionFuser", context, list, sees_candidates() ? candidates : Interest<Real, Space>());
    auto asked = list;
    if (settings.hidden > 0) {
      const Activation<Real, Space> tanh({.kind = ActivationKind::tanh});
      for (int k = 0; k < list.count; ++k) asked.parts[k] = tanh(context, keys(context, list[k].vectors));
    }
    const auto parts = parts_of(asked);
    const auto asker =
        sees_candidates() ? View<const Real, 3, Space>(candidates.vectors.data) : reshape(query.view(), 1, 1, width());
    const Real scale = settings.scaled ? Real(1) / math::sqrt(static_cast<Real>(width())) : Real(1);
    const auto scores = scratch<Real>(context, list.users * list.candidates, list.count);     // (B C, n)
    const auto weights = make_value<Real>(context, list.users, list.candidates, list.count);  // (B, C, n)
    const auto rows = reshape(weights.data, list.users * list.candidates, list.count);
    part_scores_forward<Real, Space>(context.executor(), parts, asker, scale,
                                     reshape(scores, list.users, list.candidates, list.count));
    mix_softmax_forward<Real, Space>(context.executor(), scores, rows);
    context.record(weights, [this, asked, candidates, parts, asker, scale, weights, rows](auto& c) {
      const Index users = asked.users, all = rows.extent(0), count = rows.extent(1);
      const auto dscores = scratch<Real>(c, users, asked.candidates, count);  // (B, C, n)
      mix_softmax_backward<Real, Space>(c.executor(), reshape(c.gradient_of(weights), all, count), rows,
                                        {reshape(dscores, all, count), Update::write});
      const auto targets = part_targets<Real, Space>(c, asked);
      if (sees_candidates()) {
        part_scores_backward<Real, Space>(c.executor(), dscores, parts, asker, scale, targets,
                                          c.gradient_to(candidates.vectors));
        return;
      }
      const auto dquery = c.gradient_to(query);
      Target<Real, 3, Space> by_user;
      if (dquery) by_user.view = scratch<Real>(c, users, 1, width());  // (B, 1, width)
      part_scores_backward<Real, Space>(c.executor(), dscores, parts, asker, scale, targets, by_user);
      if (dquery)
        column_sums<Real, Space>(c.executor(), users, width(), {by_user.view.data(), width()}, dquery.view.data(),
                                 dquery.update, scratch<Real>(c, column_sums_workspace(users, width())).data());
    });
    return weights;
  }
};

}  // namespace longshore::inline LONGSHORE_ABI

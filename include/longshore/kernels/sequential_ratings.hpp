// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>

#include <longshore/core/sparse_rows.hpp>
#include <longshore/kernels/rating_steps.hpp>
#include <longshore/linalg/rounded.hpp>
#include <longshore/linalg/simd.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The arrays of SVD++ beside those of a biased factorisation.
template <class Real>
struct ImplicitArrays {
  Real* implicit_factors = nullptr;  // (I, D) y
  Real* implicit_sums = nullptr;     // (U, D) |I_u|^-1/2 times the sum of the user's y
  Real rate = 0;                     // of y
  Real regularisation = 0;           // lambda of y
};

/// The error of a rating, whose step the biases then take.
template <class Real>
Real sequential_error(const RatingArrays<Real>& arrays, Index u, Id i, Real along, Real rating) {
  if (!arrays.user_bias) return rating - (arrays.mean[0] + along);
  Real& user = arrays.user_bias[u];
  Real& item = arrays.item_bias[i];
  const Real error = rating - (arrays.mean[0] + user + item + along);
  user += rounded(arrays.bias_rate * (error - rounded(arrays.bias_regularisation * user)));
  item += rounded(arrays.bias_rate * (error - rounded(arrays.bias_regularisation * item)));
  return error;
}

/// y += rate (t - lambda y), each operation rounded by itself; a register at a time, since places are independent.
template <class Real>
void pull(Index features, const ImplicitArrays<Real>& implicit, const Real* towards, Real* y) {
  using Vector = Simd<Real>;
  Index d = 0;
  for (; d + Vector::width <= features; d += Vector::width) {
    const Vector now = Vector::load(y + d);
    Vector shrink = implicit.regularisation * now;
    shrink.stay();
    Vector step = implicit.rate * (Vector::load(towards + d) - shrink);
    step.stay();
    (now + step).store(y + d);
  }
  for (; d < features; ++d) y[d] += rounded(implicit.rate * (towards[d] - rounded(implicit.regularisation * y[d])));
}

/// One epoch of Funk's SVD, rating by rating: users in their order, each one's items ascending. On the calling thread.
///
/// Every product and sum is rounded by itself and inner products are summed in the order of the features: the
/// arithmetic of Surprise, to the bit, for ratings that come in this order.
///
/// Cost: O(N D), one addition after the other.
/// Source: Funk 2006; Surprise 1.1, `SVD`.
///
/// @return  the sum of the squared errors, each as its rating was met
template <class Real, class Space>
double svd_sequential(const SparseRows<Real, Space>& by_user, const RatingArrays<Real>& arrays) {
  static_assert(is_host_space<Space>, "svd_sequential works on a host");
  const Index features = arrays.features;
  double sum = 0;
  for (Index u = 0; u < by_user.row_count; ++u)
    for (std::int64_t n = by_user.begin(u); n < by_user.end(u); ++n) {
      const Id i = by_user.columns[n];
      Real* p = arrays.user_factors + std::int64_t{u} * features;
      Real* q = arrays.item_factors + std::int64_t{i} * features;
      Real along = 0;
      for (Index d = 0; d < features; ++d) along += rounded(q[d] * p[d]);
      const Real error = sequential_error(arrays, u, i, along, by_user.values[n]);
      for (Index d = 0; d < features; ++d) {
        const Real before = p[d];
        p[d] += rounded(arrays.rate * (rounded(error * q[d]) - rounded(arrays.regularisation * before)));
        q[d] += rounded(arrays.rate * (rounded(error * before) - rounded(arrays.regularisation * q[d])));
      }
      sum += static_cast<double>(error) * static_cast<double>(error);
    }
  return sum;
}

/// One epoch's sums of non-negative factorisation in the same order and arithmetic; biases take their steps. On the
/// calling thread.
///
/// Cost: O(N D), one addition after the other.
/// Source: Luo et al. 2014; Surprise 1.1, `NMF`.
///
/// @param user_ratings, user_estimates  (U, D) sums, added to: of q times the rating, and times the prediction
/// @param item_ratings, item_estimates  (I, D) the same of p
/// @return                              the sum of the squared errors, each as its rating was met
template <class Real, class Space>
double nmf_sequential(const SparseRows<Real, Space>& by_user, const RatingArrays<Real>& arrays, Real* user_ratings,
                      Real* user_estimates, Real* item_ratings, Real* item_estimates) {
  static_assert(is_host_space<Space>, "nmf_sequential works on a host");
  const Index features = arrays.features;
  double sum = 0;
  for (Index u = 0; u < by_user.row_count; ++u)
    for (std::int64_t n = by_user.begin(u); n < by_user.end(u); ++n) {
      const Id i = by_user.columns[n];
      const std::int64_t user = std::int64_t{u} * features, item = std::int64_t{i} * features;
      const Real* p = arrays.user_factors + user;
      const Real* q = arrays.item_factors + item;
      const Real rating = by_user.values[n];
      Real along = 0;
      for (Index d = 0; d < features; ++d) along += rounded(q[d] * p[d]);
      const bool biased = arrays.user_bias != nullptr;
      const Real estimate =
          biased ? arrays.mean[0] + arrays.user_bias[u] + arrays.item_bias[i] + along : arrays.mean[0] + along;
      const Real error = sequential_error(arrays, u, i, along, rating);
      for (Index d = 0; d < features; ++d) {
        user_ratings[user + d] += rounded(q[d] * rating);
        user_estimates[user + d] += rounded(q[d] * estimate);
        item_ratings[item + d] += rounded(p[d] * rating);
        item_estimates[item + d] += rounded(p[d] * estimate);
      }
      sum += static_cast<double>(error) * static_cast<double>(error);
    }
  return sum;
}

/// One epoch of SVD++ in the same order and arithmetic: at every rating the user's implicit vector is summed anew, and
/// every y of the user's items takes a step. On the calling thread.
///
/// Cost: O(D) times the sum over all users of |I_u|^2.
/// Source: Koren 2008, equation 15; Surprise 1.1, `SVDpp`.
///
/// @param implicit  its sums are scratch here
/// @return          the sum of the squared errors, each as its rating was met
template <class Real, class Space>
double svdpp_sequential(const SparseRows<Real, Space>& by_user, const RatingArrays<Real>& arrays,
                        const ImplicitArrays<Real>& implicit) {
  static_assert(is_host_space<Space>, "svdpp_sequential works on a host");
  const Index features = arrays.features;
  double sum = 0;
  for (Index u = 0; u < by_user.row_count; ++u) {
    const std::int64_t begin = by_user.begin(u), end = by_user.end(u);
    const auto root = static_cast<Real>(std::sqrt(static_cast<double>(end - begin)));
    Real* p = arrays.user_factors + std::int64_t{u} * features;
    Real* z = implicit.implicit_sums + std::int64_t{u} * features;
    for (std::int64_t n = begin; n < end; ++n) {
      const Id i = by_user.columns[n];
      Real* q = arrays.item_factors + std::int64_t{i} * features;
      const auto y = [&](std::int64_t m) {
        return implicit.implicit_factors + std::int64_t{by_user.columns[m]} * features;
      };
      for (Index d = 0; d < features; ++d) z[d] = 0;
      for (std::int64_t m = begin; m < end; ++m) {
        const Real* its = y(m);
        for (Index d = 0; d < features; ++d) z[d] += its[d] / root;
      }
      Real along = 0;
      for (Index d = 0; d < features; ++d) along += rounded(q[d] * (p[d] + z[d]));
      const Real error = sequential_error(arrays, u, i, along, by_user.values[n]);
      for (Index d = 0; d < features; ++d) {
        const Real user = p[d], item = q[d];
        p[d] += rounded(arrays.rate * (rounded(error * item) - rounded(arrays.regularisation * user)));
        q[d] += rounded(arrays.rate * (rounded(error * (user + z[d])) - rounded(arrays.regularisation * item)));
        z[d] = rounded(error * item) / root;  // the sum is not needed any more: now what every y is drawn to
      }
      for (std::int64_t m = begin; m < end; ++m) pull(features, implicit, z, y(m));
      sum += static_cast<double>(error) * static_cast<double>(error);
    }
  }
  return sum;
}

}  // namespace longshore::inline LONGSHORE_ABI

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <longshore/core/inference.hpp>
#include <longshore/core/training.hpp>
#include <string>
#include <vector>

#include "close.hpp"
#include "extents.hpp"
#include "outcome.hpp"
#include "spaces.hpp"

namespace check {

/// Forward and backward give the same bits on Serial, on every other host space at its number of threads, with the
/// `Inline` executor, and twice in a row; on a device the same numbers to rounding. In the first shapes, and in two wide
/// ones: only those are shared out among several teams.
template <template <class, class> class Case, class Real>
void same_bits_in(int shapes) {
  for (int number = 0; number < shapes + 2; ++number) {
    const int shape = number < shapes ? number : wide_shape + number - shapes;
    CAPTURE(shape);
    const auto random = longshore::Random(4321).stream(static_cast<std::uint32_t>(shape));
    const Case<Real, Kokkos::Serial> serial(random, shape);
    longshore::Training<Kokkos::Serial> context(serial, longshore::Random(5));
    const auto expected = run<Real>(context, serial);
    const auto equal = [&](const Outcome<Real>& actual) {
      const auto same = [](const std::vector<Real>& a, const std::vector<Real>& b) {
        return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(Real)) == 0);
      };
      CHECK(same(actual.output, expected.output));
      for (const auto& entry : expected.gradients) {
        CAPTURE(entry.first);
        CHECK(same(actual.gradients.at(entry.first), entry.second));
      }
    };
    equal(run<Real>(context, serial));
    longshore::Training<Kokkos::Serial, longshore::Inline> direct(serial, longshore::Random(5));
    equal(run<Real>(direct, serial));
    for_every_other_space([&](auto space) {
      using Space = decltype(space);
      const Case<Real, Space> other(random, shape);
      longshore::Training<Space> elsewhere(other, longshore::Random(5));
      for (int repetition = 0; repetition < 2; ++repetition) {
        const auto actual = run<Real>(elsewhere, other);
        if constexpr (longshore::is_host_space<Space>) {
          equal(actual);
        } else {
          const auto wide = [](const std::vector<Real>& v) { return std::vector<double>(v.begin(), v.end()); };
          close(actual.output, wide(expected.output), 10 * tolerance<Real>);
          for (const auto& [name, gradient] : expected.gradients)
            close(actual.gradients.at(name), wide(gradient), 10 * tolerance<Real>);
        }
      }
    });
  }
}

/// The same in float and double.
template <template <class, class> class Case>
void same_bits(int shapes = 8) {
  same_bits_in<Case, float>(shapes);
  same_bits_in<Case, double>(shapes);
}

/// Output without gradients: what `Inference` gives equals what `Training` gives, bit for bit. It is known as a value of
/// its step, unless it is an input itself: then the parameter owns it.
template <template <class, class> class Case>
void inference_equals_training(int shapes = 8) {
  for (int shape = 0; shape < shapes; ++shape) {
    const Case<float, Kokkos::Serial> example(longshore::Random(77).stream(static_cast<std::uint32_t>(shape)), shape);
    longshore::Training<Kokkos::Serial> training(example);
    longshore::Inference<Kokkos::Serial> inference;
    const auto a = longshore::copy_to_host(example(training).data);
    const auto given = example(inference);
    const auto b = longshore::copy_to_host(given.data);
    bool is_input = false;
    longshore::visit_parameters(example, [&](const longshore::Path&, const auto& parameter) {
      is_input = is_input || static_cast<const void*>(parameter.view().data()) == given.data.data();
    });
    CHECK((is_input || given.step == inference.stamp()));
    REQUIRE(a.size() == b.size());
    CHECK((a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0));
  }
}

}  // namespace check

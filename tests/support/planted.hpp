// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>
#include <longshore/optimizers/adam.hpp>

#include "error_text.hpp"
#include "rule_case.hpp"

namespace rules {

/// Trains with Adam and plants a NaN or an infinity in a gradient, a gradient row or the loss of every second step.
///
/// @return  how many of the planted ones were reported by their names, while model, moments and counts kept every bit
template <class Real, class Space>
int reported_of_planted(int count) {
  const std::uint64_t specials[] = {0x7FF0000000000000u, 0xFFF0000000000000u, 0x7FF8000000000000u, 0xFFF0000000000001u};
  Model<Real, Space> model(3, 5, 17, 6, 3);
  randomise(model, ls::Random(1));
  ls::Optimizer<ls::Adam, Space> optimizer(model);
  ls::Training<Space> context(model);
  int reported = 0;
  for (int i = 0; i < count; ++i) {
    const ls::Random random = ls::Random(2).at(whole(i));
    Gradients gradients = random_gradients(model, random.stream("gradients"), 5);
    double loss_now = 0.5;
    const auto step = [&] {
      give(context, model, gradients);
      const auto loss = ls::make_value<Real>(context, 1);
      ls::copy_from_host(std::vector<Real>{static_cast<Real>(loss_now)}, loss.data);
      optimizer.step(model, context, loss);
    };
    step();
    optimizer.check();
    const Numbers before = numbers_of(model), moments = moments_of(optimizer, model);
    const auto counts = optimizer.counts();
    const double special = std::bit_cast<double>(specials[random.below(0, 4)]);
    const auto plant = [&](std::vector<double>& numbers) { numbers[random.below(1, numbers.size())] = special; };
    std::string name = "gradient of matrix";
    switch (random.below(2, 4)) {
      case 0: plant(gradients.matrix); break;
      case 1: plant(gradients.vector), name = "gradient of vector"; break;
      case 2: plant(gradients.rows), name = "gradient of table"; break;
      default: loss_now = special, name = "loss"; break;
    }
    step();
    const std::string text = test::error_text<ls::DataError>([&] { optimizer.check(); });
    reported += text == "Optimizer: the " + name + " is not finite; the step was refused and changed nothing" &&
                numbers_of(model) == before && moments_of(optimizer, model) == moments &&
                optimizer.counts() == counts && optimizer.steps() == i + 1;
  }
  return reported;
}

}  // namespace rules

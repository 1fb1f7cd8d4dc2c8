// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include <longshore/core/inference.hpp>
#include <longshore/embeddings/embedding_table.hpp>
#include <longshore/losses/softmax_cross_entropy.hpp>

#include "id_table.hpp"

namespace test {

inline void add_losses(IdTable& add) {
  namespace ls = longshore;
  using Ids = std::span<const ls::Id>;
  using Host = Kokkos::Serial;
  using namespace id_case;
  const auto rows =
      std::make_shared<ls::EmbeddingTable<float, Host>>(ls::EmbeddingTableSettings{.rows = id_rows, .features = 1});
  const auto context = std::make_shared<ls::Inference<Host>>();
  const ls::Matrix<float, Host> of_ten(ls::View<float, 2, Host>(const_cast<float*>(interests.data()), 10, 1));
  add("losses/softmax_cross_entropy.hpp", [rows, context, of_ten](Ids ids) {
    context->reset();
    ls::SoftmaxCrossEntropy{}(*context, of_ten, rows->whole(*context), ls::View<const ls::Id, 1, Host>(ids.data(), 10));
  });
}

}  // namespace test

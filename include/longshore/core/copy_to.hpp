// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstring>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include <longshore/core/block_traits.hpp>
#include <longshore/core/copy.hpp>
#include <longshore/core/math.hpp>
#include <longshore/core/visit.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// One leaf of a model, as bytes on the host: a parameter's elements in double, or a settings struct.
struct ModelLeaf {
  std::vector<double> elements;
  std::vector<Index> extents;
  bool frozen = false;
  GradientKind gradient_kind = GradientKind::dense;
  std::vector<std::byte> settings;
};

/// A tensor of zeros with extents that are known at run time.
template <class T, int Rank, class Space>
Tensor<T, Rank, Space> tensor_like(const std::vector<Index>& extents) {
  if constexpr (Rank == 1)
    return Tensor<T, 1, Space>(extents[0]);
  else if constexpr (Rank == 2)
    return Tensor<T, 2, Space>(extents[0], extents[1]);
  else if constexpr (Rank == 3)
    return Tensor<T, 3, Space>(extents[0], extents[1], extents[2]);
  else
    return Tensor<T, 4, Space>(extents[0], extents[1], extents[2], extents[3]);
}

/// Makes the same model on another space or in another precision: train on a device, serve on the host.
///
///     auto served = copy_to<Kokkos::Serial, float>(trained);
///
/// Parameters, settings, lists of blocks and run-time choices are carried over; a model's `visit` must name them all,
/// and it needs a default constructor.
///
/// Cost: O(parameters); memory the new model, and for a moment all parameters in double on the host.
///
/// @tparam Space  of the copy
/// @tparam Real   of the copy
/// @throws Error     if the two types do not name the same parts
/// @throws DataError if a number is too large for the other precision
template <class Space, class Real, class Model>
auto copy_to(const Model& model) {
  using Copy = typename BlockTraits<Model>::template rebind<Space, Real>;
  static_assert(
      std::is_default_constructible_v<Copy>,
      "longshore: copy_to makes an empty model first: give yours a default constructor, `Model() = default;`");
  std::vector<ModelLeaf> leaves;
  std::vector<std::size_t> lists;
  visit_parts(
      model, Path{},
      [&](const Path&, const auto& part) {
        using Part = std::remove_cvref_t<decltype(part)>;
        ModelLeaf leaf;
        if constexpr (is_parameter<Part>) {
          const auto elements = copy_to_host(part.view());
          leaf.elements.assign(elements.begin(), elements.end());
          for (int r = 0; r < Part::rank; ++r) leaf.extents.push_back(part.extent(r));
          leaf.frozen = part.frozen;
          leaf.gradient_kind = part.gradient_kind;
        } else {
          leaf.settings.resize(sizeof(Part));
          std::memcpy(leaf.settings.data(), &part, sizeof(Part));
        }
        leaves.push_back(std::move(leaf));
      },
      [&](const Path&, const auto& list) { lists.push_back(list.size()); });
  Copy result;
  std::size_t next_leaf = 0, next_list = 0;
  visit_parts(
      result, Path{},
      [&](const Path& path, auto& part) {
        using Part = std::remove_cvref_t<decltype(part)>;
        expects<Error>(next_leaf < leaves.size(), "copy_to: the copy has a part that the model has not: ", path.text());
        const ModelLeaf& leaf = leaves[next_leaf++];
        if constexpr (is_parameter<Part>) {
          expects<Error>(leaf.extents.size() == static_cast<std::size_t>(Part::rank), "copy_to: ", path.text(),
                         " is another part in the copy");
          part.tensor() = tensor_like<typename Part::value_type, Part::rank, Space>(leaf.extents);
          using To = typename Part::value_type;
          for (const double x : leaf.elements)
            expects<DataError>(
                !math::is_finite(x) || math::size_of(x) <= static_cast<double>(std::numeric_limits<To>::max()),
                "copy_to: ", path.text(), " holds ", x, ", which is infinite in the copy's precision");
          copy_from_host(std::vector<To>(leaf.elements.begin(), leaf.elements.end()), part.mutable_view());
          part.frozen = leaf.frozen;
          part.gradient_kind = leaf.gradient_kind;
        } else {
          expects<Error>(leaf.settings.size() == sizeof(Part), "copy_to: ", path.text(),
                         " is another part in the copy");
          std::memcpy(&part, leaf.settings.data(), sizeof(Part));
        }
      },
      [&](const Path&, auto& list) {
        expects<Error>(next_list < lists.size(), "copy_to: the copy has a list that the model has not");
        list.resize(lists[next_list++]);
      });
  expects<Error>(next_leaf == leaves.size() && next_list == lists.size(),
                 "copy_to: the model has a part that the copy has not");
  return result;
}

}  // namespace longshore::inline LONGSHORE_ABI

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/tensor.hpp>
#include <longshore/core/value.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Whether backward gives a gradient for the whole parameter or only for the rows that a step touched.
enum class GradientKind { dense, row_sparse };

/// An array that training changes. Owns its elements; a value like any other. Its gradient belongs to the context, its
/// moments to the optimiser.
///
/// A frozen parameter gets no gradient and no optimiser state. A row-sparse one (tables, rank 2) gets gradients of
/// touched rows only; moments, decay and clipping then act on those rows, as in PyTorch's SparseAdam.
///
/// Cost: of a copy O(elements), of a view O(1).
template <class T, int Rank, class Space>
class Parameter {
 public:
  using value_type = T;
  static constexpr int rank = Rank;
  using space = Space;

  bool frozen = false;
  GradientKind gradient_kind = GradientKind::dense;

  Parameter() = default;

  /// Zeros of these extents; `initialise` or a file fills them.
  template <class... Extents>
    requires(sizeof...(Extents) == Rank && (std::is_integral_v<Extents> && ...))
  explicit Parameter(Extents... extents) : tensor_(extents...) {}

  View<const T, Rank, Space> view() const { return tensor_.view(); }
  /// For optimisers and loading. The pointer stays the same as long as nothing of other extents is assigned, or moved.
  View<T, Rank, Space> mutable_view() { return tensor_.view(); }
  /// The owner of the numbers, for copying and moving them as a whole.
  Tensor<T, Rank, Space>& tensor() { return tensor_; }
  const Tensor<T, Rank, Space>& tensor() const { return tensor_; }

  /// How long axis r is, from 0 to Rank - 1.
  Index extent(int r) const { return tensor_.extent(r); }
  std::size_t size() const { return tensor_.size(); }
  bool empty() const { return tensor_.empty(); }

 private:
  Tensor<T, Rank, Space> tensor_;
};

/// Memory of something else in the shape of a parameter: a gradient, a moment.
template <class T, int Rank, class Space>
View<T, Rank, Space> shaped_like(const Parameter<T, Rank, Space>& parameter, void* elements) {
  View<T, Rank, Space> view;
  view.pointer = static_cast<T*>(elements);
  for (int r = 0; r < Rank; ++r) view.extents[r] = parameter.extent(r);
  return view;
}

/// Whether a type is a `Parameter`.
template <class T>
inline constexpr bool is_parameter = false;
template <class T, int Rank, class Space>
inline constexpr bool is_parameter<Parameter<T, Rank, Space>> = true;

}  // namespace longshore::inline LONGSHORE_ABI

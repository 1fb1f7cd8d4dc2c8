// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/interop/xtensor.hpp>
#include <longshore/io/atomic_file.hpp>
#include <longshore/io/byte_source.hpp>
#include <longshore/io/dtype.hpp>
#include <longshore/io/non_finite.hpp>
#include <longshore/io/npy_header.hpp>
#include <longshore/io/tensor_entry.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Reads an array from an opened .npy file. Nothing is allocated before the header has been checked against the size of
/// the file.
///
/// Cost: O(elements), read once into the array.
///
/// @tparam T      the element type of the file: float, double, std::int32_t, std::int64_t or std::uint8_t
/// @param policy  whether a NaN or an infinity is an error
/// @return        the array, C order, with the rank of the file
/// @throws FileError with path and byte if the file is not such an array
template <class T>
xt::xarray<T> read_npy(const ByteSource& source, NonFinite policy = NonFinite::refuse) {
  const NpyHeader header = NpyHeader::read(source);
  expects<FileError>(header.dtype == dtype_of<T>(), source.where(), ": the array holds ", facts_of(header.dtype).name,
                     ", the caller reads ", facts_of(dtype_of<T>()).name);
  auto array = xt::xarray<T>::from_shape(std::vector<std::size_t>(header.shape.begin(), header.shape.end()));
  const std::span<std::byte> bytes = std::as_writable_bytes(std::span(array.data(), array.size()));
  source.read(header.data_offset, bytes);
  if (policy == NonFinite::refuse)
    if (const auto element = first_non_finite(header.dtype, bytes))
      throw FileError(
          text_of(source.where(), ": byte ", header.data_offset + *element * sizeof(T), ": a NaN or an infinity"));
  return array;
}

/// Reads an array from a .npy file, as above.
///
///     xt::xarray<float> vectors = read_npy<float>("items.npy");
///
/// @throws FileError with path and byte if the file cannot be read or is not such an array
template <class T>
xt::xarray<T> read_npy(const std::filesystem::path& path, NonFinite policy = NonFinite::refuse) {
  return read_npy<T>(ByteSource::file("read_npy", path), policy);
}

/// Writes an array in host memory to a .npy file of version 1.0, which appears whole or not at all (see AtomicFile).
///
/// Cost: O(elements).
///
/// @param elements  float, double, std::int32_t, std::int64_t or std::uint8_t; last extent contiguous
/// @param shape     the extents; none for a scalar
/// @throws ShapeError if the shape does not have as many elements, or more extents than NpyHeader::most_extents
/// @throws FileError if a system call fails; the old file is then as it was
template <class T>
void write_npy(const std::filesystem::path& path, std::span<const T> elements, std::span<const std::int64_t> shape) {
  const auto bytes = bytes_of(shape, sizeof(T));
  expects(bytes == elements.size_bytes(), "write_npy: ", path.string(), ": ", elements.size(),
          " elements came, the shape has ", bytes ? std::to_string(*bytes / sizeof(T)) : "an impossible number");
  const std::string header = NpyHeader::text(dtype_of<T>(), shape);
  AtomicFile file(path);
  file.write(std::as_bytes(std::span(header)));
  file.write(std::as_bytes(elements));
  file.commit();
}

/// Writes an xtensor array or expression, as above.
template <class Expression>
void write_npy(const std::filesystem::path& path, const xt::xexpression<Expression>& array) {
  using T = typename Expression::value_type;
  const std::vector<std::int64_t> shape(array.derived_cast().shape().begin(), array.derived_cast().shape().end());
  const auto write = [&](const auto& dense) {
    write_npy<T>(path, std::span<const T>(dense.data(), dense.size()), shape);
  };
  if constexpr (requires(const Expression& e) { e.data(); } && Expression::static_layout == xt::layout_type::row_major)
    write(array.derived_cast());
  else
    write(xt::xarray<T, xt::layout_type::row_major>(array));
}

}  // namespace longshore::inline LONGSHORE_ABI

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include <longshore/core/abi.hpp>
#include <longshore/core/error.hpp>
#include <longshore/io/dtype.hpp>
#include <longshore/io/in_quotes.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// A header of a safetensors file, parsed but kept as text: all names are places in it. A hostile header of many tiny
/// entries so takes no more memory than its own size again.
///
/// Cost: memory no more than the header's.
struct SafetensorsIndex {
  /// One tensor: `shape` is the place of its opening bracket, the name begins at `name`.
  struct Tensor {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    std::uint32_t name = 0;
    std::uint32_t shape = 0;
    std::uint16_t name_bytes = 0;
    std::uint8_t rank = 0;
    Dtype dtype = Dtype::f32;
  };

  /// One pair of the metadata.
  struct Pair {
    std::uint32_t key = 0;
    std::uint32_t key_bytes = 0;
    std::uint32_t value = 0;
    std::uint32_t value_bytes = 0;
  };

  std::string where;  ///< caller and path, the beginning of error texts
  std::string text;   ///< the header; texts with escapes are replaced by what they mean, in place
  std::deque<Tensor> tensors;
  std::deque<Pair> metadata;

  /// What a tensor is called, valid as long as `text`.
  std::string_view name(const Tensor& tensor) const { return piece(tensor.name, tensor.name_bytes); }
  /// The key of a pair of the metadata, valid as long as `text`.
  std::string_view key(const Pair& pair) const { return piece(pair.key, pair.key_bytes); }
  /// Its value, valid as long as `text`.
  std::string_view value(const Pair& pair) const { return piece(pair.value, pair.value_bytes); }

  /// Throws the FileError of something wrong in the header.
  ///
  /// @param place  counted from the header's beginning; the text counts from the file's
  template <class... Parts>
  [[noreturn]] void refuse(std::size_t place, const Parts&... parts) const {
    throw FileError(text_of(where, ": byte ", place + 8, ": ", parts...));
  }

  /// Throws the FileError of something wrong with a tensor.
  template <class... Parts>
  [[noreturn]] void refuse_tensor(const Tensor& tensor, const Parts&... parts) const {
    refuse(tensor.name, "tensor ", in_quotes(name(tensor)), " ", parts...);
  }

 private:
  std::string_view piece(std::size_t begin, std::size_t bytes) const { return {text.data() + begin, bytes}; }
};

}  // namespace longshore::inline LONGSHORE_ABI

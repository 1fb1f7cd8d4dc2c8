// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include <longshore/core/abi.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The element types of a safetensors file. All values are little-endian; booleans are bytes.
enum class Dtype : std::uint8_t { f64, f32, f16, bf16, i64, i32, i16, i8, u64, u32, u16, u8, boolean };

/// The name in the file, and the bytes of one element.
struct DtypeFacts {
  std::string_view name;
  std::uint64_t bytes = 0;
};

/// What each Dtype is called and how large it is, in the order of the enumeration.
inline constexpr std::array<DtypeFacts, 13> dtype_table{{{"F64", 8},
                                                         {"F32", 4},
                                                         {"F16", 2},
                                                         {"BF16", 2},
                                                         {"I64", 8},
                                                         {"I32", 4},
                                                         {"I16", 2},
                                                         {"I8", 1},
                                                         {"U64", 8},
                                                         {"U32", 4},
                                                         {"U16", 2},
                                                         {"U8", 1},
                                                         {"BOOL", 1}}};

/// Name and size of an element type.
///
/// Cost: O(1).
constexpr DtypeFacts facts_of(Dtype dtype) { return dtype_table[static_cast<std::size_t>(dtype)]; }

/// Finds an element type by its name in the file.
constexpr std::optional<Dtype> dtype_named(std::string_view name) {
  for (std::size_t i = 0; i < dtype_table.size(); ++i)
    if (dtype_table[i].name == name) return static_cast<Dtype>(i);
  return std::nullopt;
}

/// The element type that stores values of `T` bit for bit.
template <class T>
constexpr Dtype dtype_of() {
  if constexpr (std::is_same_v<T, double>)
    return Dtype::f64;
  else if constexpr (std::is_same_v<T, float>)
    return Dtype::f32;
  else if constexpr (std::is_same_v<T, std::int64_t>)
    return Dtype::i64;
  else if constexpr (std::is_same_v<T, std::int32_t>)
    return Dtype::i32;
  else if constexpr (std::is_same_v<T, std::int16_t>)
    return Dtype::i16;
  else if constexpr (std::is_same_v<T, std::int8_t>)
    return Dtype::i8;
  else if constexpr (std::is_same_v<T, std::uint64_t>)
    return Dtype::u64;
  else if constexpr (std::is_same_v<T, std::uint32_t>)
    return Dtype::u32;
  else if constexpr (std::is_same_v<T, std::uint16_t>)
    return Dtype::u16;
  else {
    static_assert(std::is_same_v<T, std::uint8_t>,
                  "Tensors in files hold float, double or fixed-width integers; read other types as bytes.");
    return Dtype::u8;
  }
}

}  // namespace longshore::inline LONGSHORE_ABI

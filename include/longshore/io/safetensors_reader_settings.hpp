// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/abi.hpp>
#include <longshore/io/non_finite.hpp>
#include <longshore/io/safetensors_limits.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What to do with the checksums of a safetensors file. Other programs write none.
enum class Checksums {
  if_present,  ///< check those that are there
  required,    ///< refuse a file without them
  ignored      ///< do not look at them: for files whose metadata another program copied into changed tensors
};

/// How strict the safetensors reader is.
struct SafetensorsReaderSettings {
  Checksums checksums = Checksums::if_present;
  NonFinite non_finite = NonFinite::refuse;
  SafetensorsLimits limits = {};
};

}  // namespace longshore::inline LONGSHORE_ABI

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include <longshore/core/abi.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Where a text reader gets its bytes, from front to end: a call fills the front of the span and returns how many bytes
/// it wrote, 0 only at the end (or for an empty span). A stream that fails throws a `FileError` with the reason alone;
/// the reader adds name, line and column.
///
/// `file_stream` and `text_stream` make them; so can any program, for a socket or an archive.
///
/// Cost: that of the stream.
using ByteStream = std::function<std::size_t(std::span<char>)>;

}  // namespace longshore::inline LONGSHORE_ABI

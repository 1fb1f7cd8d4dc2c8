// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <stdexcept>

#include <longshore/core/abi.hpp>
#include <longshore/core/text_of.hpp>

// The exception types stay outside the inline namespace: units compiled with different flags can catch each other's.
namespace longshore {

/// What every exception of the library is. The text names the function, what it expected and what came.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Extents, ranks or sizes that do not fit each other; settings outside their range; use outside the life of Kokkos.
class ShapeError : public Error {
 public:
  using Error::Error;
};

/// Values that cannot be used: an id outside its table, a NaN in a gradient, an empty log.
class DataError : public Error {
 public:
  using Error::Error;
};

/// A file that cannot be read or written, or whose content is wrong: the text has path and line:column or byte.
class FileError : public Error {
 public:
  using Error::Error;
};

/// Work that was given up because a stop was requested, such as the ranking of a validation: nothing is wrong.
class Interrupted : public Error {
 public:
  using Error::Error;
};

inline namespace LONGSHORE_ABI {

/// Throws `Kind` with the joined text. Never inlined: the many sentences of the library stay out of its hot code, and
/// are quick to compile.
template <class Kind>
[[noreturn, gnu::cold, gnu::noinline]] void throw_error(std::span<const TextPart> parts) {
  throw Kind(join_parts(parts));
}

/// Throws `Kind` with the joined text unless the condition holds. The text is only built when it fails.
///
///     expects(x.extent(1) == features, "Linear: x has ", x.extent(1), " features, the weights expect ", features);
///
/// @throws Kind (ShapeError by default) if the condition is false
template <class Kind = ShapeError, class... Parts>
void expects(bool condition, const Parts&... parts) {
  if (!condition) [[unlikely]] {
    const TextPart all[] = {TextPart(parts)...};
    throw_error<Kind>(all);
  }
}

}  // namespace LONGSHORE_ABI
}  // namespace longshore

// SPDX-License-Identifier: Apache-2.0
#include <everything.hpp>

const char* version_in_second();
const char* version_in_library();

int main(int count, char** arguments) {
  const Kokkos::ScopeGuard kokkos(count, arguments);
  const std::string version = LONGSHORE_VERSION_STRING;
  return version == version_in_second() && version == version_in_library() ? 0 : 1;
}

// SPDX-License-Identifier: Apache-2.0
#include <everything.hpp>

const char* version_in_library();
const char* version_in_library() { return LONGSHORE_VERSION_STRING; }

// SPDX-License-Identifier: Apache-2.0
#include <everything.hpp>

const char* version_in_second();
const char* version_in_second() { return LONGSHORE_VERSION_STRING; }

// SPDX-License-Identifier: Apache-2.0
#pragma once

// What nearly every test includes, compiled once. None of the library's own headers: they change.
#include <Eigen/Core>
#include <Kokkos_Core.hpp>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <doctest/doctest.h>
#include <string>
#include <vector>

// SPDX-License-Identifier: Apache-2.0
#pragma once

// What many tests include, compiled once. None of the library's own headers: they change.
#include <doctest/doctest.h>
#include <Eigen/Core>
#include <Kokkos_Core.hpp>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <longshore/interop/xtensor.hpp>  // only says where xtensor's own headers are
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

// SPDX-License-Identifier: Apache-2.0
#pragma once

// The one place that knows where xtensor keeps its headers: release 0.26 moved them into folders.
#if __has_include(<xtensor/containers/xtensor.hpp>)
#include <xtensor/containers/xadapt.hpp>
#include <xtensor/containers/xtensor.hpp>
#elif !__has_include(<xtensor/xtensor.hpp>)
#error "Longshore needs xtensor 0.24 or newer: give the compiler its folder"
#define LONGSHORE_STOP "xtensor 0.24"
#include LONGSHORE_STOP  // no such file, as in core/abi.hpp
#else
#include <xtensor/xadapt.hpp>
#include <xtensor/xtensor.hpp>
#endif

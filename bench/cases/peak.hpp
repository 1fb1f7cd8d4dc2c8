// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What this machine can do at best, with as many threads as OpenMP was given.
struct Peak {
  double gflops;    // fp32 multiply-adds in registers, each two operations
  double l2_gbs;    // bytes read from an array that fits the L2 of a core
  double dram_gbs;  // bytes from arrays that fit no cache, read, or read and written, whichever is more
};

Peak measure_peak();

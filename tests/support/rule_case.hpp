// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the tests of an update rule call.
#include "check_rule_bits.hpp"
#include "check_rule_edges.hpp"
#include "check_rule_golden.hpp"
#include "check_rule_reference.hpp"

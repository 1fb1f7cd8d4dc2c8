# SPDX-License-Identifier: Apache-2.0
"""The exact randomisation test of paired values by SciPy (its version in `version`)."""
import numpy
import scipy
import torch
from scipy.stats import permutation_test


def cases(draw):
    found = {}
    for i in range(6):
        rows = draw.size(2, 11)
        # Multiples of 1/64, whose differences and sums are exact: SciPy takes equal sums that are near zero for equal only
        # where they are equal bit by bit.
        a = numpy.round(draw.random.random(rows) * 64) / 64
        b = numpy.round(draw.random.random(rows) * (64 if i % 2 else 32)) / 64
        result = permutation_test((a, b), lambda x, y: numpy.mean(x - y), permutation_type="samples", n_resamples=numpy.inf)
        found[str(i)] = {
            "a": torch.tensor(a),
            "b": torch.tensor(b),
            "difference": torch.tensor([result.statistic], dtype=torch.float64),
            "p_value": torch.tensor([result.pvalue], dtype=torch.float64),
            "version": torch.tensor([int(part) for part in scipy.__version__.split(".")[:2]]),
        }
    return found

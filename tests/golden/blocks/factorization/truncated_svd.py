# SPDX-License-Identifier: Apache-2.0
"""The largest singular values of a sparse matrix, and the scores of PureSVD, X V Vᵀ, by NumPy's SVD."""
import numpy
import torch


def cases(draw):
    found = {}
    for i in range(5):
        users, items, features = draw.size(12, 30), draw.size(10, 25), draw.size(1, 6)
        # A few strong directions and noise, at a third of all places.
        strong = sum(8 * 0.6**k * numpy.outer(draw.random.random(users), draw.random.random(items)) for k in range(6))
        x = (strong + 0.02 * draw.random.random((users, items))) * (draw.random.random((users, items)) < 1 / 3)
        x = x.astype(numpy.float32).astype(numpy.float64)
        _, values, right = numpy.linalg.svd(x)
        v = right[:features].T
        found[str(i)] = {
            "x": torch.tensor(x),
            "features": torch.tensor([features]),
            "values": torch.tensor(values[:features].copy()),
            "scores": torch.tensor(x @ v @ v.T),
        }
    return found

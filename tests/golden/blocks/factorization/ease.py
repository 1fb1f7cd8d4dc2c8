# SPDX-License-Identifier: Apache-2.0
"""The weights of EASE by NumPy's inverse, as in Steck 2019, section 3."""
import numpy
import torch


def cases(draw):
    found = {}
    for i in range(5):
        users, items = draw.size(8, 40), draw.size(2, 20)
        x = (draw.random.random((users, items)) < 0.4).astype(numpy.float64)
        if i % 2:
            x *= draw.random.integers(1, 6, (users, items))
        regularisation = float(draw.size(1, 20))
        inverse = numpy.linalg.inv(x.T @ x + regularisation * numpy.identity(items))
        weights = inverse / -numpy.diag(inverse)
        numpy.fill_diagonal(weights, 0)
        found[str(i)] = {
            "x": torch.tensor(x),
            "regularization": torch.tensor([regularisation], dtype=torch.float64),
            "weights": torch.tensor(weights),
        }
    return found

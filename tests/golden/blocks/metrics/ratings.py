# SPDX-License-Identifier: Apache-2.0
"""Errors of ratings by scikit-learn (PyPI's scikit-learn, its version in `version`)."""
import numpy
import sklearn
import torch
from sklearn.metrics import mean_absolute_error, root_mean_squared_error


def cases(draw):
    found = {}
    for i in range(6):
        rows = draw.size(1, 300)
        labels = draw.random.integers(1, 6, rows).astype(float)
        predictions = labels + draw.random.standard_normal(rows) * 10.0 ** (i - 2)
        found[str(i)] = {
            "labels": torch.tensor(labels),
            "predictions": torch.tensor(predictions),
            "rmse": torch.tensor([root_mean_squared_error(labels, predictions)], dtype=torch.float64),
            "mae": torch.tensor([mean_absolute_error(labels, predictions)], dtype=torch.float64),
            "version": torch.tensor([int(part) for part in sklearn.__version__.split(".")[:2]]),
        }
    return found

# SPDX-License-Identifier: Apache-2.0
"""Ranking metrics of rows with several relevant items by scikit-learn (its version in `version`)."""
import numpy
import sklearn
import torch
from sklearn.metrics import average_precision_score, ndcg_score, precision_score, recall_score


def cases(draw):
    found = {}
    for i in range(6):
        rows, items = draw.size(1, 12), draw.size(5, 80)
        k = draw.size(1, items)
        scores = draw.random.permuted(numpy.tile(numpy.arange(items, dtype=float), (rows, 1)), axis=1)  # no equal ones
        relevant = (draw.random.random((rows, items)) < 0.15).astype(int)
        relevant[numpy.arange(rows), draw.random.integers(0, items, rows)] = 1
        listed = (scores >= items - k).astype(int)
        found[str(i)] = {
            "scores": torch.tensor(scores),
            "relevant": torch.tensor(relevant),
            "k": torch.tensor([k]),
            "ndcg": torch.tensor([ndcg_score(relevant, scores, k=k)], dtype=torch.float64),
            "map": torch.tensor([numpy.mean([average_precision_score(r, s) for r, s in zip(relevant, scores)])]),
            "precision": torch.tensor([numpy.mean([precision_score(r, t) for r, t in zip(relevant, listed)])]),
            "recall": torch.tensor([numpy.mean([recall_score(r, t) for r, t in zip(relevant, listed)])]),
            "version": torch.tensor([int(part) for part in sklearn.__version__.split(".")[:2]]),
        }
    return found

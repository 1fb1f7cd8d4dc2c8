# SPDX-License-Identifier: Apache-2.0
"""AUC, group AUCs, log loss and calibration by scikit-learn (PyPI's scikit-learn, its version in `version`)."""
import numpy
import sklearn
import torch
from sklearn.calibration import calibration_curve
from sklearn.metrics import log_loss, roc_auc_score

BINS = 10


def number(value):
    return torch.tensor([float(value)], dtype=torch.float64)


def whole(values):
    return torch.tensor(numpy.asarray(values), dtype=torch.int64)


def cases(draw):
    found = {}
    for i in range(8):
        rows = draw.size(2, 9) if i < 2 else draw.size(40, 400)
        labels = draw.random.integers(0, 2, rows)
        labels[:2] = 0, 1
        logits = draw.random.standard_normal(rows) * 3 + labels
        if i % 2 == 1:
            logits = numpy.round(logits * 2) / 2  # many equal scores
        probabilities = 1 / (1 + numpy.exp(-logits))
        if i == 7:
            probabilities[:4] = 0, 1, 1, 0  # the clipped ends, right and wrong
        groups = draw.random.integers(0, max(2, rows // 8), rows)
        groups[:2] = 0
        aucs, sizes, positives, skipped = [], [], [], 0
        for group in numpy.unique(groups):
            inside = groups == group
            if len(numpy.unique(labels[inside])) < 2:
                skipped += 1
                continue
            aucs.append(roc_auc_score(labels[inside], logits[inside]))
            sizes.append(inside.sum())
            positives.append(labels[inside].sum())
        shares, means = calibration_curve(labels, probabilities, n_bins=BINS)
        counts = numpy.bincount(numpy.searchsorted(numpy.linspace(0, 1, BINS + 1)[1:-1], probabilities), minlength=BINS)
        counts = counts[counts > 0]
        found[str(i)] = {
            "labels": whole(labels),
            "logits": torch.tensor(logits),
            "probabilities": torch.tensor(probabilities),
            "groups": whole(groups),
            "auc": number(roc_auc_score(labels, logits)),
            "group_auc": number(numpy.mean(aucs)),
            "group_auc_by_rows": number(numpy.average(aucs, weights=sizes)),
            "group_auc_by_positives": number(numpy.average(aucs, weights=positives)),
            "skipped": whole([skipped]),
            "log_loss": number(log_loss(labels, probabilities)),
            "log_loss_of_logits": number(log_loss(labels, 1 / (1 + numpy.exp(-logits)))),
            "calibration_error": number(numpy.sum(counts * numpy.abs(shares - means)) / rows),
            "version": whole([int(part) for part in sklearn.__version__.split(".")[:2]]),
        }
    return found

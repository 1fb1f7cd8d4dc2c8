# SPDX-License-Identifier: Apache-2.0
import torch
from generate import example


def cases(draw):
    found = {}
    for i in range(6):
        rows, columns = draw.size(1, 9), draw.size(1, 9)
        scores, labels, weights = draw.normal(rows, columns), draw.ids(6, rows, columns), draw.ids(4, rows, columns)
        loss = torch.nn.functional.mse_loss(scores, labels.double(), reduction="none")
        tensors = {"scores": scores, "labels": labels}
        if i < 4:
            tensors["weights"] = weights
            loss = loss * weights
        loss = loss.mean() if i % 2 else loss.sum()
        found[str(i)] = example(draw, tensors, loss.reshape(1), {"mean": i % 2})
    return found

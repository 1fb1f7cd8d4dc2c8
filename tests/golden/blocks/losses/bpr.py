# SPDX-License-Identifier: Apache-2.0
import torch
from generate import example


def cases(draw):
    found = {}
    for i in range(6):
        rows, columns = draw.size(1, 9), draw.size(2, 9)
        scores, weights = draw.normal(rows, columns), draw.ids(4, rows, columns)
        loss = -torch.nn.functional.logsigmoid(scores[:, :1] - scores[:, 1:])
        tensors = {"scores": scores}
        if i < 4:
            tensors["weights"] = weights
            loss = loss * weights[:, :1]
        loss = loss.mean() if i % 2 else loss.sum()
        found[str(i)] = example(draw, tensors, loss.reshape(1), {"mean": i % 2})
    return found

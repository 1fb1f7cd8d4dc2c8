# SPDX-License-Identifier: Apache-2.0
import torch
from generate import example


def cases(draw):
    found = {}
    for i in range(6):
        rows, features, count = draw.size(1, 20), draw.size(1, 40), draw.size(1, 30)
        weights, ids = draw.normal(rows, features), draw.ids(rows, count)
        y = torch.nn.functional.embedding(ids, weights)
        found[str(i)] = example(draw, {"block.weights": weights, "ids": ids}, y)
    return found

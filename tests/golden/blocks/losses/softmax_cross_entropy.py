# SPDX-License-Identifier: Apache-2.0
import torch
from generate import example


def cases(draw):
    found = {}
    for i in range(6):
        rows, items, features = draw.size(1, 9), draw.size(1, 60), draw.size(1, 8)
        interests, table, targets = draw.normal(rows, features), draw.normal(items, features), draw.ids(items, rows)
        tensors = {"interests": interests, "items": table, "targets": targets}
        logits = interests @ table.T
        if i % 3 == 0:
            tensors["bias"] = draw.normal(items)
            logits = logits + tensors["bias"]
        loss = torch.nn.functional.cross_entropy(logits, targets, reduction="none")
        if i < 4:
            tensors["weights"] = draw.ids(4, rows)
            loss = loss * tensors["weights"]
        loss = loss.mean() if i % 2 else loss.sum()
        found[str(i)] = example(draw, tensors, loss.reshape(1), {"mean": i % 2})
    return found

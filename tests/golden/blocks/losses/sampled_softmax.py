# SPDX-License-Identifier: Apache-2.0
import torch
from generate import example


def cases(draw):
    found = {}
    for i in range(6):
        rows, columns = draw.size(1, 9), draw.size(1, 12)
        scores, weights, ids = draw.normal(rows, columns), draw.ids(4, rows, columns), draw.ids(5, rows, columns)
        log_q = torch.rand(rows, columns).float().log()  # single precision, as batches carry it
        tensors = {"scores": scores, "ids": ids, "log_q": log_q.double()}
        logits = scores - log_q.double()
        hits = ids == ids[:, :1]
        hits[:, 0] = False
        logits = logits.masked_fill(hits, -torch.inf)
        loss = torch.nn.functional.cross_entropy(logits, torch.zeros(rows, dtype=torch.long), reduction="none")
        if i < 4:
            tensors["weights"] = weights
            loss = loss * weights[:, 0]
        loss = loss.mean() if i % 2 else loss.sum()
        found[str(i)] = example(draw, tensors, loss.reshape(1), {"mean": i % 2})
    return found

# SPDX-License-Identifier: Apache-2.0
import torch
from generate import example


def cases(draw):
    found = {}
    for i in range(6):
        rows, columns = draw.size(1, 9), draw.size(1, 9)
        scores, labels, weights = draw.normal(rows, columns), draw.ids(2, rows, columns), draw.ids(4, rows, columns)
        reduction = "mean" if i % 2 else "sum"
        loss = torch.nn.functional.binary_cross_entropy_with_logits(
            scores, labels.double(), weight=weights.double() if i < 4 else None, reduction=reduction)
        tensors = {"scores": scores, "labels": labels}
        if i < 4:
            tensors["weights"] = weights
        found[str(i)] = example(draw, tensors, loss.reshape(1), {"mean": i % 2})
    for i in (6, 7):  # logits of 5 to 30 in size, each of its label's sign: the losses are small and must keep their digits
        rows, columns = draw.size(6, 9), draw.size(6, 9)
        labels = draw.ids(2, rows, columns)
        sizes = 5 + 25 * torch.tensor(draw.random.random((rows, columns)))
        scores = (sizes * (2 * labels - 1)).requires_grad_()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(scores, labels.double(), reduction="sum")
        found[str(i)] = example(draw, {"scores": scores, "labels": labels}, loss.reshape(1), {"mean": 0})
    return found

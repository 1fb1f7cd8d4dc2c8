# SPDX-License-Identifier: Apache-2.0
import torch
from generate import example


def losses_of(scores, labels):
    """The loss of each score: -log sigmoid(z) with z = x for a label of 1, -x for 0.

    binary_cross_entropy_with_logits subtracts numbers of the size of the score, in its gradient numbers of order one: a
    score of its label's sign leaves rounding errors of a small loss.
    """
    return -torch.nn.functional.logsigmoid(scores * (2 * labels - 1))


def cases(draw):
    found = {}
    for i in range(6):
        rows, columns = draw.size(1, 9), draw.size(1, 9)
        scores, labels, weights = draw.normal(rows, columns), draw.ids(2, rows, columns), draw.ids(4, rows, columns)
        losses = losses_of(scores, labels) * (weights if i < 4 else 1)
        loss = losses.mean() if i % 2 else losses.sum()
        tensors = {"scores": scores, "labels": labels}
        if i < 4:
            tensors["weights"] = weights
        found[str(i)] = example(draw, tensors, loss.reshape(1), {"mean": i % 2})
    for i in (6, 7):  # logits of 5 to 30 in size, each of its label's sign: the losses are small and must keep their digits
        rows, columns = draw.size(6, 9), draw.size(6, 9)
        labels = draw.ids(2, rows, columns)
        sizes = 5 + 25 * torch.tensor(draw.random.random((rows, columns)))
        scores = (sizes * (2 * labels - 1)).requires_grad_()
        loss = losses_of(scores, labels).sum()
        found[str(i)] = example(draw, {"scores": scores, "labels": labels}, loss.reshape(1), {"mean": 0})
    return found

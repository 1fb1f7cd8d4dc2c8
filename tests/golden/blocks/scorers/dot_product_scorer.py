# SPDX-License-Identifier: Apache-2.0
import torch
from fuser_inputs import draw_interests
from generate import example


def cases(draw):
    found = {}
    for i in range(6):
        interests, candidates = draw_interests(draw, i % 3, count=1)
        tensors = {"interest": interests["interests.0"], "candidates": candidates}
        scale = torch.tensor([1.0 if i % 2 else 0.3], dtype=torch.float64)
        y = (tensors["interest"] * candidates).sum(-1) * scale
        if i >= 4:
            y = torch.sigmoid(y)
        found[str(i)] = example(draw, {**tensors, "scale": scale}, y, {"sigmoid": i >= 4})
    return found

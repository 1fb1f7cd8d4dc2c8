# SPDX-License-Identifier: Apache-2.0
import torch
from fuser_inputs import draw_interests
from generate import example


def cases(draw):
    found = {}
    for i in range(6):
        interests, candidates = draw_interests(draw, i % 3, count=1, narrowest=4)  # a cosine of numbers has no gradient
        tensors = {"interest": interests["interests.0"], "candidates": candidates}
        scale = torch.tensor([1.0 if i % 2 else 4.0], dtype=torch.float64)
        y = torch.nn.functional.cosine_similarity(tensors["interest"], candidates, dim=-1) * scale
        found[str(i)] = example(draw, {**tensors, "scale": scale}, y)
    return found

# SPDX-License-Identifier: Apache-2.0
import torch
from fuser_inputs import draw_interests, joined
from generate import example


def cases(draw):
    found = {}
    for i in range(6):
        interests, _ = draw_interests(draw, i)
        logits = draw.normal(len(interests))
        weights = torch.softmax(logits, 0)
        y = (weights[:, None, None, None] * torch.stack(joined(interests))).sum(0)
        found[str(i)] = example(draw, {**interests, "block.logits": logits}, y)
    return found

# SPDX-License-Identifier: Apache-2.0
import torch
from fuser_inputs import draw_interests, joined
from generate import example


def cases(draw):
    found = {}
    for i in range(6):
        interests, _ = draw_interests(draw, i)
        found[str(i)] = example(draw, interests, torch.stack(joined(interests)).amax(0))
    return found

# SPDX-License-Identifier: Apache-2.0
import torch
from fuser_inputs import draw_interests, joined
from generate import example


def cases(draw):
    found = {}
    for i in range(8):
        tensors, _ = draw_interests(draw, i % 4, equal_widths=False)
        y = torch.cat(joined(tensors), dim=-1)
        if i >= 4:
            out = draw.size(1, 9)
            tensors["block.project.weights"] = draw.normal(out, y.shape[-1])
            tensors["block.project.bias"] = draw.normal(out)
            y = torch.nn.functional.linear(y, tensors["block.project.weights"], tensors["block.project.bias"])
        found[str(i)] = example(draw, tensors, y)
    return found

# SPDX-License-Identifier: Apache-2.0
import torch
from generate import example


def cases(draw):
    found = {}
    for i in range(6):
        rows, inputs, outputs = draw.size(1, 9), draw.size(1, 40), draw.size(1, 40)
        x, weights = draw.normal(rows, inputs), draw.normal(outputs, inputs)
        tensors = {"x": x, "block.weights": weights}
        if i % 2 == 0:
            tensors["block.bias"] = draw.normal(outputs)
        y = torch.nn.functional.linear(x, weights, tensors.get("block.bias"))
        found[str(i)] = example(draw, tensors, y)
    return found

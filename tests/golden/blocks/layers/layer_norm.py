# SPDX-License-Identifier: Apache-2.0
import torch
from generate import example


def cases(draw):
    found = {}
    for i in range(6):
        features = draw.size(3, 40)
        x = draw.normal(draw.size(1, 9), features)
        tensors = {"x": x}
        if i % 3 != 2:
            tensors["block.weights"] = draw.normal(features)
            tensors["block.bias"] = draw.normal(features)
        y = torch.nn.functional.layer_norm(
            x, (features,), tensors.get("block.weights"), tensors.get("block.bias"))
        found[str(i)] = example(draw, tensors, y)
    return found

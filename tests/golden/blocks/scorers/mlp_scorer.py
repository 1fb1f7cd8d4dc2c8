# SPDX-License-Identifier: Apache-2.0
import torch
from fuser_inputs import draw_interests
from generate import example


def cases(draw):
    found = {}
    for i in range(8):
        wide = draw.size(60, 68) if i >= 6 else None  # several vectors of features, and a remainder
        interests, candidates = draw_interests(draw, i % 3, count=1, seen=wide or draw.size(1, 7), features=wide)
        interest = interests["interests.0"]
        tensors = {"interest": interest, "candidates": candidates}
        y = torch.cat([interest.expand(-1, candidates.shape[1], -1), candidates], dim=-1)
        sizes = [y.shape[-1]] + [draw.size(17, 20) if wide else draw.size(1, 8) for _ in range(i % 3)] + [1]
        for layer, (fan_in, fan_out) in enumerate(zip(sizes, sizes[1:])):
            weights, bias = draw.weights(fan_out, fan_in), draw.normal(fan_out)
            tensors[f"block.mlp.layers.{layer}.weights"], tensors[f"block.mlp.layers.{layer}.bias"] = weights, bias
            y = torch.nn.functional.linear(torch.relu(y) if layer else y, weights, bias)
        found[str(i)] = example(draw, tensors, y.squeeze(-1))
    return found

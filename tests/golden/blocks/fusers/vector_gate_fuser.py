# SPDX-License-Identifier: Apache-2.0
import torch
from fuser_inputs import draw_interests, joined
from generate import example


def cases(draw):
    """The gate of SDM: elementwise, of both interests and perhaps of what stands for the candidate."""
    found = {}
    for i in range(9):
        sees = i >= 4
        wide = draw.size(60, 68) if i == 8 else None  # several vectors of features, and a remainder
        tensors, candidates = draw_interests(draw, i % 4, count=2, seen=draw.size(1, 6), features=wide)
        first, second = joined(tensors, candidates if sees else None)
        seen = torch.cat(([candidates] if sees else []) + [first, second], dim=-1)
        if sees:
            tensors["candidates"] = candidates
        tensors["block.gate.weights"] = draw.weights(first.shape[-1], seen.shape[-1])
        if i % 2 == 0:
            tensors["block.gate.bias"] = draw.normal(first.shape[-1])
        gate = torch.sigmoid(
            torch.nn.functional.linear(seen, tensors["block.gate.weights"], tensors.get("block.gate.bias")))
        found[str(i)] = example(draw, tensors, gate * first + (1 - gate) * second)
    return found

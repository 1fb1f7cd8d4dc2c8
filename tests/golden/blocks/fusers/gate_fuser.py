# SPDX-License-Identifier: Apache-2.0
import torch
from fuser_inputs import draw_interests, joined
from generate import example


def cases(draw):
    """Scalar gates of SLi-Rec for two interests, and their form for three; some see the candidates."""
    found = {}
    for i in range(9):
        sees = i >= 4
        wide = draw.size(60, 68) if i == 8 else None  # several vectors of features, and a remainder
        tensors, candidates = draw_interests(draw, i % 4, seen=draw.size(1, 6), features=wide)
        interests = joined(tensors, candidates if sees else None)
        seen = ([candidates] if sees else []) + interests
        sizes = [sum(part.shape[-1] for part in seen)] + [draw.size(17, 20) if wide else draw.size(1, 8) for _ in range(i % 3)] + [len(interests) - 1]
        if sees:
            tensors["candidates"] = candidates
        y = torch.cat(seen, dim=-1)
        for layer, (fan_in, fan_out) in enumerate(zip(sizes, sizes[1:])):
            weights, bias = draw.weights(fan_out, fan_in), draw.normal(fan_out)
            tensors[f"block.gate.layers.{layer}.weights"], tensors[f"block.gate.layers.{layer}.bias"] = weights, bias
            y = torch.nn.functional.linear(torch.relu(y) if layer else y, weights, bias)
        if len(interests) == 2:
            alpha = torch.sigmoid(y)
            fused = alpha * interests[0] + (1 - alpha) * interests[1]
        else:
            alpha = torch.softmax(torch.cat([y, torch.zeros_like(y[..., :1])], dim=-1), dim=-1)
            fused = sum(alpha[..., k : k + 1] * interests[k] for k in range(len(interests)))
        found[str(i)] = example(draw, tensors, fused)
    return found

# SPDX-License-Identifier: Apache-2.0
import math

import torch
from fuser_inputs import draw_interests, joined
from generate import example


def cases(draw):
    found = {}
    for i in range(9):
        hidden = draw.size(1, 7) if i % 2 else 0
        by_candidate = i >= 4
        wide = None
        if i == 8:  # several vectors of features, and a remainder
            wide, hidden = draw.size(60, 68), draw.size(33, 40)
        tensors, candidates = draw_interests(draw, i % 4, seen=hidden, features=wide)
        x = torch.stack(joined(tensors, candidates if by_candidate else None), dim=2)  # (B, C, n, D)
        keys = x
        if hidden:
            tensors["block.keys.weights"] = draw.weights(hidden, x.shape[-1])
            tensors["block.keys.bias"] = draw.normal(hidden)
            keys = torch.tanh(torch.nn.functional.linear(x, tensors["block.keys.weights"], tensors["block.keys.bias"]))
        width = keys.shape[-1]
        if by_candidate:
            tensors["candidates"] = query = candidates
            scores = torch.einsum("bcd,bcnd->bcn", query, keys)
        else:
            tensors["block.query"] = query = draw.normal(width)
            scores = torch.einsum("d,bcnd->bcn", query, keys)
        scaled = i % 3 != 0
        weights = torch.softmax(scores / math.sqrt(width) if scaled else scores, dim=-1)
        y = torch.einsum("bcn,bcnd->bcd", weights, x)
        found[str(i)] = example(draw, tensors, y, {"scaled": scaled})
    return found

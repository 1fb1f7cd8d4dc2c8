# SPDX-License-Identifier: Apache-2.0
import torch
from generate import example, offsets


def cases(draw):
    found = {}
    for i in range(9):
        heads, causal, bias = draw.size(1, 3), i % 2, i % 4 != 3
        features = heads * draw.size(1, 5)
        lengths = draw.lengths(draw.size(1, 4), 9)
        if i == 0:
            lengths = [1, 0, 21]  # more queries than lanes
        if i == 8:  # wide: several vectors of features in a head, and a remainder
            heads, features, lengths = 2, 2 * draw.size(28, 33), [3, 0, 18]
        x = draw.normal(sum(lengths), features)
        attention = torch.nn.MultiheadAttention(features, heads, bias=bias, batch_first=True, dtype=torch.float64)
        tensors = {"x": x, "offsets": offsets(lengths)}
        names = {"in_proj_weight": "block.in_proj.weights", "out_proj.weight": "block.out_proj.weights"}
        if bias:
            names |= {"in_proj_bias": "block.in_proj.bias", "out_proj.bias": "block.out_proj.bias"}
        state = {}
        for theirs, ours in names.items():
            shape = attention.get_parameter(theirs).shape
            tensors[ours] = state[theirs] = draw.weights(*shape) if len(shape) == 2 else draw.normal(*shape)
        rows = []
        for steps in torch.split(x, lengths):
            if len(steps) == 0:
                continue
            mask = torch.nn.Transformer.generate_square_subsequent_mask(len(steps), dtype=torch.float64)
            y, _ = torch.func.functional_call(
                attention, state, (steps[None], steps[None], steps[None]),
                {"attn_mask": mask if causal else None, "need_weights": False})
            rows.append(y[0])
        found[str(i)] = example(draw, tensors, torch.cat([*rows, x[:0]]), {"heads": heads, "causal": causal})
    return found

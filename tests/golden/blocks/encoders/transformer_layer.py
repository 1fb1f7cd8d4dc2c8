# SPDX-License-Identifier: Apache-2.0
import torch
from generate import example, offsets

# Ours by theirs.
NAMES = {
    "self_attn.in_proj_weight": "attention.in_proj.weights",
    "self_attn.in_proj_bias": "attention.in_proj.bias",
    "self_attn.out_proj.weight": "attention.out_proj.weights",
    "self_attn.out_proj.bias": "attention.out_proj.bias",
    "linear1.weight": "linear1.weights",
    "linear1.bias": "linear1.bias",
    "linear2.weight": "linear2.weights",
    "linear2.bias": "linear2.bias",
    "norm1.weight": "norm1.weights",
    "norm1.bias": "norm1.bias",
    "norm2.weight": "norm2.weights",
    "norm2.bias": "norm2.bias",
}


def cases(draw):
    found = {}
    for i in range(9):
        causal, norm_first, gelu = i % 2, i // 2 % 2, i // 4 % 2
        heads = 1 + (causal + norm_first + gelu) % 2
        # At least four: a norm of two features gives their signs, its gradient is made of rounding errors.
        features, hidden = heads * draw.size(4 // heads, 6 // heads), draw.size(1, 7)
        lengths = draw.lengths(draw.size(1, 3), 6)
        if i == 0:
            lengths = [1, 0, 18]  # more queries than lanes
        if i == 8:  # wide: several vectors of features in a head, and a remainder
            causal, norm_first, gelu, heads = 1, 1, 1, 2
            features, hidden, lengths = 2 * draw.size(28, 33), draw.size(33, 40), [3, 0, 18]
        x = draw.normal(sum(lengths), features)
        layer = torch.nn.TransformerEncoderLayer(
            features, heads, hidden, dropout=0.0, activation="gelu" if gelu else "relu", batch_first=True,
            norm_first=bool(norm_first), dtype=torch.float64)
        tensors = {"x": x, "offsets": offsets(lengths)}
        state = {}
        for theirs, ours in NAMES.items():
            shape = layer.get_parameter(theirs).shape
            tensors["block." + ours] = state[theirs] = draw.weights(*shape) if len(shape) == 2 else draw.normal(*shape)
        rows = []
        for steps in torch.split(x, lengths):
            if len(steps) == 0:
                continue
            mask = torch.nn.Transformer.generate_square_subsequent_mask(len(steps), dtype=torch.float64)
            rows.append(torch.func.functional_call(layer, state, (steps[None],), {"src_mask": mask if causal else None})[0])
        settings = {"heads": heads, "causal": causal, "norm_first": norm_first, "gelu": gelu}
        found[str(i)] = example(draw, tensors, torch.cat([*rows, x[:0]]), settings)
    return found

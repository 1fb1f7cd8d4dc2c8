# SPDX-License-Identifier: Apache-2.0
"""What golden values of recurrent encoders share: PyTorch reads the sequences one by one, so there is no padding to get wrong."""
import torch
from generate import example

SHAPES = [  # layers, bidirectional, bias, initial states
    (1, False, True, False),
    (1, False, True, True),
    (1, True, True, True),
    (2, False, True, True),
    (2, True, True, False),
    (3, True, False, True),
    (1, False, True, True),  # wide: several vectors of features and of hidden numbers, and a remainder
]


def names(layers, bidirectional, bias):
    """Names of PyTorch's parameters and ours."""
    for layer in range(layers):
        for suffix, ours in [("", "layers"), ("_reverse", "reverse_layers")][: 2 if bidirectional else 1]:
            for kind, name in [("weight_ih", "weights_input"), ("weight_hh", "weights_hidden"), ("bias_ih", "bias_input"),
                               ("bias_hh", "bias_hidden")][: 4 if bias else 2]:
                yield f"{kind}_l{layer}{suffix}", f"block.{ours}.{layer}.{name}"


def cases(draw, kind, has_cell):
    found = {}
    for i, (layers, bidirectional, bias, initial) in enumerate(SHAPES):
        wide = i == len(SHAPES) - 1
        features, hidden = (draw.size(60, 68), draw.size(33, 40)) if wide else (draw.size(1, 6), draw.size(1, 5))
        lengths = draw.lengths(draw.size(2, 6), 6)
        if sum(lengths) == 0:
            lengths[0] = 2
        batch, slices = len(lengths), layers * (2 if bidirectional else 1)
        module = kind(features, hidden, layers, bias=bias, bidirectional=bidirectional, dtype=torch.float64)
        x = draw.normal(sum(lengths), features)
        tensors = {"x": x}
        states = [torch.zeros(slices, batch, hidden, dtype=torch.float64) for _ in range(2 if has_cell else 1)]
        if initial:
            states = [draw.normal(slices, batch, hidden) for _ in states]
            tensors["hidden"] = states[0]
            if has_cell:
                tensors["cell"] = states[1]
        steps, last, row = [], [[] for _ in states], 0
        for b, length in enumerate(lengths):
            before = [state[:, b] for state in states]
            after = before
            if length > 0:
                output, after = module(x[row : row + length], tuple(before) if has_cell else before[0])
                after = after if has_cell else (after,)
                steps.append(output)
            for which, state in zip(last, after):
                which.append(state)
            row += length
        everything = [torch.cat(steps)] + [torch.stack(which, 1) for which in last]
        for theirs, ours in names(layers, bidirectional, bias):
            tensors[ours] = getattr(module, theirs)
        tensors["lengths"] = torch.tensor(lengths, dtype=torch.int64)
        found[str(i)] = example(draw, tensors, torch.cat([part.flatten() for part in everything]),
                                {"layers": layers, "bidirectional": bidirectional, "bias": bias, "hidden_size": hidden})
    return found

# SPDX-License-Identifier: Apache-2.0
import torch
from generate import example
from windows import draw_windows, pool, wide_windows, window_tensors

ACTIVATIONS = (torch.tanh, torch.sigmoid, torch.relu, lambda x: x)


def cases(draw):
    found = {}
    for i in range(9):
        if i == 8:  # wide: several vectors of features, and a remainder
            rows, begins, ends = wide_windows(draw)
            inputs, hidden = draw.size(60, 68), draw.size(33, 40)
        else:
            rows, begins, ends = draw_windows(draw, i)
            inputs, hidden = draw.size(1, 20), draw.size(1, 20)
        x, matrix = draw.normal(rows, inputs), draw.weights(hidden, inputs)
        query = draw.weights(1, hidden)[0].detach().requires_grad_()
        tensors = {"x": x, "block.matrix": matrix, "block.query": query}
        bias = 0
        if i % 2 == 0:
            bias = tensors["block.bias"] = draw.normal(hidden)
        softmax, activation = i % 3 != 2, i % 4

        def attend(steps, matrix=matrix, bias=bias, query=query, softmax=softmax, activation=activation):
            scores = ACTIVATIONS[activation](steps @ matrix.T + bias) @ query
            weights = torch.softmax(scores, 0) if softmax else scores
            return weights @ steps

        z = pool(x, begins, ends, attend)
        found[str(i)] = example(draw, {**tensors, **window_tensors(begins, ends)}, z,
                                {"softmax": softmax, "activation": activation})
    return found

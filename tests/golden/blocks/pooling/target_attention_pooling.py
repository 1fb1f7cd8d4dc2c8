# SPDX-License-Identifier: Apache-2.0
import torch
from generate import example
from windows import draw_windows, wide_windows, window_tensors

ACTIVATIONS = (torch.sigmoid, torch.tanh, torch.relu)


def cases(draw):
    found = {}
    for i in range(10):
        candidates = (1, 3)[i % 2]
        if i >= 8:  # wide: several vectors of features and of each layer's numbers, and a remainder
            rows, begins, ends = wide_windows(draw)
            features, sizes = draw.size(60, 68), [draw.size(17, 20), draw.size(17, 20)]
        else:
            rows, begins, ends = draw_windows(draw, i)
            features, sizes = draw.size(1, 9), [draw.size(1, 12) for _ in range(1 + i % 3)]
        keys, queries = draw.normal(rows, features), draw.normal(len(begins), candidates, features)
        tensors = {"x": keys, "q": queries}
        layers, before = [], 4 * features
        for l, size in enumerate([*sizes, 1]):
            name = f"block.hidden.{l}" if l < len(sizes) else "block.output"
            weights, bias = draw.weights(size, before), draw.normal(size)
            tensors[name + ".weights"], tensors[name + ".bias"] = weights, bias
            layers.append((weights, bias))
            before = size
        softmax, scale, activation = i % 3 == 0, i % 4 == 1, i % 3

        output = []
        for w, (begin, end) in enumerate(zip(begins, ends)):
            for c in range(candidates):
                k = keys[begin:end]
                if len(k) == 0:
                    output.append(torch.zeros(features, dtype=keys.dtype))
                    continue
                q = queries[w, c].expand_as(k)
                h = torch.cat([q, k, q - k, q * k], 1)
                for weights, bias in layers[:-1]:
                    h = ACTIVATIONS[activation](h @ weights.T + bias)
                scores = (h @ layers[-1][0].T + layers[-1][1])[:, 0]
                if scale:
                    scores = scores / features ** 0.5
                output.append((torch.softmax(scores, 0) if softmax else scores) @ k)
        z = torch.stack(output).reshape(len(begins), candidates, features)
        settings = {"softmax": softmax, "scale": scale, "activation": activation, "layers": len(sizes)}
        found[str(i)] = example(draw, {**tensors, **window_tensors(begins, ends)}, z, settings)
    return found

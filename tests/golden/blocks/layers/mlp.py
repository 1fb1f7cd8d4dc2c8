# SPDX-License-Identifier: Apache-2.0
import torch
from generate import example

ACTIVATIONS = [torch.nn.Identity, torch.nn.ReLU, torch.nn.LeakyReLU, torch.nn.GELU, torch.nn.Sigmoid, torch.nn.Tanh]


def cases(draw):
    found = {}
    for i in range(9):
        sizes = [draw.size(1, 9) for _ in range(draw.size(2, 4) if i else 2)]
        if i == 8:  # wide: several vectors of each layer's numbers, and a remainder
            sizes = [draw.size(60, 68), draw.size(33, 40), draw.size(33, 40)]
        kind, last = draw.size(1, 5), draw.size(0, 5)
        modules = []
        for fan_in, fan_out in zip(sizes, sizes[1:]):
            modules += [torch.nn.Linear(fan_in, fan_out, dtype=torch.float64), ACTIVATIONS[kind]()]
        modules[-1] = ACTIVATIONS[last]()
        model = torch.nn.Sequential(*modules)
        tensors = {"x": draw.normal(draw.size(1, 6), sizes[0])}
        for layer in range(len(sizes) - 1):
            tensors[f"block.layers.{layer}.weights"] = model[2 * layer].weight
            tensors[f"block.layers.{layer}.bias"] = model[2 * layer].bias
        found[str(i)] = example(draw, tensors, model(tensors["x"]), {"activation": kind, "last_activation": last})
    return found

# SPDX-License-Identifier: Apache-2.0
import torch
from generate import example

# In the order of ActivationKind.
FUNCTIONS = [
    torch.nn.Identity(),
    torch.nn.ReLU(),
    torch.nn.LeakyReLU(0.01),
    torch.nn.GELU(),
    torch.nn.Sigmoid(),
    torch.nn.Tanh(),
    torch.nn.Softplus(),
    torch.nn.SiLU(),
]


def cases(draw):
    found = {}
    for i in range(2 * len(FUNCTIONS)):
        kind = i % len(FUNCTIONS)
        # At least eight numbers: of a saturated tanh alone, whose slope is 1 - y², single precision leaves few digits.
        x = (2 * draw.normal(draw.size(1, 9), draw.size(8, 20)).detach()).requires_grad_()
        found[str(i)] = example(draw, {"x": x}, FUNCTIONS[kind](x) * 1.0, {"kind": kind})
    return found

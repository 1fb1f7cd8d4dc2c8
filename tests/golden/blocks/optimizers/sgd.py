# SPDX-License-Identifier: Apache-2.0
import torch
from optimizer_steps import RowsAlone, SparseGradients, case

# Momentum, decay, Nesterov.
SETTINGS = [(0, 0, 0), (0, 0.1, 0), (0.9, 0, 0), (0.5, 0.05, 0), (0.9, 0, 1), (0.8, 0.02, 1)]


def cases(draw):
    found = {}
    for i, (momentum, decay, nesterov) in enumerate(SETTINGS):
        settings = {"rate": 0.03 * (i + 1), "momentum": momentum, "weight_decay": decay, "nesterov": nesterov}

        def make(parameters):
            return torch.optim.SGD(parameters, lr=settings["rate"], momentum=momentum, weight_decay=decay,
                                   nesterov=bool(nesterov))

        plain = momentum == 0 and decay == 0  # what PyTorch's sparse gradients can do
        found[str(i)] = case(draw, settings, make, lambda start: (SparseGradients if plain else RowsAlone)(start, make))
    return found

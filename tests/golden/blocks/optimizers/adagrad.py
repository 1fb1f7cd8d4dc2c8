# SPDX-License-Identifier: Apache-2.0
import torch
from optimizer_steps import RowsAlone, SparseGradients, case

# Decay, epsilon.
SETTINGS = [(0, 1e-10), (0.1, 1e-10), (0, 1e-3), (0.02, 1e-6), (0.5, 0.1)]


def cases(draw):
    found = {}
    for i, (decay, epsilon) in enumerate(SETTINGS):
        settings = {"rate": 0.05 * (i + 1), "epsilon": epsilon, "weight_decay": decay}

        def make(parameters):
            return torch.optim.Adagrad(parameters, lr=settings["rate"], eps=epsilon, weight_decay=decay)

        # PyTorch's sparse gradients cannot decay.
        found[str(i)] = case(draw, settings, make,
                             lambda start: (SparseGradients if decay == 0 else RowsAlone)(start, make))
    return found

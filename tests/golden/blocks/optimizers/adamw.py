# SPDX-License-Identifier: Apache-2.0
import torch
from optimizer_steps import SparseGradients, case

# Beta 1, beta 2, decay.
SETTINGS = [(0.9, 0.999, 0.01), (0.9, 0.999, 0), (0.5, 0.9, 0.3), (0, 0.99, 0.05), (0.95, 0, 0.1)]


def cases(draw):
    found = {}
    for i, (beta1, beta2, decay) in enumerate(SETTINGS):
        settings = {"rate": 0.01 * (i + 1), "beta1": beta1, "beta2": beta2, "epsilon": 10.0 ** (-8 + i),
                    "weight_decay": decay}
        shared = {"lr": settings["rate"], "betas": (float(beta1), float(beta2)), "eps": settings["epsilon"]}

        def shrink(table, touched, values):
            table[touched] *= 1 - settings["rate"] * decay
            return values

        found[str(i)] = case(
            draw, settings, lambda p: torch.optim.AdamW(p, weight_decay=decay, **shared),
            lambda start: SparseGradients(start, lambda p: torch.optim.SparseAdam(p, **shared), shrink))
    return found

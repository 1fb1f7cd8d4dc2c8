# SPDX-License-Identifier: Apache-2.0
import torch
from generate import example
from windows import draw_windows, pool, window_tensors


def cases(draw):
    found = {}
    for i in range(6):
        rows, begins, ends = draw_windows(draw, i)
        x = draw.normal(rows, draw.size(1, 20))
        z = pool(x, begins, ends, lambda rows: rows.mean(0))
        found[str(i)] = example(draw, {"x": x, **window_tensors(begins, ends)}, z)
    for i in range(6):  # and with a weight for each step, which are single precision numbers
        rows, begins, ends = draw_windows(draw, i)
        x, weights = draw.normal(rows, draw.size(1, 20)), draw.normal(rows).detach().abs().float().double()
        joined = torch.cat([weights[:, None], x], 1)  # so that each window gets the weights of its rows
        z = pool(joined, begins, ends, lambda rows: rows[:, 0] @ rows[:, 1:] / rows[:, 0].sum(), x.shape[1])
        found[f"weighted {i}"] = example(draw, {"x": x, "step_weights": weights, **window_tensors(begins, ends)}, z)
    return found

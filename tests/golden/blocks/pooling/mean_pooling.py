# SPDX-License-Identifier: Apache-2.0
from generate import example
from windows import draw_windows, pool, window_tensors


def cases(draw):
    found = {}
    for i in range(6):
        rows, begins, ends = draw_windows(draw, i)
        x = draw.normal(rows, draw.size(1, 20))
        z = pool(x, begins, ends, lambda rows: rows.mean(0))
        found[str(i)] = example(draw, {"x": x, **window_tensors(begins, ends)}, z)
    return found

# SPDX-License-Identifier: Apache-2.0
"""Windows over steps for the golden cases of poolings."""
import torch


def draw_windows(draw, i):
    """The i-th example: rows, begins, ends. Windows overlap, leave rows out, and some are empty."""
    if i == 0:  # sequences
        lengths = draw.lengths(5, 6)
        lengths[2] = max(1, lengths[2])
        ends = [sum(lengths[:b + 1]) for b in range(len(lengths))]
        return ends[-1], [end - length for end, length in zip(ends, lengths)], ends
    if i == 1:  # the last three steps at every position
        rows = draw.size(4, 9)
        return rows, [max(0, t - 2) for t in range(rows)], [t + 1 for t in range(rows)]
    rows, count = draw.size(3, 12), draw.size(2, 6)
    begins = sorted(draw.size(0, rows) for _ in range(count))
    ends, last = [], 0
    for begin in begins:
        last = max(last, min(rows, begin + draw.size(0, 5)))
        ends.append(max(last, begin))
    if begins == ends:  # at least one has a row
        begins, ends = [*begins, rows - 1], [*ends, rows]
        begins.sort()
    return rows, begins, ends


def wide_windows(draw):
    """A few windows for the case with many features: rows, begins, ends. They overlap, one is empty."""
    rows = draw.size(8, 11)
    return rows, [0, 2, 4, 4], [3, 4, 4, rows]


def window_tensors(begins, ends):
    return {"begin": torch.tensor(begins, dtype=torch.int64), "end": torch.tensor(ends, dtype=torch.int64)}


def pool(x, begins, ends, function, columns=None):
    """One row a window: function(rows of the window), zeros for an empty one."""
    columns = x.shape[1] if columns is None else columns
    return torch.stack([function(x[b:e]) if e > b else torch.zeros(columns, dtype=x.dtype) for b, e in zip(begins, ends)])

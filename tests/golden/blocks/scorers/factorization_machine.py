# SPDX-License-Identifier: Apache-2.0
import torch
from generate import example

# Which of interest, candidates, users and items there are.
SIDES = [(1, 1, 1, 1), (1, 1, 0, 0), (0, 0, 1, 1), (1, 0, 0, 1), (0, 1, 1, 0), (1, 1, 0, 1)]


def cases(draw):
    found = {}
    for i, (interest, candidate, user, item) in enumerate(SIDES):
        factors, rows, count = draw.size(1, 6), draw.size(1, 6), draw.size(1, 4)
        users, items = draw.size(2, 5), draw.size(3, 8)
        of_users, of_items = draw.ids(users, rows), draw.ids(items, rows, count)
        tensors = {"block.mean": draw.normal(1)}
        values, weights, vectors = [], [], []  # of all features: x, w and v, each (B, C, ...)
        for there, name, own in ((interest, "interest", count if i == 5 else 1), (candidate, "candidate", count)):
            if not there:
                continue
            width = draw.size(1, 6)
            x, w, v = draw.normal(rows, own, width), draw.normal(width), draw.normal(factors, width)
            tensors["interest" if name == "interest" else "candidates"] = x
            tensors[f"block.{name}_weights"], tensors[f"block.{name}_factors"] = w, v
            values.append(x.expand(-1, count, -1))
            weights.append(w.expand(rows, count, -1))
            vectors.append(v.T.expand(rows, count, -1, -1))
        for there, name, size, ids in ((user, "user", users, of_users[:, None]), (item, "item", items, of_items)):
            if not there:
                continue
            bias, table = draw.normal(size, 1), draw.normal(size, factors)
            tensors[f"block.{name}_bias.weights"], tensors[f"block.{name}_factors.weights"] = bias, table
            values.append(torch.ones(rows, count, 1, dtype=torch.float64))
            weights.append(bias[ids].expand(-1, count, -1))
            vectors.append(table[ids].expand(-1, count, -1)[:, :, None])
        x, w, v = torch.cat(values, -1), torch.cat(weights, -1), torch.cat(vectors, -2)
        products = (v @ v.transpose(-1, -2)) * (x[..., None] * x[..., None, :])
        pairs = torch.triu(products, 1).sum((-1, -2))
        y = tensors["block.mean"] + (w * x).sum(-1) + pairs
        ids = {"users": of_users, "items": of_items}
        found[str(i)] = example(draw, {**tensors, **ids}, y, {"factors": factors})
    return found

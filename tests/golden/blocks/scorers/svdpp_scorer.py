# SPDX-License-Identifier: Apache-2.0
import torch
from generate import example
from windows import draw_windows, pool, window_tensors


def cases(draw):
    found = {}
    for i in range(6):
        users, items, features = draw.size(2, 5), draw.size(3, 8), draw.size(1, 6)
        rated_rows, begins, ends = draw_windows(draw, i)
        rows, count = len(begins), draw.size(1, 4)
        of_users, of_items, rated = draw.ids(users, rows), draw.ids(items, rows, count), draw.ids(items, rated_rows)
        tensors = {
            "block.mean": draw.normal(1),
            "block.user_bias.weights": draw.normal(users, 1),
            "block.item_bias.weights": draw.normal(items, 1),
            "block.user_factors.weights": draw.normal(users, features),
            "block.item_factors.weights": draw.normal(items, features),
            "block.rated_factors.weights": draw.normal(items, features),
        }
        mean, user_bias, item_bias, p, q, rated_factors = tensors.values()
        implicit = pool(rated_factors[rated], begins, ends, lambda y: y.sum(0) / len(y) ** 0.5)
        agreement = torch.einsum("bd,bcd->bc", p[of_users] + implicit, q[of_items])
        y = mean + user_bias[of_users] + item_bias[of_items][..., 0] + agreement
        ids = {"users": of_users, "items": of_items, "rated": rated, **window_tensors(begins, ends)}
        found[str(i)] = example(draw, {**tensors, **ids}, y)
    return found

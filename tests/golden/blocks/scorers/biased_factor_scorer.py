# SPDX-License-Identifier: Apache-2.0
from generate import example


def cases(draw):
    found = {}
    for i in range(6):
        users, items, features = draw.size(2, 5), draw.size(3, 8), draw.size(1, 6)
        rows, count = draw.size(1, 6), draw.size(1, 4)
        of_users, of_items = draw.ids(users, rows), draw.ids(items, rows, count)
        tensors = {
            "block.mean": draw.normal(1),
            "block.user_bias.weights": draw.normal(users, 1),
            "block.item_bias.weights": draw.normal(items, 1),
            "block.user_factors.weights": draw.normal(users, features),
            "block.item_factors.weights": draw.normal(items, features),
        }
        mean, user_bias, item_bias, p, q = tensors.values()
        y = mean + user_bias[of_users] + item_bias[of_items][..., 0] + (p[of_users][:, None] * q[of_items]).sum(-1)
        found[str(i)] = example(draw, {**tensors, "users": of_users, "items": of_items}, y)
    return found

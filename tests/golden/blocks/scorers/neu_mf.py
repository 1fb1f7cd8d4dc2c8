# SPDX-License-Identifier: Apache-2.0
import torch
from generate import example


def cases(draw):
    found = {}
    for i in range(6):
        users, items, features, read = draw.size(2, 5), draw.size(3, 8), draw.size(1, 6), draw.size(1, 6)
        rows, count = draw.size(1, 6), draw.size(1, 4)
        of_users, of_items = draw.ids(users, rows), draw.ids(items, rows, count)
        hidden = [draw.size(1, 8) for _ in range(i % 3)]  # none: the product alone
        tensors = {
            "block.gmf_users.weights": draw.normal(users, features),
            "block.gmf_items.weights": draw.normal(items, features),
        }
        p, q = tensors.values()
        joined = p[of_users][:, None] * q[of_items]
        if hidden:
            p, q = draw.normal(users, read), draw.normal(items, read)
            tensors |= {"block.mlp_users.weights": p, "block.mlp_items.weights": q}
            x = torch.cat([p[of_users][:, None].expand(-1, count, -1), q[of_items]], dim=-1)
            for layer, width in enumerate(hidden):
                weights, bias = draw.normal(width, x.shape[-1]), draw.normal(width)
                tensors[f"block.mlp.layers.{layer}.weights"] = weights
                tensors[f"block.mlp.layers.{layer}.bias"] = bias
                x = torch.relu(torch.nn.functional.linear(x, weights, bias))
            joined = torch.cat([joined, x], dim=-1)
        weights, bias = draw.normal(1, joined.shape[-1]), draw.normal(1)
        tensors |= {"block.output.weights": weights, "block.output.bias": bias}
        y = torch.nn.functional.linear(joined, weights, bias).squeeze(-1)
        found[str(i)] = example(draw, {**tensors, "users": of_users, "items": of_items}, y)
    return found

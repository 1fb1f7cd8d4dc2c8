# SPDX-License-Identifier: Apache-2.0
import math

import torch
from generate import example, offsets


def cases(draw):
    found = {}
    for i in range(8):
        lengths = draw.lengths(draw.size(1, 5), 9)
        features, longest = draw.size(1, 12), max(lengths) + draw.size(1, 3)
        end, root = i % 2, i // 2 % 2
        x = draw.normal(sum(lengths), features)
        weights = draw.normal(longest, features)
        rows = []
        for steps in torch.split(x, lengths):
            positions = torch.arange(len(steps))
            if end:
                positions = positions.flip(0)
            scale = math.sqrt(features) if root else 1.0
            rows.append(steps * scale + torch.nn.functional.embedding(positions, weights))
        tensors = {"x": x, "offsets": offsets(lengths), "block.weights": weights}
        found[str(i)] = example(draw, tensors, torch.cat(rows), {"end": end, "root": root})
    return found

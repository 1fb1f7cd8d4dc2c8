# SPDX-License-Identifier: Apache-2.0
"""Interests and candidates for the golden cases of fusers and scorers."""

import torch


def draw_interests(draw, case, count=None, equal_widths=True, seen=None, narrowest=1, features=None):
    """Interests (B, 1 or C, D_k) by name, and the candidates (B, C, D) to see them from.

    `features` gives a width that is not drawn. Case 0 has one candidate, case 1 one vector a user for all candidates, case 2 one vector a candidate, others both.
    """
    users, drawn = draw.size(1, 5), draw.size(narrowest, 9)
    features = features or drawn
    candidates = 1 if case == 0 else draw.size(2, 4)
    count = count or (3 if case % 3 == 2 else 2)
    interests = {}
    for k in range(count):
        own = case != 1 and (case == 2 or (k + case) % 2 == 0)
        width = features if equal_widths else draw.size(1, 9)
        interests[f"interests.{k}"] = draw.normal(users, candidates if own else 1, width)
    return interests, draw.normal(users, candidates, seen or features)


def joined(interests, candidates=None):
    """The tensors of all interests, each repeated for the candidates where it is one for all."""
    tensors = list(interests.values()) + ([] if candidates is None else [candidates])
    most = max(tensor.shape[1] for tensor in tensors)
    return [tensor.expand(-1, most, -1) for tensor in interests.values()]

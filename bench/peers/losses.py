# SPDX-License-Identifier: Apache-2.0
import torch
from case import BlockCase
from torch import nn
from torch.nn.functional import cross_entropy

BATCH, ITEMS, FEATURES = 256, 50_000, 64


class Softmax(nn.Module):
    def __init__(self, targets):
        super().__init__()
        self.targets = targets

    def forward(self, interests, items):
        return cross_entropy(interests @ items.T, self.targets)


class Catalogue(BlockCase):
    compiled = True
    tolerance = 2e-5

    def __init__(self, goals, backward):
        super().__init__("softmax cross-entropy" + (" + backward" if backward else ""), "softmax",
                         f"B {BATCH}, {ITEMS} items, d {FEATURES}", goals,
                         (6 if backward else 2) * BATCH * ITEMS * FEATURES, backward)

    def build(self):
        self.inputs = {"interests": torch.randn(BATCH, FEATURES), "items": torch.randn(ITEMS, FEATURES) / 4}
        self.targets = torch.randint(ITEMS, (BATCH,))
        self.module, self.names, self.cotangent = Softmax(self.targets), {}, None

    def further(self):
        return {"targets": self.targets}


def cases():
    yield Catalogue((3.5, 2.8), False)
    yield Catalogue((2.8, 3), True)

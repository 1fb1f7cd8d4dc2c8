# SPDX-License-Identifier: Apache-2.0
import torch
from case import Case
from torch import nn

ROWS, FEATURES, LOOKED_UP = 1_000_000, 64, 12_800


class Table(Case):
    """Rows are gathered, given a gradient, and updated by Adam in the touched rows only."""
    runs = 3

    def __init__(self):
        super().__init__("gather + sparse Adam", "table", f"{LOOKED_UP} rows of 1M x {FEATURES}", (10, 14), 0)
        self.bytes = 7 * 4 * FEATURES * LOOKED_UP + 2 * 4 * FEATURES * LOOKED_UP

    def build(self):
        self.weights = torch.randn(ROWS, FEATURES)
        self.ids = torch.randint(ROWS, (LOOKED_UP,))
        self.cotangent = torch.randn(LOOKED_UP, FEATURES)

    def tensors(self):
        return {"table.weights": self.weights, "ids": self.ids, "cotangent": self.cotangent}

    def step(self, weights, cotangent):
        table = nn.Embedding.from_pretrained(weights, freeze=False, sparse=True)
        optimiser = torch.optim.SparseAdam(table.parameters(), 1e-3)

        def step():
            optimiser.zero_grad()
            table(self.ids).backward(cotangent)
            optimiser.step()

        return step

    def implementations(self):
        return {"eager": self.step(self.weights.clone(), self.cotangent)}

    def reference(self):
        weights = self.weights.double()
        step = self.step(weights, self.cotangent.double())
        for _ in range(self.runs):
            step()
        return {"output": weights[self.ids]}


def cases():
    yield Table()

# SPDX-License-Identifier: Apache-2.0
import torch
from case import BlockCase, Case
from torch import nn


class Product(Case):
    def __init__(self, rows, columns, inner):
        super().__init__("product", "gemm", f"{rows} x {columns} x {inner}", (1, 1), 2 * rows * columns * inner)
        self.extents = rows, columns, inner

    def build(self):
        rows, columns, inner = self.extents
        self.a, self.b, self.c = torch.randn(rows, inner), torch.randn(inner, columns), torch.empty(rows, columns)

    def tensors(self):
        return {"a": self.a, "b": self.b}

    def implementations(self):
        return {"mm": lambda: torch.mm(self.a, self.b, out=self.c)}

    def reference(self):
        return {"output": self.a.double() @ self.b.double()}


class Perceptron(BlockCase):
    compiled = True

    def __init__(self, batch, goals):
        sizes = 192 * 100 + 100 * 64 + 64
        super().__init__("MLP 192-100-64-1 + backward", "mlp", f"B {batch}", goals, 6 * batch * sizes, True)
        self.batch = batch

    def build(self):
        self.inputs = {"x": torch.randn(self.batch, 192)}
        self.module = nn.Sequential(nn.Linear(192, 100), nn.ReLU(), nn.Linear(100, 64), nn.ReLU(), nn.Linear(64, 1))
        self.names = {}
        for place in range(3):
            self.names |= {f"{2 * place}.weight": f"block.layers.{place}.weights",
                           f"{2 * place}.bias": f"block.layers.{place}.bias"}
        self.cotangent = torch.randn(self.batch, 1)


def cases():
    for extents in ((256, 256, 64), (256, 512, 128), (12800, 256, 64), (50, 256, 64)):
        yield Product(*extents)
    yield Perceptron(256, (2, 2.5))
    yield Perceptron(25600, (1.4, 2))

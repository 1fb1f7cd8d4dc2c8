# SPDX-License-Identifier: Apache-2.0
import torch
from case import BlockCase
from torch import nn

BATCH, STEPS, FEATURES = 256, 50, 64


class TargetAttention(nn.Module):
    """DIN's attention: a perceptron of [q, k, q - k, q * k] scores each step, without softmax."""

    def __init__(self, features):
        super().__init__()
        self.first, self.second, self.last = nn.Linear(4 * features, 80), nn.Linear(80, 40), nn.Linear(40, 1)

    def forward(self, x, q):
        """x: (B, T, D), q: (B, 1, D) -> (B, 1, D)"""
        q = q.expand_as(x)
        h = torch.sigmoid(self.first(torch.cat([q, x, q - x, q * x], 2)))
        scores = self.last(torch.sigmoid(self.second(h)))
        return scores.transpose(1, 2) @ x


class AdditiveAttention(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.project, self.query = nn.Linear(features, features), nn.Parameter(torch.randn(features) / 8)

    def forward(self, x):
        weights = torch.softmax(torch.tanh(self.project(x)) @ self.query, 1)
        return (weights[:, None] @ x)[:, 0]


class DeepAttention(nn.Module):
    """DAN: a step counts by how alike it is to the others."""

    def __init__(self, features):
        super().__init__()
        self.output = nn.Linear(features, features)

    def forward(self, x):
        alike = x @ x.transpose(1, 2) / x.shape[2] ** 0.5
        scores = (alike.sum(2) - alike.diagonal(dim1=1, dim2=2)) / (x.shape[1] - 1)
        weights = torch.softmax(scores, 1)
        return self.output((weights[:, None] @ x)[:, 0])


class Pooling(BlockCase):
    compiled = True

    def __init__(self, name, ours, goals, flops, backward):
        super().__init__(name + (" + backward" if backward else ""), ours, f"B {BATCH} T {STEPS} d {FEATURES}", goals,
                         flops * (3 if backward else 1), backward)

    def build(self):
        self.inputs = {"x": torch.randn(BATCH, STEPS, FEATURES)}
        if self.ours.startswith("din"):
            self.inputs["q"] = torch.randn(BATCH, 1, FEATURES)
            self.module = TargetAttention(FEATURES)
            self.names = {}
            for theirs, ours in (("first", "hidden.0"), ("second", "hidden.1"), ("last", "output")):
                self.names |= {f"{theirs}.weight": f"block.{ours}.weights", f"{theirs}.bias": f"block.{ours}.bias"}
        elif self.ours.startswith("additive"):
            self.module = AdditiveAttention(FEATURES)
            self.names = {"project.weight": "block.matrix", "project.bias": "block.bias", "query": "block.query"}
        else:
            self.module = DeepAttention(FEATURES)
            self.names = {"output.weight": "block.output.weights", "output.bias": "block.output.bias"}
        self.cotangent = None
        if self.backward:
            self.cotangent = torch.randn_like(self.module(*self.inputs.values()))

    def rows(self, output):
        return output.reshape(-1, FEATURES) if output.shape[:2] == (BATCH, STEPS) else output

    def further(self):
        return {"lengths": torch.full((BATCH,), STEPS)}


def cases():
    pairs = BATCH * STEPS
    din = 2 * pairs * (FEATURES * 80 + 80 * 40 + 40) + 2 * BATCH * FEATURES * 80
    additive = 2 * pairs * (FEATURES * FEATURES + 2 * FEATURES)
    for backward, goals in ((False, (5, 4)), (True, (4, 4.5))):
        yield Pooling("target attention (DIN)", "din", goals, din, backward)
    for backward, goals in ((False, (None, None)), (True, (3.5, 3.5))):
        yield Pooling("additive attention", "additive", goals, additive, backward)
    for backward, goals in ((False, (None, None)), (True, (3.5, 3.5))):
        yield Pooling("deep attention (DAN)", "dan", goals, pairs * 6 * FEATURES, backward)

# SPDX-License-Identifier: Apache-2.0
import copy

import onnx_runtime
import torch
from case import Case
from poolings import TargetAttention
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits

ROWS, FEATURES, STEPS = 1_000_000, 64, 50


class Recommender(nn.Module):
    """Taste: target attention over the embedded steps; intent: over the states of an LSTM; a perceptron scores."""

    def __init__(self, rows):
        super().__init__()
        self.items = nn.Embedding(rows, FEATURES, sparse=True)
        self.taste, self.intent = TargetAttention(FEATURES), TargetAttention(FEATURES)
        self.encoder = nn.LSTM(FEATURES, FEATURES, batch_first=True)
        self.first, self.second, self.last = nn.Linear(3 * FEATURES, 100), nn.Linear(100, 64), nn.Linear(64, 1)

    @staticmethod
    def attend(attention, q, k, present):
        """q: (B, C, D), k: (B, T, D), present: (B, T) -> (B, C, D)"""
        shape = q.shape[0], q.shape[1], k.shape[1], q.shape[2]
        pairs = [side.expand(shape) for side in (q[:, :, None], k[:, None])]
        h = torch.cat([*pairs, pairs[0] - pairs[1], pairs[0] * pairs[1]], 3)
        scores = attention.last(torch.sigmoid(attention.second(torch.sigmoid(attention.first(h)))))[..., 0]
        return (scores * present[:, None]) @ k

    def forward(self, ids, present, candidates):
        x, q = self.items(ids), self.items(candidates)
        states = self.encoder(x)[0]
        taste, intent = self.attend(self.taste, q, x, present), self.attend(self.intent, q, states, present)
        both = torch.cat([taste, intent, q], 2)
        return self.last(torch.relu(self.second(torch.relu(self.first(both))))).squeeze(-1)


NAMES = {"items.weight": "model.items.weights"}
for _branch, _ours in (("taste", "long_term"), ("intent", "short_term")):
    for _theirs, _layer in (("first", "hidden.0"), ("second", "hidden.1"), ("last", "output")):
        NAMES[f"{_branch}.{_theirs}.weight"] = f"model.{_ours}.pool.{_layer}.weights"
        NAMES[f"{_branch}.{_theirs}.bias"] = f"model.{_ours}.pool.{_layer}.bias"
for _theirs, _ours in (("weight_ih", "weights_input"), ("weight_hh", "weights_hidden"), ("bias_ih", "bias_input"),
                       ("bias_hh", "bias_hidden")):
    NAMES[f"encoder.{_theirs}_l0"] = f"model.short_term.encode.layers.0.{_ours}"
for _place, _theirs in enumerate(("first", "second", "last")):
    NAMES[f"{_theirs}.weight"] = f"model.score.mlp.layers.{_place}.weights"
    NAMES[f"{_theirs}.bias"] = f"model.score.mlp.layers.{_place}.bias"


class Whole(Case):
    def build(self):
        self.module = Recommender(ROWS)
        nn.init.normal_(self.module.items.weight, 0, 0.3)
        self.lengths = torch.randint(1, STEPS + 1, (self.batch,)) if self.batch > 1 else torch.tensor([STEPS])
        self.present = torch.arange(int(self.lengths.max())) < self.lengths[:, None]
        popularity = 1 / torch.arange(1, ROWS + 1) ** 1.05
        places = torch.multinomial(popularity, self.present.numel() + self.batch * self.candidates, replacement=True)
        ids = torch.randperm(ROWS)[places]
        self.ids = ids[: self.present.numel()].view(self.present.shape)
        self.wanted = ids[self.present.numel():].view(self.batch, self.candidates)
        self.labels = torch.randint(2, (self.batch, self.candidates)).float()

    def tensors(self):
        weights = dict(self.module.named_parameters())
        return {**{ours: weights[theirs].detach() for theirs, ours in NAMES.items()}, "lengths": self.lengths,
                "ids": self.ids[self.present], "candidates": self.wanted, "labels": self.labels}


class TrainingStep(Whole):
    runs = 2
    tolerance = 1e-4

    def __init__(self):
        self.batch, self.candidates = 256, 1
        steps = self.batch * STEPS * 0.51
        attention = 2 * steps * (FEATURES * 80 + 80 * 40 + 40)
        recurrent = 16 * steps * FEATURES * FEATURES
        dense = 2 * self.batch * (192 * 100 + 100 * 64 + 64)
        super().__init__("whole training step", "step", "B 256 T U(1, 50), 1M x 64, Zipf ids", (8, 8),
                         3 * (2 * attention + recurrent + dense))

    def step(self, module, labels):
        dense = [p for name, p in module.named_parameters() if name != "items.weight"]
        optimisers = [torch.optim.SparseAdam([module.items.weight], 1e-3), torch.optim.Adam(dense, 1e-3)]

        def step():
            for optimiser in optimisers:
                optimiser.zero_grad()
            scores = module(self.ids, self.present, self.wanted)
            loss = binary_cross_entropy_with_logits(scores, labels)
            loss.backward()
            for optimiser in optimisers:
                optimiser.step()
            return scores, loss

        return step

    def implementations(self):
        return {"eager": self.step(copy.deepcopy(self.module), self.labels)}

    def reference(self):
        module = copy.deepcopy(self.module).double()
        step = self.step(module, self.labels.double())
        for _ in range(self.runs):
            scores, loss = step()
        return {"scores": scores.detach(), "loss": loss.detach().view(1), "first_weights": module.first.weight.detach()}


class Request(Whole):
    def __init__(self, candidates, goal):
        self.batch, self.candidates = 1, candidates
        attention = 2 * STEPS * candidates * (FEATURES * 80 + 80 * 40 + 40)
        flops = 2 * attention + 16 * STEPS * FEATURES * FEATURES + 2 * candidates * (192 * 100 + 100 * 64 + 64)
        super().__init__("one request", "request", f"1 user x {candidates} items, T 50", (goal, None), flops)

    def implementations(self):
        compiled = torch.compile(self.module)

        def serve(module):
            with torch.inference_mode():
                return module(self.ids, self.present, self.wanted)

        return {"eager": lambda: serve(self.module), "compiled": lambda: serve(compiled),
                "onnxruntime": onnx_runtime.exported(self.module, [self.ids, self.present, self.wanted])}

    def reference(self):
        with torch.inference_mode():
            return {"scores": copy.deepcopy(self.module).double()(self.ids, self.present, self.wanted)}


def cases():
    yield TrainingStep()
    yield Request(1, 4)
    yield Request(100, 6)

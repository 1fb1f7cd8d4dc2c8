# SPDX-License-Identifier: Apache-2.0
"""Epochs of the main example on MovieLens 100K, beside its PyTorch twin (bench/long_short_twin.py)."""
import copy
import os
import pathlib
import sys

import numpy as np
import torch
from case import QUICK, Case
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import long_short_twin as twin

LOG = pathlib.Path(os.environ.get("LONGSHORE_DATA_DIR", "")) / "ml-100k/ml-100k.inter"
STEPS, ROWS = 3, 128  # of what is compared number by number


class Epoch(Case):
    """All positions that are trained, once, on our side by `fit`; the peer is the twin with a fused optimiser.

    What is drawn differs on the two sides: batches, negatives, dropout. So no numbers are equal after an epoch. Compared are
    the scores and losses of STEPS steps from the same weights, on the same examples and candidates, without dropout; and,
    where both train the same model, the loss of the first epoch, to 3 %: of whole epochs it varies by less than 1 % with what
    is drawn; a quick run's few steps say little. That whole trainings agree is for scripts/quality twin to show
    (docs/decisions/twin-by-permutation.md).

    Quick runs train on a part of the positions; the times are those of an epoch all the same, in proportion.
    """
    tolerance, tolerances = 1e-4, {"epoch_loss": 0.03}
    warm_ups, least, rounds = 1, 1, 3

    def missing(self):
        return None if LOG.is_file() else f"{LOG} is missing; LONGSHORE_DATA_DIR names the folder that has ml-100k/"

    def build(self):
        self.histories, self.items = twin.read(LOG)
        everything = twin.positions(self.histories)
        theirs = everything
        if QUICK:
            drawn = torch.randperm(len(everything))[:8 * twin.BATCH]
            theirs = [everything[i] for i in sorted(drawn.tolist())]
        self.ours = self.some_of_ours(everything, theirs) if QUICK else everything
        self.shares = [len(self.ours) / len(everything), len(theirs) / len(everything)]
        self.examples, self.twin = twin.Examples(self.histories, self.items, theirs), twin.Twin(self.items)
        self.given, self.candidates = self.draw_given(everything)
        self.flops = int(self.operations(np.array([position for _, position in everything])))

    def draw_candidates(self, given, negatives):
        """(STEPS, ROWS, 1 + negatives): the target of each given example comes first."""
        targets = torch.tensor([self.histories[user][position] for user, position in given])
        return torch.cat([targets.view(STEPS, ROWS, 1), torch.randint(self.items, (STEPS, ROWS, negatives))], 2)

    def weights(self, module, names):
        found = {f"model.{ours}": dict(module.named_parameters())[theirs].detach() for theirs, ours in names.items()}
        found["model.short_term.pool.query"] = found["model.short_term.pool.query"][0]
        found["model.items.weights"] = found["model.items.weights"][:self.items]  # without the twin's padding
        return found

    def tensors(self):
        found = {"history": torch.tensor(np.concatenate(self.histories)), "candidates": self.candidates,
                 "lengths": torch.tensor([len(history) for history in self.histories])}
        for name, moments in (("epoch", self.ours), ("given", self.given)):
            users, positions = torch.tensor(moments).T
            found |= {f"{name}_users": users, f"{name}_positions": positions}
        return found

    def train_on_given(self, module, optimiser, forward):
        """Scores and losses of the steps; forward(module, examples, candidates) gives those of one."""
        scores, losses = [], []
        for step, candidates in enumerate(self.candidates):
            its_scores, loss = forward(module, self.given[step * ROWS:(step + 1) * ROWS], candidates)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            scores.append(its_scores.detach())
            losses.append(loss.detach())
        return {"scores": torch.cat(scores), "losses": torch.stack(losses)}

    def implementations(self):
        optimiser = torch.optim.Adam(self.twin.parameters(), twin.RATE, fused=True)
        return {"eager": lambda: self.examples.train(self.twin, optimiser)}


class SameWindows(Epoch):
    """One model, one definition: an LSTM over the last 50, attention over the last 10, four negatives, a perceptron."""

    def __init__(self, goals):
        super().__init__("long_short epoch, same windows", "long_short.same_windows", "MovieLens 100K, B 256 T 50", goals, 0)

    def some_of_ours(self, _, theirs):
        return theirs

    def draw_given(self, everything):
        given = [everything[i] for i in torch.randperm(len(everything))[:STEPS * ROWS].tolist()]
        return given, self.draw_candidates(given, twin.NEGATIVES)

    def operations(self, positions):
        width, each = twin.WIDTH, 1 + twin.NEGATIVES
        long_steps, short_steps = np.minimum(positions, twin.LONG).sum(), np.minimum(positions, twin.SHORT).sum()
        interests, items = 2 * width * 100, each * (width * 100 + 100 * 64 + 64)  # candidates share an interest
        return 3 * (16 * long_steps * width ** 2 + 2 * short_steps * width ** 2 + 2 * len(positions) * (interests + items))

    def tensors(self):
        return super().tensors() | self.weights(self.twin, twin.OURS)

    def forward(self, module, examples, candidates):
        steps, lengths = twin.rows_before(self.histories, self.items, examples)
        scores = module(module.interest(steps, lengths), candidates)
        labels = torch.zeros_like(scores)
        labels[:, 0] = 1
        return scores, binary_cross_entropy_with_logits(scores, labels)

    def reference(self):
        module = copy.deepcopy(self.twin).double().eval()  # without dropout
        found = self.train_on_given(module, torch.optim.Adam(module.parameters(), twin.RATE), self.forward)
        module = copy.deepcopy(self.twin)
        loss = self.examples.train(module, torch.optim.Adam(module.parameters(), twin.RATE))
        return found | {"epoch_loss": torch.tensor([loss])}


class Wide(nn.Module):
    """The model that ours trains in one pass: the softmax of products with all items."""

    def __init__(self, items, width):
        super().__init__()
        self.items = nn.Embedding(items, width)
        nn.init.normal_(self.items.weight, 0, 0.05)
        self.taste = nn.LSTM(width, width, batch_first=True)
        self.attention, self.vector = nn.Linear(width, width), nn.Linear(width, 1, bias=False)
        self.project = nn.Linear(2 * width, width)

    def forward(self, history, positions):
        """(P, I) scores of the events at these positions by all before each."""
        x = self.items(history[:max(positions)])
        logits = self.vector(torch.tanh(self.attention(x)))
        recent = []
        for position in positions:
            window = slice(max(0, position - twin.SHORT), position)
            recent.append((torch.softmax(logits[window], 0) * x[window]).sum(0))
        taste = self.taste(x)[0][torch.tensor(positions) - 1]
        return self.project(torch.cat([taste, torch.stack(recent)], 1)) @ self.items.weight.T


class OnePass(Epoch):
    """Ours is the setting `better` of scripts/quality, which takes whole histories in one pass and reaches more than the twin
    (docs/quality.md): 128 wide, softmax over all items. The twin is as above. What is compared number by number is the model of
    ours, written in PyTorch once more."""
    WIDTH = 128

    def __init__(self, goals):
        super().__init__("long_short epoch, one pass", "long_short.one_pass", "MovieLens 100K, whole histories", goals, 0)

    def some_of_ours(self, everything, _):
        by_length = sorted(range(len(self.histories)), key=lambda user: len(self.histories[user]))
        some = set(by_length[4::8])  # of all lengths alike
        return [(user, position) for user, position in everything if user in some]

    def draw_given(self, _):
        self.module = Wide(self.items, self.WIDTH)
        long = [user for user, history in enumerate(self.histories) if len(history) > ROWS // 2]
        users = [long[i] for i in torch.randperm(len(long))[:2 * STEPS].tolist()]
        given = [(user, position) for user in users for position in range(1, ROWS // 2 + 1)]
        return given, self.draw_candidates(given, 0)

    def operations(self, positions):
        width = self.WIDTH
        short_steps = np.minimum(positions, twin.SHORT).sum()
        each = (16 + 2 + 4) * width ** 2 + 2 * self.items * width  # LSTM, attention, projection; products with the items
        return 3 * (len(positions) * each + 4 * short_steps * width)

    def tensors(self):
        names = {theirs: ours for theirs, ours in twin.OURS.items() if not ours.startswith("score.")}
        names |= {f"project.{theirs}": f"fuse.project.{ours}" for theirs, ours in (("weight", "weights"), ("bias", "bias"))}
        return super().tensors() | self.weights(self.module, names)

    def forward(self, module, examples, candidates):
        users = dict.fromkeys(user for user, _ in examples)
        scores = torch.cat([module(torch.from_numpy(self.histories[user]), [p for its, p in examples if its == user])
                            for user in users])
        return scores, cross_entropy(scores, candidates[:, 0])

    def reference(self):
        module = copy.deepcopy(self.module).double()
        return self.train_on_given(module, torch.optim.Adam(module.parameters(), 3e-3, weight_decay=1e-6), self.forward)


def cases():
    yield SameWindows((3.5, 3.5))
    yield OnePass((20, 20))

# SPDX-License-Identifier: Apache-2.0
"""The PyTorch twin of examples/long_short on MovieLens 100K: same definition, PyTorch's own layers.

long_short_twin.py ml-100k.inter [--seed N] [--epochs N] [--threads N]
long_short_twin.py ml-100k.inter --weights model.safetensors

Prints the loss and the test metrics after each epoch; the last line says how long an epoch of training took. Batches are
made by vectorised indexing, so that the time is that of the training. With --weights it trains nothing, but prints the test
metrics of the weights that the example saved. long_short_twin.csv has what seeds 3 and up printed.
"""
import argparse
import statistics
import time

import numpy as np
import torch
from torch import nn

LONG, SHORT, NEGATIVES, WIDTH, BATCH, RATE = 50, 10, 4, 64, 256, 1e-3


def read(path):
    """Histories of each user in stable order of time, items numbered in ascending order of their numbers."""
    rows = [line.rstrip("\n").split("\t") for line in open(path, encoding="utf-8")][1:]
    users = np.unique(np.array([int(r[0]) for r in rows]), return_inverse=True)[1]
    names, items = np.unique(np.array([int(r[1]) for r in rows]), return_inverse=True)
    times = np.array([float(r[3]) for r in rows])
    order = np.lexsort((np.arange(len(rows)), times, users))
    bounds = np.searchsorted(users[order], np.arange(users.max() + 2))
    return [items[order[bounds[u]:bounds[u + 1]]] for u in range(users.max() + 1)], len(names)


class Twin(nn.Module):
    def __init__(self, items):
        super().__init__()
        self.items = nn.Embedding(items + 1, WIDTH, padding_idx=items)
        nn.init.normal_(self.items.weight, 0, 0.05)
        self.taste = nn.LSTM(WIDTH, WIDTH, batch_first=True)
        self.attention, self.vector = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, 1, bias=False)
        self.drop = nn.Dropout(0.2)
        self.first, self.second, self.last = nn.Linear(3 * WIDTH, 100), nn.Linear(100, 64), nn.Linear(64, 1)

    def interest(self, steps, lengths):
        """steps: (B, LONG) items, padded at the end; lengths: (B)."""
        x = self.drop(self.items(steps))
        at = torch.arange(len(lengths))
        states, _ = self.taste(x)
        taste = states[at, lengths - 1]
        logits = self.vector(torch.tanh(self.attention(x))).squeeze(-1)
        places = torch.arange(steps.shape[1])
        recent = (places >= (lengths - SHORT)[:, None]) & (places < lengths[:, None])
        weights = torch.softmax(logits.masked_fill(~recent, -torch.inf), 1)
        return torch.cat([taste, (weights[:, :, None] * x).sum(1)], 1)

    def forward(self, interest, candidates):
        """interest: (B, 2 WIDTH), candidates: (B, C) -> (B, C) logits."""
        item = self.items(candidates)
        both = torch.cat([interest[:, None].expand(-1, item.shape[1], -1), item], 2)
        return self.last(torch.relu(self.second(self.drop(torch.relu(self.first(both)))))).squeeze(-1)


def rows_before(histories, items, wanted):
    """(n, LONG) items before each (user, position), padded at the end, and how many they are."""
    steps = np.full((len(wanted), LONG), items)
    lengths = np.empty(len(wanted), dtype=np.int64)
    for n, (user, position) in enumerate(wanted):
        window = histories[user][max(0, position - LONG):position]
        steps[n, :len(window)] = window
        lengths[n] = len(window)
    return torch.from_numpy(steps), torch.from_numpy(lengths)


@torch.no_grad()
def evaluate(model, histories, items):
    model.eval()
    steps, lengths = rows_before(histories, items, [(u, len(h) - 1) for u, h in enumerate(histories)])
    interest = model.interest(steps, lengths)
    hits = gains = 0.0
    for user, history in enumerate(histories):
        scores = model(interest[user:user + 1], torch.arange(items)[None])[0]
        target = scores[history[-1]].clone()
        scores[history[:-1]] = -torch.inf
        rank = int((scores >= target).sum())  # the target comes last among equals
        hits += rank <= 10
        gains += 1 / np.log2(rank + 1) if rank <= 10 else 0
    model.train()
    return hits / len(histories), gains / len(histories)


# What the example calls the twin's parameters; it has no row of the padding.
OURS = {"items.weight": "items.weights", "attention.weight": "short_term.pool.matrix",
        "attention.bias": "short_term.pool.bias", "vector.weight": "short_term.pool.query"}
for _theirs, _ours in (("weight_ih", "weights_input"), ("weight_hh", "weights_hidden"), ("bias_ih", "bias_input"),
                       ("bias_hh", "bias_hidden")):
    OURS[f"taste.{_theirs}_l0"] = f"long_term.encode.layers.0.{_ours}"
for _k, _layer in enumerate(("first", "second", "last")):
    OURS |= {f"{_layer}.weight": f"score.mlp.layers.{_k}.weights", f"{_layer}.bias": f"score.mlp.layers.{_k}.bias"}


def load(model, path):
    """Takes the weights that the example saved. The row of the padding stays."""
    from safetensors.torch import load_file  # only this needs the package

    ours = load_file(path)
    state = {theirs: ours.pop(name) for theirs, name in OURS.items()}
    state["vector.weight"] = state["vector.weight"][None]
    state["items.weight"] = torch.cat([state["items.weight"], model.items.weight.detach()[-1:]])
    if ours:
        raise SystemExit(f"long_short_twin.py: {path} has tensors the twin has not: {', '.join(ours)}")
    model.load_state_dict(state)


class Examples:
    """All positions that are trained: the windows before them and their targets, ready to be indexed."""

    def __init__(self, histories, items, wanted):
        self.items = items
        self.steps, self.lengths = rows_before(histories, items, wanted)
        self.targets = torch.tensor([histories[user][position] for user, position in wanted])

    def train(self, model, optimiser):
        """An epoch: the mean of its losses."""
        losses, labels = [], torch.tensor([[1.0] + [0.0] * NEGATIVES])
        for batch in torch.randperm(len(self.targets)).split(BATCH):
            longest = int(self.lengths[batch].max())
            candidates = torch.cat([self.targets[batch, None], torch.randint(self.items, (len(batch), NEGATIVES))], 1)
            logits = model(model.interest(self.steps[batch, :longest], self.lengths[batch]), candidates)
            loss = nn.functional.binary_cross_entropy_with_logits(logits, labels.expand(len(batch), -1))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
        return float(np.mean(losses))


def positions(histories):
    """(user, position) of all that is trained: the last two of a user are validation and test."""
    return [(u, p) for u, h in enumerate(histories) for p in range(1, len(h) - 2)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--threads", type=int, default=0, help="0: as PyTorch chooses")
    parser.add_argument("--weights", help="rank with these weights and train nothing")
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    histories, items = read(options.data)
    if options.weights:
        model = Twin(items)
        load(model, options.weights)
        hits, gains = evaluate(model, histories, items)
        print(f"HR@10 {hits:.4f}  NDCG@10 {gains:.4f}")
        return
    examples = Examples(histories, items, positions(histories))
    model = Twin(items)
    optimiser = torch.optim.Adam(model.parameters(), RATE)
    print(f"{len(examples.targets)} examples, PyTorch {torch.__version__}, {torch.get_num_threads()} threads")
    seconds = []
    for epoch in range(1, options.epochs + 1):
        started = time.perf_counter()
        loss = examples.train(model, optimiser)
        seconds.append(time.perf_counter() - started)
        hits, gains = evaluate(model, histories, items)
        print(f"epoch {epoch}  loss {loss:.4f}  test HR@10 {hits:.4f}  NDCG@10 {gains:.4f}  {seconds[-1]:.1f} s",
              flush=True)
    print(f"{statistics.median(seconds):.1f} s (PyTorch {torch.__version__}, {torch.get_num_threads()} threads)")


if __name__ == "__main__":
    main()

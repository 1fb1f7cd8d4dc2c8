# SPDX-License-Identifier: Apache-2.0
"""The PyTorch side of python_exchange: the same model, with modules and names of its own.

    python3 exchange.py write DIR   # trains it, writes model.safetensors (its state_dict) and examples.safetensors
    python3 exchange.py check DIR   # loads a model that the C++ program wrote, compares its scores with the examples

examples.safetensors holds histories one after the other, `items` (N) with `offsets` (B + 1), `candidates` (B, C) and the
`scores` (B, C) that the writer has for them. Needs torch and safetensors.
"""
import argparse
import pathlib
import sys

import numpy
import torch
from safetensors.torch import load_file, save_file

RECENT = 5  # steps of the short-term view, as in model.hpp
ALLOWED = 1e-5


class Model(torch.nn.Module):
    def __init__(self, items, features, hidden, layers, attention):
        super().__init__()
        self.embedding = torch.nn.Embedding(items, features)
        self.lstm = torch.nn.LSTM(features, hidden, layers)
        self.attention = torch.nn.Linear(features, attention)
        self.query = torch.nn.Parameter(torch.randn(attention))
        self.join = torch.nn.Linear(hidden + features, features)

    def forward(self, histories, candidates):
        """histories: a list of (T) items each; candidates (B, C); gives (B, C)."""
        interests = []
        for items in histories:
            history = self.embedding(items)                                          # (T, D)
            long_term = self.lstm(history)[0][-1]                                    # (H)
            steps = history[-RECENT:]
            weights = torch.softmax(torch.tanh(self.attention(steps)) @ self.query, dim=0)
            short_term = weights @ steps                                             # (D)
            interests.append(self.join(torch.cat([long_term, short_term])))
        return torch.einsum("bd,bcd->bc", torch.stack(interests), self.embedding(candidates))


def examples(items, users=8):
    """Users who walk around the catalogue; candidate 0 comes next."""
    histories = [(torch.arange(1 + user * 11 % 12) * (1 + user % 3) + 5 * user) % items for user in range(users)]
    following = torch.tensor([(history[-1] + 1 + user % 3) % items for user, history in enumerate(histories)])
    return histories, (following[:, None] + torch.tensor([0, 8, 13, 21])) % items


def write(folder, seed):
    torch.manual_seed(seed)
    model = Model(items=30, features=5, hidden=6, layers=2, attention=4)
    histories, candidates = examples(30)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for step in range(21):
        scores = model(histories, candidates)
        labels = torch.zeros_like(scores)
        labels[:, 0] = 1
        loss = torch.nn.functional.binary_cross_entropy_with_logits(scores, labels)
        if step % 10 == 0:
            print(f"step {step:3}, loss {loss.item():.3f}")
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    lengths = torch.tensor([len(history) for history in histories])
    arrays = {
        "items": torch.cat(histories),
        "offsets": torch.cat([torch.zeros(1, dtype=torch.int64), lengths.cumsum(0)]),
        "candidates": candidates,
        "scores": model(histories, candidates).detach(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    origin = {"torch": torch.__version__, "numpy": numpy.__version__, "seed": str(seed)}
    save_file(model.state_dict(), folder / "model.safetensors", metadata=origin)
    save_file(arrays, folder / "examples.safetensors", metadata=origin)
    print(f"Wrote model.safetensors and examples.safetensors to {folder}")


def check(folder):
    state = load_file(folder / "model.safetensors")
    items, features = state["embedding.weight"].shape
    layers = sum(name.startswith("lstm.weight_ih_l") for name in state)
    model = Model(items, features, state["lstm.weight_hh_l0"].shape[1], layers, state["query"].shape[0])
    model.load_state_dict(state, strict=True)
    arrays = load_file(folder / "examples.safetensors")
    histories = torch.split(arrays["items"], arrays["offsets"].diff().tolist())
    scores = model(histories, arrays["candidates"]).detach()
    difference = (scores - arrays["scores"]).abs().max().item()
    print(f"Largest difference of {scores.numel()} scores up to {scores.abs().max():.2f}: {difference:.1e}, "
          f"{'below' if difference <= ALLOWED else 'above'} the allowed {ALLOWED:.0e}.")
    return difference <= ALLOWED


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=("write", "check"))
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(1)
    if options.verb == "write":
        write(options.folder, options.seed)
    elif not check(options.folder):
        sys.exit(1)


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""Whole training steps of the main example's model, without dropout: weights before, after 1 and after 20 steps.

PyTorch sees every example by itself, whichever way the library trains: the steps of the long window through an LSTM,
additive attention over the recent steps, [long; short; candidate] through an MLP, mean binary cross-entropy of the
target and its negatives, Adam with L2. Row-sparse tables: SparseAdam, with L2 on the rows of the step.
"""
import torch

STEPS = 20
CASES = [  # one pass over each history, row-sparse table, recent steps cut out of the long window, long window, L2
    (False, False, False, 6, 1e-2),
    (False, True, False, 0, 1e-2),
    (False, False, True, 7, 0),
    (True, False, False, 0, 1e-2),
    (True, True, True, 6, 1e-2),
]
WIDE = (False, False, False, 6, 1e-2)  # the same with several vectors of features, and a remainder


class Twin(torch.nn.Module):
    def __init__(self, items, features, hidden, attention, layers, sparse):
        super().__init__()
        double = {"dtype": torch.float64}
        self.items = torch.nn.Embedding(items, features, sparse=sparse, **double)
        self.lstm = torch.nn.LSTM(features, hidden, **double)
        self.attention = torch.nn.Linear(features, attention, **double)
        self.query = torch.nn.Parameter(torch.randn(attention, **double))
        sizes = [hidden + 2 * features, *layers, 1]
        self.layers = torch.nn.ModuleList(torch.nn.Linear(a, b, **double) for a, b in zip(sizes, sizes[1:]))

    def names(self):
        """Our names of the parameters."""
        found = {"items.weights": self.items.weight, "short_term.pool.matrix": self.attention.weight,
                 "short_term.pool.bias": self.attention.bias, "short_term.pool.query": self.query}
        for theirs, ours in [("weight_ih", "weights_input"), ("weight_hh", "weights_hidden"), ("bias_ih", "bias_input"),
                             ("bias_hh", "bias_hidden")]:
            found[f"long_term.encode.layers.0.{ours}"] = getattr(self.lstm, theirs + "_l0")
        for number, layer in enumerate(self.layers):
            found[f"score.mlp.layers.{number}.weights"] = layer.weight
            found[f"score.mlp.layers.{number}.bias"] = layer.bias
        return found

    def forward(self, long_term, short_term, candidates):
        """Logits (C) of one example from ids: what the long encoder reads, and the short window."""
        state = torch.zeros(self.lstm.hidden_size, dtype=torch.float64)
        if len(long_term) > 0:
            state = self.lstm(self.items(long_term))[0][-1]
        recent = torch.zeros(self.items.embedding_dim, dtype=torch.float64)
        if len(short_term) > 0:
            steps = self.items(short_term)
            recent = torch.softmax(torch.tanh(self.attention(steps)) @ self.query, 0) @ steps
        of = self.items(candidates)
        x = torch.cat([state.expand(len(of), -1), recent.expand(len(of), -1), of], 1)
        for layer in self.layers[:-1]:
            x = torch.relu(layer(x))
        return self.layers[-1](x)[:, 0]


def views(history, position, one_pass, cut_out, long_steps, short_steps):
    """Ids that the long encoder reads, and those of the short window."""
    long_begin = max(0, position - long_steps) if long_steps else 0
    short_begin = max(0, position - short_steps)
    long_end = max(long_begin, short_begin) if cut_out else position
    if long_end == long_begin:
        return history[:0], history[short_begin:position]
    return history[0 if one_pass else long_begin : long_end], history[short_begin:position]


def case(draw, one_pass, sparse, cut_out, long_steps, l2, wide=False):
    items, features, hidden, attention = draw.size(12, 16), draw.size(3, 5), draw.size(3, 6), draw.size(2, 5)
    layers = [draw.size(4, 7), draw.size(3, 5)]
    if wide:
        features, hidden, attention, layers = draw.size(60, 68), draw.size(33, 36), draw.size(17, 20), [draw.size(33, 36), 8]
    short_steps, negatives, rate = draw.size(2, 4), draw.size(1, 3), 1e-2
    model = Twin(items, features, hidden, attention, layers, sparse)
    with torch.no_grad():
        for layer in model.layers[:-1]:  # a few units that are all without a slope would leave nothing to train
            layer.bias.abs_().add_(0.5)
        for parameter in model.parameters():
            parameter.copy_(parameter.float().double())  # numbers that are the same in float
    # Longer than any short window, which may be cut out. The last item comes only as a candidate.
    histories = [draw.ids(items - 1, draw.size(7, 12)) for _ in range(3)]
    tensors = {"before/" + name: parameter.detach().clone() for name, parameter in model.names().items()}
    tensors["items"] = torch.cat(histories)
    tensors["lengths"] = torch.tensor([len(history) for history in histories])
    tensors |= {"sizes": torch.tensor([len(layer.bias) for layer in model.layers[:-1]])}
    table = [model.items.weight] if sparse else []
    others = [parameter for parameter in model.parameters() if not sparse or parameter is not model.items.weight]
    optimizers = [torch.optim.Adam(others, rate, weight_decay=l2)]
    if sparse:
        optimizers.append(torch.optim.SparseAdam(table, rate))
    losses, norms, scored, examples, asked = [], [], [], [], []
    for step in range(STEPS):
        rows = set()
        while len(rows) < 5:
            user = draw.size(0, 2)
            rows.add((user, draw.size(0, len(histories[user]) - 1)))
        rows = sorted(rows)
        candidates = torch.stack([torch.cat([histories[user][position : position + 1], draw.ids(items, negatives)])
                                  for user, position in rows])
        labels = torch.zeros(candidates.shape, dtype=torch.float64)
        labels[:, 0] = 1
        scores = torch.stack([model(*views(histories[user], position, one_pass, cut_out, long_steps, short_steps), some)
                              for (user, position), some in zip(rows, candidates)])
        loss = torch.nn.functional.binary_cross_entropy_with_logits(scores, labels)
        for optimizer in optimizers:
            optimizer.zero_grad()
        loss.backward()
        for parameter in model.parameters():  # if all windows of a step are empty, their encoder has a gradient of zero
            if parameter.grad is None:
                parameter.grad = torch.zeros_like(parameter)
        gradients = [parameter.grad for parameter in model.parameters()]
        norms.append(sum((g.coalesce().values() if g.is_sparse else g).square().sum() for g in gradients).sqrt())
        for parameter in table:  # L2 of the rows of the step
            gradient = parameter.grad.coalesce()
            ids = gradient.indices()
            values = gradient.values() + l2 * parameter.detach()[ids[0]]
            parameter.grad = torch.sparse_coo_tensor(ids, values, gradient.shape, check_invariants=True)
        for optimizer in optimizers:
            optimizer.step()
        losses.append(loss)
        scored.append(scores)
        examples.append(torch.tensor(rows))
        asked.append(candidates)
        if step in (0, STEPS - 1):
            tensors |= {f"after_{step + 1}/{name}": parameter.detach().clone()
                        for name, parameter in model.names().items()}
    tensors |= {"losses": torch.stack(losses), "norms": torch.stack(norms), "scores": torch.stack(scored)}
    tensors["examples"], tensors["candidates"] = torch.stack(examples), torch.stack(asked)
    tensors["settings"] = torch.tensor([one_pass, sparse, cut_out, long_steps, short_steps], dtype=torch.int64)
    tensors["rate"], tensors["weight_decay"] = (torch.tensor([number], dtype=torch.float64) for number in (rate, l2))
    return tensors


def cases(draw):
    found = {str(i): case(draw, *settings) for i, settings in enumerate(CASES)}
    return found | {"wide": case(draw, *WIDE, wide=True)}

# SPDX-License-Identifier: Apache-2.0
import copy

import torch
from case import BlockCase
from torch import nn
from torch.nn.functional import scaled_dot_product_attention
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

BATCH, STEPS, FEATURES = 256, 50, 64


class Padded(nn.Module):
    """A recurrent layer on padded sequences, without its last states."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x):
        return self.layer(x)[0]


class Packed(nn.Module):
    """The same on the steps that exist, as PyTorch's users do: packed, and padded again."""

    def __init__(self, layer, lengths):
        super().__init__()
        self.layer, self.lengths = layer, lengths

    def forward(self, x):
        steps = pack_padded_sequence(x, self.lengths, batch_first=True, enforce_sorted=False)
        return pad_packed_sequence(self.layer(steps)[0], batch_first=True, total_length=x.shape[1])[0]


class Attention(nn.Module):
    """A pre-norm transformer layer of linear layers, norms, and PyTorch's fused attention."""

    def __init__(self, features, heads, hidden):
        super().__init__()
        self.heads = heads
        self.in_proj, self.out_proj = nn.Linear(features, 3 * features), nn.Linear(features, features)
        self.linear1, self.linear2 = nn.Linear(features, hidden), nn.Linear(hidden, features)
        self.norm1, self.norm2 = nn.LayerNorm(features), nn.LayerNorm(features)

    def before_relu(self, x):
        """The sum of input and attention, and what the rectified units get."""
        batch, steps, features = x.shape
        q, k, v = self.in_proj(self.norm1(x)).view(batch, steps, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        attended = scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out_proj(attended.transpose(1, 2).reshape(batch, steps, features))
        return x, self.linear1(self.norm2(x))

    def forward(self, x):
        x, hidden = self.before_relu(x)
        return x + self.linear2(torch.relu(hidden))


class Encoder(BlockCase):
    """Sequences in, a state of each step out."""
    ragged = False

    def draw(self, batch, features):
        steps = self.settings_of_draw["steps"]
        self.lengths = torch.randint(1, steps + 1, (batch,)) if self.ragged else torch.full((batch,), steps)
        self.present = torch.arange(steps) < self.lengths[:, None]
        self.inputs = {"x": torch.randn(batch, steps, features) * self.present[:, :, None]}

    def rows(self, output):
        return output[self.present] if output.dim() == 3 else output

    def further(self):
        return {"lengths": self.lengths}

    def finish(self, width):
        batch, steps, _ = self.inputs["x"].shape
        self.cotangent = torch.randn(batch, steps, width) * self.present[:, :, None]
        if not self.backward:
            self.cotangent = None


class Recurrent(Encoder):
    def __init__(self, kind, goals, backward, hidden=64, batch=BATCH, ragged=False):
        gates = {"lstm": 8, "gru": 6}[kind]
        self.kind, self.hidden, self.batch, self.ragged = kind, hidden, batch, ragged
        steps = batch * STEPS * (0.51 if ragged else 1)
        flops = gates * steps * hidden * (FEATURES + hidden) * (3 if backward else 1)
        name = f"{kind.upper()} H {hidden}" + (", ragged" if ragged else "") + (" + backward" if backward else "")
        super().__init__(name, kind, f"B {batch} T {'U(1, 50)' if ragged else STEPS} E {FEATURES}", goals, flops, backward)
        if batch == 1:
            self.name, self.ours = f"{kind.upper()} H {hidden}, one sequence", f"{kind}.request"
            self.exported = True

    def build(self):
        self.settings_of_draw = {"steps": STEPS}
        self.draw(self.batch, FEATURES)
        layer = {"lstm": nn.LSTM, "gru": nn.GRU}[self.kind](FEATURES, self.hidden, batch_first=True)
        self.module = Padded(layer)
        if self.ragged:
            self.packed = Packed(layer, self.lengths)
        self.names = {"layer.weight_ih_l0": "block.layers.0.weights_input",
                      "layer.weight_hh_l0": "block.layers.0.weights_hidden",
                      "layer.bias_ih_l0": "block.layers.0.bias_input",
                      "layer.bias_hh_l0": "block.layers.0.bias_hidden"}
        self.finish(self.hidden)


class Transformer(Encoder):
    compiled = True

    def __init__(self, goals, backward, ragged=False):
        self.ragged = ragged
        features, steps = FEATURES, BATCH * STEPS
        mean, square = (0.51, 0.3434) if ragged else (1, 1)
        flops = steps * (12 * features * features * mean + 2 * STEPS * features * square) * (3 if backward else 1)
        name = "transformer layer" + (", ragged" if ragged else "") + (" + backward" if backward else "")
        super().__init__(name, "transformer", f"B {BATCH} T {'U(1, 50)' if ragged else STEPS} d {FEATURES} heads 2", goals,
                         flops, backward)
        self.settings = {"heads": 2}

    def build(self):
        self.settings_of_draw = {"steps": STEPS}
        self.module = Attention(FEATURES, 2, FEATURES)
        nearest = 0
        while nearest < 3e-7:  # so near to the kink of a rectified unit its gradient is a matter of rounding
            self.draw(BATCH, FEATURES)
            with torch.inference_mode():
                hidden = copy.deepcopy(self.module).double().before_relu(self.inputs["x"].double())[1]
            nearest = hidden[self.present].abs().min()
        self.names = {}
        for part in ("in_proj", "out_proj", "linear1", "linear2", "norm1", "norm2"):
            ours = f"block.attention.{part}" if part.endswith("proj") else f"block.{part}"
            self.names |= {f"{part}.weight": f"{ours}.weights", f"{part}.bias": f"{ours}.bias"}
        self.finish(FEATURES)


def cases():
    yield Recurrent("lstm", (1.25, 1.8), False)
    yield Recurrent("lstm", (2.2, 2.4), True)
    yield Recurrent("lstm", (1.1, 1.7), False, hidden=128)
    yield Recurrent("lstm", (1.7, 2.6), True, hidden=128)
    yield Recurrent("gru", (2.2, 3.4), False)
    yield Recurrent("gru", (2.3, 4.5), True)
    yield Recurrent("lstm", (2.4, 4), False, ragged=True)
    yield Recurrent("lstm", (6.5, 8), True, ragged=True)
    yield Recurrent("lstm", (1.8, None), False, batch=1)
    yield Recurrent("lstm", (1.8, None), False, batch=1, hidden=128)
    yield Recurrent("gru", (10, None), False, batch=1)
    yield Transformer((2.5, 2.3), False)
    yield Transformer((2.1, 2.8), True)
    yield Transformer((5, 4.5), False, ragged=True)
    yield Transformer((4, 5), True, ragged=True)

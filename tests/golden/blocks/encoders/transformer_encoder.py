# SPDX-License-Identifier: Apache-2.0
import importlib.util
import math
import pathlib

import torch
from generate import example, offsets

spec = importlib.util.spec_from_file_location("transformer_layer", pathlib.Path(__file__).parent / "transformer_layer.py")
transformer_layer = importlib.util.module_from_spec(spec)
spec.loader.exec_module(transformer_layer)


def cases(draw):
    found = {}
    for i in range(7):
        # SASRec's wiring, BERT's, and a plain stack.
        kind = ("sasrec", "bert", "plain")[i % 3]
        heads, layers = 1 + i // 3, draw.size(1, 2)
        features, hidden = heads * draw.size(4 // heads, 6 // heads), draw.size(1, 5)
        lengths = draw.lengths(draw.size(1, 3), 5, 1 if i else 0)
        if i == 6:  # wide: several vectors of features, and a remainder
            heads, layers, features, hidden = 1, 1, draw.size(52, 60), draw.size(33, 40)
        x = draw.normal(sum(lengths), features)
        module = torch.nn.TransformerEncoder(
            torch.nn.TransformerEncoderLayer(
                features, heads, hidden, dropout=0.0, batch_first=True, norm_first=kind == "sasrec", dtype=torch.float64,
                activation="gelu" if kind == "bert" else "relu"),
            layers, norm=torch.nn.LayerNorm(features, dtype=torch.float64) if kind == "sasrec" else None,
            enable_nested_tensor=False)
        tensors = {"x": x, "offsets": offsets(lengths)}
        state = {}
        for layer in range(layers):
            for theirs, ours in transformer_layer.NAMES.items():
                shape = module.get_parameter(f"layers.{layer}.{theirs}").shape
                tensor = draw.weights(*shape) if len(shape) == 2 else draw.normal(*shape)
                tensors[f"block.layers.{layer}.{ours}"] = state[f"layers.{layer}.{theirs}"] = tensor
        if kind == "sasrec":
            tensors["block.final_norm.weights"] = state["norm.weight"] = draw.normal(features)
            tensors["block.final_norm.bias"] = state["norm.bias"] = draw.normal(features)
        if kind != "plain":
            tensors["block.positions.weights"] = draw.normal(max(lengths) + 1, features)
        if kind == "bert":
            tensors["block.input_norm.weights"] = draw.normal(features)
            tensors["block.input_norm.bias"] = draw.normal(features)
        rows = []
        for steps in torch.split(x, lengths):
            if len(steps) == 0:
                continue
            y = steps
            if kind == "sasrec":
                y = y * math.sqrt(features)
            if kind != "plain":
                y = y + tensors["block.positions.weights"][: len(steps)]
            if kind == "bert":
                y = torch.nn.functional.layer_norm(
                    y, (features,), tensors["block.input_norm.weights"], tensors["block.input_norm.bias"])
            mask = torch.nn.Transformer.generate_square_subsequent_mask(len(steps), dtype=torch.float64)
            mask = mask if kind == "sasrec" else None
            rows.append(torch.func.functional_call(module, state, (y[None],), {"mask": mask})[0])
        settings = {"heads": heads, "layers": layers, "kind": i % 3}
        found[str(i)] = example(draw, tensors, torch.cat([*rows, x[:0]]), settings)
    return found

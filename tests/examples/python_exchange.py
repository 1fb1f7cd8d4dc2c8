# SPDX-License-Identifier: Apache-2.0
"""Models go to PyTorch and come back: names, shapes and scores; where torch is missing, with the files that it wrote once.

usage: python_exchange.py PROGRAM
"""
import json
import math
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile

PROGRAM = sys.argv[1]
os.environ.pop("OMP_PROC_BIND", None)  # as most terminals are: Kokkos would greet with advice about it
SOURCE = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = SOURCE / "examples/python_exchange/exchange.py"
STORED = pathlib.Path(os.environ.get("LONGSHORE_GOLDEN_DIR") or SOURCE / "tests/golden") / "examples/python_exchange"
FORMS = {"F32": "f", "I64": "q"}


def call(*arguments, status=0, threads="2"):
    environment = {**os.environ, "OMP_NUM_THREADS": threads}
    done = subprocess.run([PROGRAM, *arguments], text=True, capture_output=True, timeout=120, env=environment)
    assert done.returncode == status, f"{arguments}: status {done.returncode}, expected {status}\n{done.stdout}{done.stderr}"
    return done.stdout if status == 0 else done.stdout + done.stderr


def read(path):
    """{name: (dtype, shape, numbers)} of a safetensors file."""
    data = path.read_bytes()
    start = 8 + struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:start])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = (start + offset for offset in entry["data_offsets"])
        count = math.prod(entry["shape"])
        tensors[name] = (entry["dtype"], entry["shape"], struct.unpack(f"<{count}{FORMS[entry['dtype']]}", data[begin:end]))
    return tensors


def write(path, tensors):
    header, data = {}, b""
    for name, (dtype, shape, numbers) in tensors.items():
        part = struct.pack(f"<{len(numbers)}{FORMS[dtype]}", *numbers)
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(part)]}
        data += part
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def rows(tensor):
    _, (_, width), numbers = tensor
    return [numbers[k:k + width] for k in range(0, len(numbers), width)]


def product(matrix, vector):
    return [sum(a * b for a, b in zip(row, vector)) for row in matrix]


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def scores_of(model, examples):
    """What the model must give, in Python's double precision, by PyTorch's names and order of gates."""
    table = rows(model["embedding.weight"])
    _, _, items = examples["items"]
    _, _, offsets = examples["offsets"]
    scores = []
    for user, candidates in enumerate(rows(examples["candidates"])):
        history = [table[item] for item in items[offsets[user]:offsets[user + 1]]]
        steps = history
        for layer in range(sum(name.startswith("lstm.weight_ih") for name in model)):
            of_input, of_state = (rows(model[f"lstm.weight_{kind}_l{layer}"]) for kind in ("ih", "hh"))
            bias = [a + b for a, b in zip(model[f"lstm.bias_ih_l{layer}"][2], model[f"lstm.bias_hh_l{layer}"][2])]
            width = len(of_state[0])
            hidden, cell, states = [0.0] * width, [0.0] * width, []
            for x in steps:
                gates = [a + b + c for a, b, c in zip(product(of_input, x), product(of_state, hidden), bias)]
                for k in range(width):
                    i, f, g, o = gates[k], gates[width + k], gates[2 * width + k], gates[3 * width + k]
                    cell[k] = sigmoid(f) * cell[k] + sigmoid(i) * math.tanh(g)
                    hidden[k] = sigmoid(o) * math.tanh(cell[k])
                states.append(list(hidden))
            steps = states
        recent = history[-5:]
        query, bias = model["query"][2], model["attention.bias"][2]
        weights = []
        for x in recent:
            seen = [math.tanh(a + b) for a, b in zip(product(rows(model["attention.weight"]), x), bias)]
            weights.append(math.exp(sum(a * b for a, b in zip(query, seen))))
        intent = [sum(w * x[d] for w, x in zip(weights, recent)) / sum(weights) for d in range(len(table[0]))]
        interest = [a + b for a, b in zip(product(rows(model["join.weight"]), steps[-1] + intent), model["join.bias"][2])]
        scores += product([table[item] for item in candidates], interest)
    return scores


def difference(folder):
    """How far the scores of a folder's examples are from what its model must give."""
    examples = read(folder / "examples.safetensors")
    return max(abs(a - b) for a, b in zip(scores_of(read(folder / "model.safetensors"), examples), examples["scores"][2],
                                          strict=True))


def changed(folder, source, file, change):
    """A copy of a folder in which a function changed the tensors of a file."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(source, folder)
    tensors = read(source / file)
    change(tensors)
    write(folder / file, tensors)
    return folder


def pytorch_to_here(folder, theirs):
    assert difference(theirs) < 1e-5, "the formulas of this test are PyTorch's"
    text = call("check", theirs)
    for line in ("embedding.weight     items.weights                  30 x 5",
                 "lstm.weight_hh_l1    taste.layers.1.weights_hidden  24 x 6  gates i, f, g, o",
                 "attention.weight     intent.matrix                  4 x 5", "query                intent.query                   4",
                 "join.bias            fuse.project.bias              5"):
        assert line in text, f"no '{line}' in\n{text}"
    assert "Largest difference of 32 scores up to " in text and text.endswith("below the allowed 1e-05.\n"), text
    assert all(len(line) <= 80 for line in text.splitlines()), text

    def one_score(tensors):
        dtype, shape, numbers = tensors["scores"]
        tensors["scores"] = dtype, shape, (*numbers[:-1], numbers[-1] + 1e-4)

    def two_gates(tensors):  # input and forget gate exchanged
        dtype, shape, numbers = tensors["lstm.weight_ih_l0"]
        block = len(numbers) // 4
        tensors["lstm.weight_ih_l0"] = dtype, shape, (*numbers[block:2 * block], *numbers[:block], *numbers[2 * block:])

    for file, change in (("examples.safetensors", one_score), ("model.safetensors", two_gates)):
        text = call("check", changed(folder / "changed", theirs, file, change), status=1)
        assert text.endswith("above the allowed 1e-05.\n"), f"{change.__name__}: {text}"


def here_to_pytorch(folder):
    ours = folder / "ours"
    text = call("write", ours)
    assert "step  60, loss 0." in text and "lstm.weight_ih_l1    taste.layers.1.weights_input" in text, text
    shapes = {name: shape for name, (_, shape, _) in read(ours / "model.safetensors").items()}
    assert shapes == {name: shape for name, (_, shape, _) in read(STORED / "model.safetensors").items()}, shapes
    assert difference(ours) < 1e-5
    scores = read(ours / "examples.safetensors")["scores"][2]
    assert len(scores) == 96 and max(map(abs, scores)) > 0.5, "the scores tell something"
    assert ": 0.0e+00, below" in call("check", ours)
    for threads in ("1", "2"):
        call("write", folder / "again", threads=threads)
        for name in ("model.safetensors", "examples.safetensors"):
            assert (folder / "again" / name).read_bytes() == (ours / name).read_bytes(), f"{name} with {threads} threads"
    return ours


def refuses(folder, theirs):
    def drop(name):
        return lambda tensors: tensors.pop(name)

    def reshape(name, shape):
        def change(tensors):
            dtype, _, numbers = tensors[name]
            tensors[name] = dtype, shape, numbers
        return change

    def put(name, place, number):
        def change(tensors):
            dtype, shape, numbers = tensors[name]
            tensors[name] = dtype, shape, tuple(number if k == place else old for k, old in enumerate(numbers))
        return change

    model, examples = "model.safetensors", "examples.safetensors"
    for file, change, sentence in (
            (model, drop("query"), "missing: query"),
            (model, drop("lstm.weight_hh_l0"), 'expected a tensor "lstm.weight_hh_l0" of 2 dimensions, there is none'),
            (model, reshape("query", [1, 4]), "misshaped: query (file (1, 4), model (4))"),
            (model, reshape("embedding.weight", [150]), 'expected a tensor "embedding.weight" of 2 dimensions, there is one of 1'),
            (model, put("query", 0, math.nan), "holds a NaN or an infinity"),
            (examples, drop("scores"), 'expected a tensor "scores" of 2 dimensions, there is none'),
            (examples, reshape("scores", [4, 8]), "expected candidates and scores (B, C) for offsets (B + 1)"),
            (examples, put("items", 0, 30), "items of the history"),
            (examples, put("candidates", 3, 1000), "candidates"),
            (examples, put("items", 0, -1), "expected ids and offsets from 0 to 2^31-1"),
            (examples, put("offsets", 1, 99), "expected offsets that ascend from 0 to the ")):
        text = call("check", changed(folder / "bad", theirs, file, change), status=1)
        assert text.count("python_exchange: ") == 1 and sentence in text.splitlines()[-1], f"{sentence}:\n{text}"
    (folder / "bad" / model).write_bytes((theirs / model).read_bytes()[:-4])
    assert "python_exchange: " in call("check", folder / "bad", status=1)
    assert "No such file or directory" in call("check", folder / "absent", status=1)
    for arguments in ((), ("check",), ("look", theirs), ("check", theirs, "more")):
        assert call(*arguments, status=1).startswith("python_exchange: give `check DIR` or `write DIR`"), arguments


def with_torch(folder, ours):
    """The script itself, both ways."""
    def script(*arguments, status=0):
        done = subprocess.run([sys.executable, SCRIPT, *arguments], text=True, capture_output=True, timeout=300)
        assert done.returncode == status, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    assert "below the allowed" in script("check", ours)
    script("write", folder / "theirs")
    pytorch_to_here(folder, folder / "theirs")
    bad = changed(folder / "bad", ours, "model.safetensors", lambda tensors: tensors.update(
        {"join.bias": ("F32", [5], (1, 2, 3, 4, 5))}))
    assert "above the allowed" in script("check", bad, status=1)


with tempfile.TemporaryDirectory() as name:
    place = pathlib.Path(name)
    pytorch_to_here(place, STORED)
    from_here = here_to_pytorch(place)
    refuses(place, STORED)
    try:
        import safetensors.torch  # noqa: F401
    except ImportError as error:
        print(f"{error.name} is missing: the files that PyTorch wrote once and its formulas in Python stood in for it")
    else:
        with_torch(place, from_here)

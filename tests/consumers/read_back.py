# SPDX-License-Identifier: Apache-2.0
"""Runs a consumer and reads back what it saved: it trained, and every tensor moved.

    read_back.py PROGRAM

Reads safetensors with Python alone, so that nothing but the file says what is in it.
"""
import array
import gzip
import json
import math
import pathlib
import re
import subprocess
import sys
import tempfile

ITEMS, WIDTH = 40, 8
SHAPES = {"items.weights": [ITEMS, WIDTH], "fuse.logits": [2],
          "taste.layers.0.weights_input": [3 * WIDTH, WIDTH], "taste.layers.0.weights_hidden": [3 * WIDTH, WIDTH],
          "taste.layers.0.bias_input": [3 * WIDTH], "taste.layers.0.bias_hidden": [3 * WIDTH]}


def tensors(path):
    """{name: (shape, numbers)} of a safetensors file: a length, a JSON header, and little-endian float32 behind it."""
    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8:8 + length])
    header.pop("__metadata__", None)
    result = {}
    for name, entry in header.items():
        if entry["dtype"] != "F32":
            sys.exit(f"{path.name}: {name} is {entry['dtype']}, F32 is expected")
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        numbers = array.array("f", data[begin:end])
        if len(numbers) != math.prod(entry["shape"]):
            sys.exit(f"{path.name}: {name} has {len(numbers)} numbers for the shape {entry['shape']}")
        result[name] = entry["shape"], numbers
    return result


def complaints(before, after, text):
    """What is wrong about the tensors before and after the training, and about the line that the consumer printed."""
    losses = re.search(r"^longshore [\d.]+ on \w+: loss ([\d.e-]+) to ([\d.e-]+)$", text, re.MULTILINE)
    if not losses:
        yield f"it printed {text!r}, not its losses"
    elif not float(losses.group(2)) < 0.7 * float(losses.group(1)):
        yield f"the loss did not fall: {losses.group(0)}"
    for when, found in (("before", before), ("after", after)):
        shapes = {name: shape for name, (shape, _) in found.items()}
        if shapes != SHAPES:
            yield f"{when} the training the file holds {shapes}, not {SHAPES}"
    for name in SHAPES.keys() & before.keys() & after.keys():
        old, new = before[name][1], after[name][1]
        if not all(map(math.isfinite, new)):
            yield f"{name} is not finite after the training"
        elif max((abs(x - y) for x, y in zip(old, new)), default=0) < 1e-3:
            yield f"{name} did not move"


def main():
    with tempfile.TemporaryDirectory() as folder:
        with gzip.open(pathlib.Path(folder) / "items.txt.gz", "wt") as file:
            file.writelines(f"item {number}\n" for number in range(ITEMS))
        result = subprocess.run([sys.argv[1], folder], capture_output=True, text=True, check=False)
        print(result.stdout + result.stderr, end="")
        if result.returncode != 0:
            sys.exit(f"the consumer ended with status {result.returncode}")
        files = [pathlib.Path(folder) / f"{when}.safetensors" for when in ("before", "after")]
        found = list(complaints(*map(tensors, files), result.stdout))
    print("\n".join(found) or f"{len(SHAPES)} tensors moved")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()

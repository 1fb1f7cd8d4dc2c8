# SPDX-License-Identifier: Apache-2.0
"""Python's safetensors reads a model that `save` wrote, and `load` reads one that Python wrote.

usage: io_model_exchange.py PROGRAM
"""
import pathlib
import subprocess
import sys
import tempfile

try:
    import numpy
    import safetensors
    import safetensors.numpy
except ImportError as error:
    print(f"skipped: the Python package {error.name} is missing")
    sys.exit(77)

program = sys.argv[1]
SHAPES = {"tower.0.weights": (2, 3), "tower.0.bias": (3,), "tower.1.weights": (1, 2), "heads": (2, 1, 2),
          "times": (2,)}


def model(first):
    """The numbers of the model: quarters that count on from array to array."""
    tensors = {}
    for name, shape in SHAPES.items():
        count = int(numpy.prod(shape))
        numbers = first + 0.25 * numpy.arange(1, count + 1)
        tensors[name] = numbers.reshape(shape).astype(numpy.float64 if name == "times" else numpy.float32)
        first += 0.25 * count
    return tensors


def call(verb, path):
    return subprocess.run([program, verb, path], text=True, capture_output=True)


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    saved = call("save", folder / "ours")
    assert saved.returncode == 0, saved.stderr
    ours, expected = safetensors.numpy.load_file(folder / "ours"), model(0)
    assert set(ours) == set(expected), set(ours)
    for key, tensor in expected.items():
        assert ours[key].dtype == tensor.dtype and ours[key].shape == tensor.shape, key
        assert numpy.array_equal(ours[key], tensor), key
    with safetensors.safe_open(folder / "ours", "np") as opened:
        assert opened.metadata()["note"] == "a model", opened.metadata()

    theirs = model(100)
    safetensors.numpy.save_file(theirs, folder / "theirs")
    loaded = call("load", folder / "theirs")
    assert loaded.returncode == 0, loaded.stderr
    named = {key.replace("weights", "weight"): tensor for key, tensor in theirs.items()}
    named["optimizer.step"] = numpy.array([7])
    safetensors.numpy.save_file(named, folder / "named", metadata={"format": "pt"})
    loaded = call("load_named", folder / "named")
    assert loaded.returncode == 0, loaded.stderr

    # And where they do not fit, each is named.
    refused = call("load", folder / "named")
    assert refused.returncode == 2, refused.returncode
    assert ("missing: tower.0.weights, tower.1.weights; unexpected: " in refused.stderr
            and '"optimizer.step"' in refused.stderr), refused.stderr
    theirs["heads"] = theirs["heads"].astype(numpy.float16)
    theirs["times"] = theirs["times"][:1]
    safetensors.numpy.save_file(theirs, folder / "other")
    refused = call("load", folder / "other")
    assert refused.returncode == 2, refused.returncode
    assert "misshaped: heads (file F16, model F32), times (file (1), model (2))" in refused.stderr, refused.stderr
    safetensors.numpy.save_file(model(0), folder / "wrong")
    assert call("load", folder / "wrong").returncode == 1  # the numbers are looked at
    print(f"{len(SHAPES)} parameters went to safetensors {safetensors.__version__} and came back")

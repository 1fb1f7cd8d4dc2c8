# SPDX-License-Identifier: Apache-2.0
"""Draws golden values with PyTorch: one safetensors file for each module under blocks/, and the files of an example.

    python3 tests/golden/generate.py                       # the committed files
    python3 tests/golden/generate.py --seed 7 --out DIR    # other shapes and values; tests read LONGSHORE_GOLDEN_DIR=DIR
    python3 tests/golden/generate.py layers/linear         # only this block
    python3 tests/golden/generate.py examples/python_exchange

A module blocks/<folder>/<block>.py has `cases(draw)`: it returns {case: {tensor: value}}, at least five cases. `draw` gives
shapes and numbers from the seed. SHA256SUMS beside the files lists them all, with what made them. It needs packages of PyPI:

    pip install implicit numpy safetensors scikit-learn scipy torch
"""

import argparse
import ast
import hashlib
import importlib.util
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
EXAMPLE = "examples/python_exchange"  # its script writes the files that its test reads where torch is missing


def needed_packages() -> dict[str, str]:
    """What this program, the blocks' modules and the example import beyond Python's own: {module: name for pip}."""
    modules = set()
    for path in [*HERE.rglob("*.py"), HERE.parents[1] / EXAMPLE / "exchange.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                modules.add(node.module.split(".")[0])
    own = {path.stem for path in HERE.glob("*.py")} | {"check_golden"}
    names = {module: {"sklearn": "scikit-learn"}.get(module, module) for module in modules - own - sys.stdlib_module_names}
    return dict(sorted(names.items(), key=lambda pair: pair[1]))


# Said before anything is written: half of the files without their sums would be worse than none.
if missing := [name for module, name in needed_packages().items() if importlib.util.find_spec(module) is None]:
    sys.exit(f"generate.py needs packages that are missing here: pip install {' '.join(missing)}")

import numpy
import torch
from safetensors.numpy import save_file


class Draw:
    """Shapes and numbers from a seed; everything in double."""

    def __init__(self, seed: int, block: str):
        # A seed of its own for each block, so that adding one changes no other.
        name = int.from_bytes(hashlib.sha256(block.encode()).digest()[:4], "little")
        self.random = numpy.random.default_rng([seed, name])
        torch.manual_seed(seed * 1000003 + name)

    def size(self, low: int, high: int) -> int:
        """A whole number in [low, high]."""
        return int(self.random.integers(low, high + 1))

    def normal(self, *shape: int) -> torch.Tensor:
        """Numbers of order one that collect a gradient."""
        return torch.tensor(self.random.standard_normal(shape), dtype=torch.float64, requires_grad=True)

    def weights(self, outputs: int, inputs: int) -> torch.Tensor:
        """Weights of a layer, as initialisers size them: products of order one at any width.

        Larger ones saturate a softmax or a gate, whose gradient is then a sum of terms that cancel: single precision
        leaves of it what no tolerance could ask for, in PyTorch as here.
        """
        return (self.normal(outputs, inputs).detach() / max(inputs, 1) ** 0.5).requires_grad_()

    def cotangent(self, like: torch.Tensor) -> torch.Tensor:
        return torch.tensor(self.random.standard_normal(like.shape), dtype=torch.float64)

    def ids(self, high: int, *shape: int) -> torch.Tensor:
        """Whole numbers in [0, high)."""
        return torch.tensor(self.random.integers(0, high, shape), dtype=torch.int64)

    def lengths(self, count: int, longest: int, shortest: int = 0) -> list[int]:
        """Lengths of `count` sequences."""
        return [int(n) for n in self.random.integers(shortest, longest + 1, count)]


def offsets(lengths: list[int]) -> torch.Tensor:
    """(B + 1) offsets from lengths."""
    return torch.tensor([0, *numpy.cumsum(lengths)], dtype=torch.int64)


def example(draw: Draw, inputs: dict, output: torch.Tensor, settings: dict | None = None) -> dict:
    """One case: inputs and parameters by the names of the C++ case's `visit`, a cotangent, output and gradients.

    Entries of `inputs` without requires_grad (ids, offsets) are kept as they are; `settings` are whole numbers.
    """
    cotangent = draw.cotangent(output)
    leaves = {name: tensor for name, tensor in inputs.items() if tensor.requires_grad}
    gradients = torch.autograd.grad(output, list(leaves.values()), cotangent, allow_unused=True)
    tensors = dict(inputs)
    tensors["cotangent"] = cotangent
    tensors["output"] = output
    for (name, leaf), gradient in zip(leaves.items(), gradients):
        tensors["grad/" + name] = torch.zeros_like(leaf) if gradient is None else gradient
    for name, number in (settings or {}).items():
        tensors[name] = torch.tensor([int(number)], dtype=torch.int64)
    return tensors


def sort_metadata(path: pathlib.Path) -> None:
    """Equal values are to be equal bytes: save_file writes the metadata in an order that changes from run to run."""
    data = path.read_bytes()
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode().ljust(size)
    assert len(text) == size, path
    path.write_bytes(data[:8] + text + data[8 + size :])


def write(name: str, path: pathlib.Path, seed: int, out: pathlib.Path) -> None:
    spec = importlib.util.spec_from_file_location("golden_" + name.replace("/", "_"), path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = module.cases(Draw(seed, name))
    if len(found) < 5:
        sys.exit(f"{path}: at least five cases are needed, it gives {len(found)}")
    flat = {}
    for case, tensors in found.items():
        for tensor_name, tensor in tensors.items():
            flat[f"{case}/{tensor_name}"] = numpy.ascontiguousarray(tensor.detach().numpy())
    target = out / (name + ".safetensors")
    target.parent.mkdir(parents=True, exist_ok=True)
    save_file(flat, target, metadata={"torch": torch.__version__, "numpy": numpy.__version__, "seed": str(seed)})
    sort_metadata(target)
    print(f"{name}: {len(found)} cases, {target.stat().st_size} bytes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("blocks", nargs="*", help="folder/block; all if none is named")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=pathlib.Path, default=HERE)
    options = parser.parse_args()
    sys.path.insert(0, str(HERE))
    sys.modules["generate"] = sys.modules[__name__]  # modules say `from generate import example, offsets`
    torch.set_num_threads(1)
    for path in sorted((HERE / "blocks").rglob("*.py")):
        name = str(path.relative_to(HERE / "blocks").with_suffix(""))
        if not options.blocks or name in options.blocks:
            write(name, path, options.seed, options.out)
    if not options.blocks or EXAMPLE in options.blocks:
        script, target = HERE.parents[1] / EXAMPLE / "exchange.py", options.out / EXAMPLE
        subprocess.run([sys.executable, script, "write", target, "--seed", str(options.seed)], check=True)
        for path in target.glob("*.safetensors"):
            sort_metadata(path)
    sys.path.insert(0, str(HERE.parent / "house"))
    from check_golden import manifest  # the house check reads what is written here

    (options.out / "SHA256SUMS").write_text(manifest(options.out), encoding="utf-8")


if __name__ == "__main__":
    main()

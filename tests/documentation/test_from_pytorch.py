# SPDX-License-Identifier: Apache-2.0
"""What docs/from-pytorch.md shows in two languages is one model: equal scores, and equal weights after steps of training.

    test_from_pytorch.py PROGRAM

PROGRAM is documentation_pages. The page's own blocks run: those of Python here, those of C++ in the program, which gets weights and
a batch by files. Status 77, which ctest takes for skipped, where Python has no torch or no safetensors.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

try:
    import safetensors.torch
    import torch
    from torch import nn
    from torch.nn import functional
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

ROOT = pathlib.Path(__file__).resolve().parents[2]
ITEMS, WIDTH, USERS, CANDIDATES, STEPS = 30, 8, 6, 4, 3


def close(ours, theirs, allowed, what):
    difference = (ours - theirs).abs().max().item()
    assert ours.shape == theirs.shape and difference <= allowed, f"{what}: {difference:.1e} apart, allowed are {allowed:.0e}"
    print(f"{what}: {difference:.1e} apart")


def main(program):
    page = (ROOT / "docs/from-pytorch.md").read_text(encoding="utf-8")
    model_block, step_block = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    names = {"torch": torch, "nn": nn, "F": functional}
    exec(compile(model_block, "docs/from-pytorch.md", "exec"), names)  # pylint: disable=exec-used

    torch.manual_seed(1)
    model = names["Recommender"](ITEMS, WIDTH)
    lengths = torch.tensor([1, 7, 3, 12, 2, 5])
    steps = torch.randint(ITEMS, (USERS, int(lengths.max())))  # behind its length a history holds anything
    candidates = torch.randint(ITEMS, (USERS, CANDIDATES))
    labels = (torch.rand(USERS, CANDIDATES) < 0.4).float()
    names |= {"model": model, "steps": steps, "lengths": lengths, "candidates": candidates, "labels": labels}
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    scores = model(steps, lengths, candidates).detach()

    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        safetensors.torch.save_file(before, folder / "from_pytorch.safetensors")
        ragged = torch.cat([row[:length] for row, length in zip(steps, lengths)])
        offsets = torch.cat([torch.zeros(1, dtype=torch.int64), lengths.cumsum(0)])
        sizes = torch.tensor([ITEMS, WIDTH, USERS, len(ragged), CANDIDATES])
        safetensors.torch.save_file({"sizes": sizes, "offsets": offsets, "items": ragged, "candidates": candidates, "labels": labels},
                                    folder / "batch.safetensors")
        subprocess.run([program, "beside_pytorch"], cwd=folder, check=True)
        read = lambda file: safetensors.torch.load_file(folder / f"{file}.safetensors")
        returned, ours, trained = read("to_pytorch"), read("scores")["scores"], read("trained")

    close(ours, scores, 1e-6, "scores")
    model.load_state_dict(returned)  # strict: of the same names
    assert all(torch.equal(returned[name], tensor) for name, tensor in before.items()), "the way there and back changes weights"
    for _ in range(STEPS):  # each with an optimiser of its own, as one_step has
        exec(compile(step_block, "docs/from-pytorch.md", "exec"), names)  # pylint: disable=exec-used
    assert trained.keys() == before.keys(), sorted(trained)
    for name, theirs in model.state_dict().items():
        assert (theirs - before[name]).abs().max() > 1e-3, f"training left {name} as it was"
        close(trained[name], theirs, 2e-6, f"{name} after {STEPS} steps")


main(sys.argv[1])

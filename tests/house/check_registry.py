# SPDX-License-Identifier: Apache-2.0
"""No block without its proofs: every block has a test case of each kind, and a file that must not compile.

The cases are in tests/<folder>/test_<header>.cpp and named `<Block>: <kind>: <sentence>`; what the compiler must refuse
is in tests/refuse/<folder>_<header>*.cpp.
"""
import re

from tree import BLOCKS, run

KINDS = {
    "concept": "models its concept",
    "hand": "a case small enough to check by hand",
    "reference": "random ragged input against a naive loop",
    "golden": "values from PyTorch",
    "edges": "one step, one sequence, empty sequence, empty batch, very long, extreme values",
    "gradients": "gradients against central differences in double",
    "refused": "wrong extents or settings are refused with the right words",
    "threads": "equal bits on every space and number of threads, and between two runs",
}
WITHOUT = {"optimizers": {"gradients"}}  # kinds that make no sense for a whole folder

# Headers of the block folders that hold no block, each with the reason.
NOT_BLOCKS = {
    "longshore/encoders/no_encoder.hpp": "hands its input on",
    "longshore/encoders/recurrent_layer.hpp": "the parameters of a layer of Lstm and Gru, proved with them",
    "longshore/encoders/stacked_recurrent.hpp": "how Lstm and Gru run their layers, proved with them",
    "longshore/layers/cut_windows.hpp": "a function without parameters",
    "longshore/layers/mix_interests.hpp": "a function without parameters",
    "longshore/layers/row_products.hpp": "a function without parameters",
    "longshore/losses/reduction.hpp": "a setting of the losses",
    "longshore/losses/score_loss.hpp": "what the losses on scores are made of, proved with them",
    "longshore/optimizers/check_rule.hpp": "a function without parameters",
    "longshore/optimizers/collect_gradient.hpp": "a function without parameters",
    "longshore/optimizers/optimizer.hpp": "applies the rules, proved with them",
    "longshore/optimizers/optimizer_settings.hpp": "settings of the optimizer",
    "longshore/optimizers/optimizer_state.hpp": "what the optimizer keeps",
    "longshore/optimizers/parameter_group.hpp": "a setting of the optimizer",
    "longshore/optimizers/schedule.hpp": "plain numbers",
}

# Single kinds that make no sense for single blocks, each with the reason.
EXEMPT = {}

CASE = re.compile(r'\bTEST_CASE\w*\(\s*"([^":]+): ([a-z]+): [^"]+')


def check(tree):
    names = {header.name for header in tree.headers}
    for name in sorted(set(NOT_BLOCKS) - names):
        yield f"tests/house/check_registry.py: NOT_BLOCKS names {name}, which does not exist"
    for name, kind in sorted(EXEMPT):
        if name not in names or kind not in KINDS:
            yield f"tests/house/check_registry.py: EXEMPT names {name} and {kind}, which do not both exist"
    for header in tree.headers:
        if header.folder in BLOCKS and header.name not in NOT_BLOCKS:
            yield from block(tree, header)


def block(tree, header):
    path = tree.root / "tests" / header.folder / f"test_{header.stem}.cpp"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    letters = header.stem.replace("_", "")
    found = {kind for name, kind in CASE.findall(text) if name.lower() == letters}
    for kind, meaning in KINDS.items():
        if kind in WITHOUT.get(header.folder, ()) or (header.name, kind) in EXEMPT or kind in found:
            continue
        yield f"{header.name}: no test case '<Block>: {kind}: ...' ({meaning}) in {tree.relative(path)}"
    if not any((tree.root / "tests/refuse").glob(f"{header.folder}_{header.stem}*.cpp")):
        if (header.name, "refuse") not in EXEMPT:
            yield f"{header.name}: nothing that must not compile: tests/refuse/{header.folder}_{header.stem}*.cpp is missing"


if __name__ == "__main__":
    run(check, __doc__)

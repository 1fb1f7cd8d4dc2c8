# SPDX-License-Identifier: Apache-2.0
"""No block without its proofs: every block has a test case of each kind, golden values, and a file that must not compile.

The cases are in tests/<folder>/test_<header>.cpp and named `<Block>: <kind>: <sentence>`. A case counts if it runs and
its own body calls what proves that kind. The golden values come from tests/golden/blocks/<folder>/<header>.py; what the
compiler must refuse is in tests/refuse/<folder>_<header>*.cpp. So that none is without, a header holds one block, which
is named after it.
"""
import re

from declarations import declarations
from tree import BLOCKS, run, test_cases

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
# What the body of such a case calls. `rules::` are the same checks for optimizers.
ASSERTS = r"\b(?:CHECK\w*|REQUIRE\w*|static_assert)\s*\(|\b(?:check|rules)::\w+"
CALLS = {
    "concept": ASSERTS,
    "hand": ASSERTS,
    "reference": ASSERTS,
    "golden": r"\b(?:check|rules)::golden\b",
    "edges": ASSERTS,
    "gradients": r"\bcheck::gradients\b",
    "refused": r"\bCHECK_THROWS\w*\s*\(|\b(?:check|test|rules)::refuse[sd]\w*",
    "threads": r"\b(?:check|rules)::same_bits\b",
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

NAME = re.compile(r"([^:]+): ([a-z]+): .+")


def check(tree):
    names = {header.name for header in tree.headers}
    for name in sorted(set(NOT_BLOCKS) - names):
        yield f"tests/house/check_registry.py: NOT_BLOCKS names {name}, which does not exist"
    for name, kind in sorted(EXEMPT):
        if name not in names or kind not in KINDS:
            yield f"tests/house/check_registry.py: EXEMPT names {name} and {kind}, which do not both exist"
    for header in tree.headers:
        if header.folder in BLOCKS:
            yield from others(header)
            if header.name not in NOT_BLOCKS:
                yield from block(tree, header)


def others(header):
    """Blocks that their header is not named after: nothing would ask for their proofs."""
    for declaration in declarations(header):
        if not is_block(declaration):
            continue
        if declaration.name.lower() != header.stem.replace("_", ""):
            yield (f"{header.name}:{declaration.line}: {declaration.name} is a block that the header is not named after: "
                   f"give it a header of its own")
        elif header.name in NOT_BLOCKS and not re.search(r"\bvisit\(auto&&\) \{\}", declaration.text):
            yield f"tests/house/check_registry.py: NOT_BLOCKS names {header.name}, which holds the block {declaration.name}"


def is_block(declaration):
    """Whether a type is called with a context, or changes parameters by rules: what no helper does."""
    members = [member for member in declaration.members() if member.kind == "function"]
    called = any(re.match(r"operator ?\(\)", member.name) and
                 re.search(r"operator ?\(\) ?\((?:auto|\w*Context) ?&", member.head) for member in members)
    return called or {"step", "moments"} <= {member.name for member in members}


def block(tree, header):
    path = tree.root / "tests" / header.folder / f"test_{header.stem}.cpp"
    letters = header.stem.replace("_", "")
    named, proved = set(), set()
    for case in test_cases(path.read_text(encoding="utf-8") if path.is_file() else ""):
        match = NAME.fullmatch(case.name)
        if match and match.group(1).lower() == letters and match.group(2) in KINDS:
            named.add(match.group(2))
            if re.search(CALLS[match.group(2)], case.body):
                proved.add(match.group(2))
    asked = [kind for kind in KINDS if kind not in WITHOUT.get(header.folder, ()) and (header.name, kind) not in EXEMPT]
    for kind in asked:
        if kind not in named:
            yield f"{header.name}: no test case '<Block>: {kind}: ...' ({KINDS[kind]}) in {tree.relative(path)}"
        elif kind not in proved:
            yield f"{header.name}: no case '<Block>: {kind}: ...' in {tree.relative(path)} calls what proves it: {CALLS[kind]}"
    if "golden" in asked and not (tree.root / f"tests/golden/blocks/{header.folder}/{header.stem}.py").is_file():
        yield f"{header.name}: no golden values: tests/golden/blocks/{header.folder}/{header.stem}.py is missing"
    if not any((tree.root / "tests/refuse").glob(f"{header.folder}_{header.stem}*.cpp")):
        if (header.name, "refuse") not in EXEMPT:
            yield f"{header.name}: nothing that must not compile: tests/refuse/{header.folder}_{header.stem}*.cpp is missing"


if __name__ == "__main__":
    run(check, __doc__)

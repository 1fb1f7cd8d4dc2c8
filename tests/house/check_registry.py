# SPDX-License-Identifier: Apache-2.0
"""No block without its proofs: every block has a test case of each kind, golden values, and a file that must not compile.

The cases are in tests/<folder>/test_<header>.cpp and named `<Block>: <kind>: <sentence>`. A case counts if it runs and
its own body calls what proves that kind, under no condition. A file that is a copy of another block's proves nothing of
this one: the code of the tests, their golden values and what must not compile name the block. The golden values come from tests/golden/blocks/<folder>/<header>.py; what the
compiler must refuse is in tests/refuse/<folder>_<header>*.cpp. So that none is without, a header holds one block, which
is named after it.
"""
import re

from declarations import SKIPPED, declarations, without_template
from tree import BLOCKS, run, test_cases, without_comments

FOLDERS = BLOCKS + ("models",)  # models are called as blocks are, and made of them

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
    "refused": r"\bCHECK_THROWS\w*\s*\(|\b(?:check|test|rules)::refuse[sd]\w*|\berror_text\s*<",
    "threads": r"\b(?:check|rules)::same_bits\b",
}
# A call of these is a statement of the case itself: it has loops of its own.
STATEMENTS = {"golden", "gradients", "threads"}
# What leaves a call out: a condition, or a loop over nothing.
CONDITION = re.compile(r"\b(?:if|else|switch|case|while|catch|goto|sizeof|decltype|noexcept)\b|&&|\|\||\?")
EMPTY_LOOP = re.compile(r"\bfor \([^;]*(?:;[^;]*<=? ?(?:0|\w*[a-z]{[ ]*}) ?;|; ?false ?;|:[^;]*{ ?} ?\)$)")
WITHOUT = {"optimizers": {"gradients"}}  # kinds that make no sense for a whole folder

# Headers of the block folders that hold no block, each with the reason.
NOT_BLOCKS = {
    "longshore/encoders/no_encoder.hpp": "hands its input on",
    "longshore/encoders/recurrent_layer.hpp": "the parameters of a layer of Lstm and Gru, proved with them",
    "longshore/encoders/stacked_recurrent.hpp": "how Lstm and Gru run their layers, proved with them",
    "longshore/layers/cut_windows.hpp": "a function without parameters",
    "longshore/layers/mix_interests.hpp": "a function without parameters",
    "longshore/layers/pair_side.hpp": "a function without parameters of its own",
    "longshore/layers/row_products.hpp": "a function without parameters",
    "longshore/layers/weighted_sum.hpp": "a function without parameters",
    "longshore/losses/reduction.hpp": "a setting of the losses",
    "longshore/losses/score_loss.hpp": "what the losses on scores are made of, proved with them",
    "longshore/models/any_of_traits.hpp": "what the blocks of AnyOf have in common, proved with it",
    "longshore/models/check_batch.hpp": "a function without parameters",
    "longshore/models/no_branch.hpp": "gives no interest: there are no numbers",
    "longshore/optimizers/check_rule.hpp": "a function without parameters",
    "longshore/optimizers/collect_gradient.hpp": "a function without parameters",
    "longshore/optimizers/optimizer.hpp": "applies the rules, proved with them",
    "longshore/optimizers/optimizer_settings.hpp": "settings of the optimizer",
    "longshore/optimizers/optimizer_state.hpp": "what the optimizer keeps",
    "longshore/optimizers/parameter_group.hpp": "a setting of the optimizer",
    "longshore/optimizers/schedule.hpp": "plain numbers",
}

# Single kinds that make no sense for single blocks, each with the reason.
EXEMPT = {
    ("longshore/models/any_of.hpp", "reference"): "hands its input to the chosen block, which has one",
    ("longshore/models/any_of.hpp", "golden"): "hands its input to the chosen block, which has some",
    ("longshore/models/any_of.hpp", "edges"): "hands its input to the chosen block, which has some",
    ("longshore/models/interest_branch.hpp", "golden"): "an encoder and a pooling in a row, which have some each",
    ("longshore/models/long_short_model.hpp", "golden"): "whole training steps are compared in tests/twin",
}

CONTEXT = re.compile(r"operator ?\(\) ?\([A-Za-z]\w*(?:<[^()]*>)? ?&")  # the first argument is one that changes
NAME = re.compile(r"([^:]+): ([a-z]+): .+")


def check(tree):
    names = {header.name for header in tree.headers}
    for name in sorted(set(NOT_BLOCKS) - names):
        yield f"tests/house/check_registry.py: NOT_BLOCKS names {name}, which does not exist"
    for name, kind in sorted(EXEMPT):
        if name not in names or kind not in KINDS:
            yield f"tests/house/check_registry.py: EXEMPT names {name} and {kind}, which do not both exist"
    for header in tree.headers:
        if header.folder in FOLDERS:
            yield from others(header)
            if header.name not in NOT_BLOCKS:
                yield from block(tree, header)
        else:
            yield from misplaced(header)


def misplaced(header):
    """Blocks in a folder that is asked for no proofs: what is called with a context and names its parts."""
    for declaration in declarations(header):
        members = [member for member in declaration.members() if member.kind == "function"]
        if any(CONTEXT.search(member.head) for member in members) and \
                "visit" in {member.name for member in members}:
            yield f"{header.name}:{declaration.line}: {declaration.name} is a block in a folder that holds none"


def others(header):
    """Blocks that their header is not named after: nothing would ask for their proofs."""
    for declaration in declarations(header):
        for part in declaration.members():
            if any(takes_a_context(member) and "KOKKOS_" not in member.head for member in part.members()):  # not device code
                yield f"{header.name}:{part.line}: {part.name} is a block inside of another type: give it a header of its own"
        if not is_block(declaration):
            continue
        if declaration.name.lower() != header.stem.replace("_", ""):
            yield (f"{header.name}:{declaration.line}: {declaration.name} is a block that the header is not named after: "
                   f"give it a header of its own")
        elif header.name in NOT_BLOCKS and not re.search(r"\bvisit\(auto&&\) \{\}", declaration.text):
            yield f"tests/house/check_registry.py: NOT_BLOCKS names {header.name}, which holds the block {declaration.name}"


def is_block(declaration):
    """Whether it is called, by an operator of its own or of a base, or changes parameters by rules: what no helper does."""
    if declaration.kind == "value":
        return bool(re.search(r"= ?\[[^\]]*\] ?[<({]", declaration.code))  # a lambda
    if declaration.kind not in ("struct", "class"):
        return False
    members = [member for member in declaration.members() if member.kind == "function"]
    if any(takes_a_context(member) for member in members) or re.search(r"(?<!:):(?!:)", without_template(declaration.head)):
        return True
    return {"step", "moments"} <= {member.name for member in members}


def takes_a_context(member):
    """Whether it is a call operator that a context can be given: a template, or one whose first argument may change."""
    call = re.search(r"operator ?\(\)", member.head)
    return member.kind == "function" and call and (
        member.head.startswith("template") or re.search(r"\bauto\b", member.head[call.end():]) or CONTEXT.search(member.head))


def runs(kind, heads):
    """Whether a call runs, as far as one can see: what stands before it and before the blocks around it says no condition."""
    heads = [re.sub(r"\s+", " ", head) for head in heads]
    if kind in STATEMENTS:
        return not any(heads)
    return not any(CONDITION.search(head) or EMPTY_LOOP.search(head) for head in heads)


def name_of(header):
    """The name of the block that a header is named after."""
    letters = header.stem.replace("_", "")
    names = [declaration.name for declaration in declarations(header) if declaration.name.lower() == letters]
    return names[0] if names else "".join(word.capitalize() for word in header.stem.split("_"))


def uses(text, name):
    """Whether code makes a type or a value of this name, or hands its template on: comments, strings and using do not."""
    return bool(re.search(rf"\b{name}\s*[<>{{(,]", SKIPPED.sub(" ", without_comments(text))))


def block(tree, header):
    path = tree.root / "tests" / header.folder / f"test_{header.stem}.cpp"
    letters, name = header.stem.replace("_", ""), name_of(header)
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    values = f'"{header.folder}/{header.stem}"'
    named, proved, reads_values = set(), set(), False
    for case in test_cases(text):
        match = NAME.fullmatch(case.name)
        if match and match.group(1).lower() == letters and match.group(2) in KINDS:
            named.add(match.group(2))
            reads_values |= bool(re.search(rf"::golden\b[^;]*{values}", case.text))
            if any(runs(match.group(2), heads) for heads in case.calls(CALLS[match.group(2)])):
                proved.add(match.group(2))
    asked = [kind for kind in KINDS if kind not in WITHOUT.get(header.folder, ()) and (header.name, kind) not in EXEMPT]
    for kind in asked:
        if kind not in named:
            yield f"{header.name}: no test case '<Block>: {kind}: ...' ({KINDS[kind]}) in {tree.relative(path)}"
        elif kind not in proved:
            yield f"{header.name}: no case '<Block>: {kind}: ...' in {tree.relative(path)} calls what proves it, unconditionally: {CALLS[kind]}"
    if text and not uses(text, name):
        yield f"{header.name}: {tree.relative(path)} uses no {name}: what is tested there?"
    if "golden" in asked:
        if not (tree.root / f"tests/golden/blocks/{header.folder}/{header.stem}.py").is_file():
            yield f"{header.name}: no golden values: tests/golden/blocks/{header.folder}/{header.stem}.py is missing"
        if "golden" in proved and not reads_values:
            yield f"{header.name}: the golden case in {tree.relative(path)} does not read {values}"
    if (header.name, "refuse") not in EXEMPT:
        refused = sorted((tree.root / "tests/refuse").glob(f"{header.folder}_{header.stem}*.cpp"))
        pattern = f"tests/refuse/{header.folder}_{header.stem}*.cpp"
        if not refused:
            yield f"{header.name}: nothing that must not compile: {pattern} is missing"
        elif not any(uses(file.read_text(encoding="utf-8"), name) for file in refused):
            yield f"{header.name}: nothing that must not compile: {pattern} uses no {name}"


if __name__ == "__main__":
    run(check, __doc__)

# SPDX-License-Identifier: Apache-2.0
"""Every promise that the library makes has a test named after it: a doctest case, a program, a check or a run that has its number."""
import re

from tree import run

PROMISES = {
    "P1": "every block has a correct gradient",
    "P2": "values equal PyTorch's",
    "P3": "the execution spaces agree",
    "P4": "equal bits whatever the number of threads",
    "P5": "a resumed run equals one that never stopped",
    "P8": "corruption of a file is detected",
    "P11": "an untrusted id never reads outside a table",
    "P12": "NaN and infinity never pass silently",
    "P13": "stable numerics at the edges",
    "P14": "errors are catchable and say what is wrong",
    "P16": "concurrent inference on one const model is safe",
    "P17": "safe in many translation units, no hidden state",
    "P18": "every header stands alone, without warnings",
    "P19": "clean under the sanitizers",
    "P21": "misuse of the life cycle is an exception",
    "P22": "every limit is documented and exact",
    "P25": "nothing in a data file runs code",
}


def check(tree):
    named = set()
    runs = tree.root / "scripts/test"
    if runs.exists():
        named.update(re.findall(r"# (P\d+):", runs.read_text(encoding="utf-8")))
    for path in sorted((tree.root / "tests").rglob("*")):
        if path.suffix == ".cpp":
            for name in re.findall(r'\bTEST_CASE\w*\(\s*"([^"]*)"', path.read_text(encoding="utf-8")):
                named.update(re.findall(r"\bP\d+\b", name))
            if path.parent.name == "programs":
                named.update(re.findall(r"\bP\d+\b", path.read_text(encoding="utf-8")))
        elif path.name == "CMakeLists.txt" or path.parent.name == "house" and path.name.startswith("check_trust"):
            named.update(re.findall(r"\bP\d+\b", path.read_text(encoding="utf-8")))
    for promise, sentence in PROMISES.items():
        if promise not in named:
            yield f"{promise} ({sentence}): no test is named after it"


if __name__ == "__main__":
    run(check, __doc__)

# SPDX-License-Identifier: Apache-2.0
"""Every promise that the library makes has a test named after it: a doctest case, a program, a check, a label of CTest."""
import re

from tree import run, test_cases

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


NUMBER = re.compile(r"\bP\d+\b")


def named_tests(tree):
    """Every name of something that runs: a case of doctest or unittest, the first lines of a program or of a check, the
    labels of a test of CTest. Comments elsewhere and cases that are skipped prove nothing."""
    for path in sorted((tree.root / "tests").rglob("*")):
        if path.suffix not in (".cpp", ".py", ".txt"):
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".cpp" and path.name.startswith("test_"):
            yield from (case.name for case in test_cases(text))
        elif path.suffix == ".cpp" and path.parent.name == "programs":
            yield re.match(r"(?://.*\n|\n)*", text).group(0)
        elif path.suffix == ".py" and path.parent.name == "house" and path.name.startswith("check_"):
            yield from re.findall(r'^"""(.*)$', text, re.MULTILINE)[:1]
        elif path.name == "CMakeLists.txt":
            tests = re.findall(r"\badd_longshore_test\(([^()]*)", re.sub(r"#.*", "", text))
            yield from (match.group(1) for test in tests if (match := re.search(r"\bLABELS ((?:\w+\s+)+?)(?=COMMAND|$)", test)))


def check(tree):
    named = {number for name in named_tests(tree) for number in NUMBER.findall(name)}
    for promise, sentence in PROMISES.items():
        if promise not in named:
            yield f"{promise} ({sentence}): no test is named after it"


if __name__ == "__main__":
    run(check, __doc__)

# SPDX-License-Identifier: Apache-2.0
"""No two types that one test program may hold share a name: the linker would take one for the other, in silence."""
import collections
import re

from tree import run


def types(text):
    """The full name of every type at the outer level of a file's namespaces, unnamed ones left out."""
    spaces = []
    for line in text.split("\n"):
        if match := re.match(r"namespace ([\w:]*) ?\{$", line):
            spaces.append(match.group(1))
        elif line.startswith("}  // namespace"):
            spaces = spaces[:-1]
        elif "" not in spaces and (match := re.match(r"(?:struct|class|enum class) (\w+)", line)):
            yield "::".join(spaces + [match.group(1)])


def check(tree):
    tests = tree.root / "tests"
    shared = sorted([*(tests / "support").glob("*.hpp"), *(tests / "reference").glob("*.hpp")])
    programs = collections.defaultdict(list)
    for path in sorted(tests.glob("*/test_*.cpp")):
        programs[path.parent].append(path)
    for sources in [[], *programs.values()]:
        places = collections.defaultdict(list)
        for path in shared + sources:
            for name in dict.fromkeys(types(path.read_text(encoding="utf-8"))):
                places[name].append(path)
        for name, paths in places.items():
            if len(paths) > 1 and (not sources or paths[-1] not in shared):
                yield f"{name} is declared in {' and in '.join(tree.relative(path) for path in paths)}"


if __name__ == "__main__":
    run(check, __doc__)

# SPDX-License-Identifier: Apache-2.0
"""README.md shows the example your_own_pipeline: what is read is what is built and run.

README's first block of C++ equals `examples/your_own_pipeline/main.cpp` from its first #include on, but for the lines that
end in `// example only`. `check_readme.py --fix ROOT` writes the block.
"""
import itertools
import re
import sys

from tree import Tree, run

EXAMPLE = "examples/your_own_pipeline/main.cpp"
BLOCK = re.compile(r"(?<=^```cpp\n)(.*?)(?=^```$)", re.DOTALL | re.MULTILINE)


def shown(example):
    """The part of the example that README shows."""
    _, include, program = example.partition("#include")
    return "".join(line for line in (include + program).splitlines(keepends=True) if not line.endswith("// example only\n"))


def check(tree):
    readme, example = tree.root / "README.md", tree.root / EXAMPLE
    if not readme.exists() or not example.exists():
        return
    block = BLOCK.search(readme.read_text(encoding="utf-8"))
    if not block:
        yield f"README.md: no block of C++ shows the program of {EXAMPLE}"
        return
    program = shown(example.read_text(encoding="utf-8")).splitlines()
    found = block.group().splitlines()
    for number, (wanted, there) in enumerate(itertools.zip_longest(program, found), 1):
        if wanted != there:
            yield (f"README.md: line {number} of the program is not that of {EXAMPLE}: '{there or ''}' in the place of '{wanted or ''}'; "
                   "check_readme.py --fix writes it")
            return


def fix(root):
    tree = Tree(root)
    readme = tree.root / "README.md"
    program = shown((tree.root / EXAMPLE).read_text(encoding="utf-8"))
    readme.write_text(BLOCK.sub(lambda _: program, readme.read_text(encoding="utf-8"), count=1), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--fix"]:
        fix(sys.argv[2])
    else:
        run(check, __doc__)

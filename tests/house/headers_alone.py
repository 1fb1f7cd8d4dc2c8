# SPDX-License-Identifier: Apache-2.0
"""P18: every header compiles alone, without warnings.

    headers_alone.py ROOT BUILD FLAG...

Looks into the build's Ninja file first: each header must have a translation unit of its own that is compiled with these
flags; then builds them all.
"""
import pathlib
import re
import subprocess
import sys

from tree import Tree

UNIT = re.compile(r"^build \S*/headers_alone_\w+_verify_interface_header_sets/(longshore/\S+\.hpp)\.cxx\.o:.*\n(?:  .*\n)*?"
                  r"  FLAGS = (.*)$", re.MULTILINE)


def complaints(tree, ninja, flags):
    """What is wrong with the units in the text of a Ninja file."""
    units = {name: compiled.split() for name, compiled in UNIT.findall(ninja)}
    for header in tree.headers:
        if header.name not in units:
            yield f"{header.name} is not compiled alone"
        for flag in flags:
            if flag not in units.get(header.name, flags):
                yield f"{header.name} is compiled alone without {flag}"


def main():
    root, build, *flags = (word for word in sys.argv[1:] if word)
    tree = Tree(root)
    found = list(complaints(tree, (pathlib.Path(build) / "build.ninja").read_text(encoding="utf-8"), flags))
    if found or not tree.headers:
        sys.exit("\n".join(found) or "no header found: is this the repository?")
    target = ["--target", "all_verify_interface_header_sets"]
    status = subprocess.run(["cmake", "--build", build, *target], check=False).returncode
    print(f"{len(tree.headers)} headers compiled alone with {' '.join(flags)}, status {status}")
    sys.exit(status)


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""Every C++ file is as clang-format 16 writes it; skipped (77) where that is not installed.

    check_format.py ROOT           names the files that differ
    check_format.py --fix ROOT     formats them
"""
import pathlib
import re
import shutil
import subprocess
import sys

from tree import Tree

FOLDERS = ("include", "tests", "examples", "bench")


def files(root):
    return [path for folder in FOLDERS for path in sorted((root / folder).rglob("*")) if path.suffix in (".hpp", ".cpp")]


def check(tree, program):
    """One complaint for each file that the program would change."""
    found = subprocess.run([program, "--dry-run", "--Werror", "--ferror-limit=1", *files(tree.root)], cwd=tree.root,
                           capture_output=True, text=True, check=False).stderr
    places = {}
    for path, line in re.findall(r"^(\S.*?):(\d+):\d+: error: code should be clang-formatted", found, re.MULTILINE):
        places.setdefault(path, line)
    for path, line in sorted(places.items()):
        yield f"{tree.relative(path)}:{line}: not formatted: python3 tests/house/check_format.py --fix ."


def main():
    tree = Tree(pathlib.Path(sys.argv[-1]).resolve())
    program = shutil.which("clang-format-16")
    if program is None:
        print("skipped: there is no clang-format-16")
        sys.exit(77)
    if "--fix" in sys.argv:
        subprocess.run([program, "-i", *files(tree.root)], cwd=tree.root, check=True)
    complaints = list(check(tree, program))
    print("\n".join([*complaints, f"{len(files(tree.root))} files looked at, {len(complaints)} complaints"]))
    sys.exit(1 if complaints or not tree.headers else 0)


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""P17: no object file that includes the library defines a strong symbol of it or a mutable object.

    symbols.py ROOT FOLDER      looks at every object file below FOLDER with nm (those of single headers hold nothing new)

Functions must be weak (inline or templates). Objects must be declared const or constexpr in the headers.
"""
import pathlib
import re
import subprocess
import sys

from tree import Tree

STRONG = set("TDBRGSC")  # external definitions that would clash, or be one per process
OBJECTS = set("DBRGSVuvdb")  # data, wherever it lies; read-only sections too, to be sure
LINE = re.compile(r"^[0-9a-f]+ (\w) (.*)$")


def constants(tree):
    """Names of variables that the headers declare const or constexpr outside of parameter lists."""
    names = set()
    for header in tree.headers:
        for match in re.finditer(r"\b(?:constexpr|const)\b[^;(){}=]*?\b(\w+)\s*(?:=|\{|\[|;)", header.code()):
            names.add(match.group(1))
    return names


def complaints(symbols, allowed):
    for where, kind, name in symbols:
        if not name.startswith(("longshore::", "guard variable for longshore::")) or "Test" in name.split("(")[0]:
            continue
        if name.startswith("guard variable"):
            name = name[len("guard variable for "):]
        if kind in STRONG:
            yield f"{where}: strong definition of {name}: make it inline or a template"
        elif kind in OBJECTS:
            variable = re.sub(r"<.*>$", "", name.split("[abi:")[0]).split("::")[-1]
            if variable not in allowed:
                yield f"{where}: mutable object {name}: nothing mutable has static storage"


def symbols_of(path):
    output = subprocess.run(["nm", "-C", "--defined-only", path], capture_output=True, text=True, check=True).stdout
    for line in output.split("\n"):
        match = LINE.match(line)
        if match:
            yield path.name, match.group(1), match.group(2)


def main():
    tree = Tree(sys.argv[1])
    objects = sorted(path for path in pathlib.Path(sys.argv[2]).rglob("*.o") if "headers_alone" not in str(path))
    allowed = constants(tree)
    found = sorted({complaint for path in objects for complaint in complaints(symbols_of(path), allowed)})
    print("\n".join(found))
    if not objects:
        sys.exit(f"no object file below {sys.argv[2]}")
    print(f"{len(objects)} object files looked at, {len(found)} complaints")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()

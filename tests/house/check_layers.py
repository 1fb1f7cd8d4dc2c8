# SPDX-License-Identifier: Apache-2.0
"""A header includes only what its layer may know, by full path. The table is in tree.py."""
from tree import ALSO, MAY_INCLUDE, library_of, run


def check(tree):
    for header in tree.headers:
        if header.folder and header.folder not in MAY_INCLUDE:
            yield f"{header.name}: the folder {header.folder} has no line in the table of layers (tests/house/tree.py)"
            continue
        for line, bracket, included in header.includes():
            where = f"{header.name}:{line}: #include {bracket}{included}{'>' if bracket == '<' else bracket}"
            if bracket == '"':
                yield f"{where}: write the full path in angle brackets, <longshore/...>"
            elif included.startswith("longshore/"):
                yield from own_header(tree, header, included, where)
            else:
                yield from library(header, included, where)


def own_header(tree, header, included, where):
    if included not in tree.by_name:
        yield f"{where}: there is no such header"
        return
    target = tree.by_name[included].folder
    if not header.folder or header.folder in ALSO.get(included, ()):
        return  # the umbrella headers include everything
    if not target and included != "longshore/version.hpp":
        yield f"{where}: no header includes an umbrella header"
    elif target and target != header.folder and target not in MAY_INCLUDE[header.folder]:
        allowed = ", ".join((header.folder,) + MAY_INCLUDE[header.folder])
        yield f"{where}: {header.folder} may not know {target}; it may include {allowed}"


def library(header, included, where):
    name, folders = library_of(included)
    if name is None:
        yield f"{where}: a library that is not in the table (tests/house/tree.py)"
    elif folders is not None and header.folder not in folders:
        yield f"{where}: {name} is for {', '.join(folders)} only"


if __name__ == "__main__":
    run(check, __doc__)

# SPDX-License-Identifier: Apache-2.0
"""Joins test files into units that are compiled as one, so that what they all instantiate is compiled once.

    batches.py FOLDER NAME SIZE SOURCE...

Writes FOLDER/NAME_<number>.cpp, each of which includes up to SIZE sources, each in a namespace of its own, and prints what
to compile, separated by semicolons: the sources that stay alone, then these files. Headers come before the namespaces:
inside them their guards skip them. A source with conditions or macros of its own stays alone. A file that would not
change is not written.
"""
import pathlib
import re
import sys

ALONE = re.compile(r"^# *(?:if|define)", re.MULTILINE)
INCLUDE = re.compile(r"^#include .*$", re.MULTILINE)


def joined(sources):
    """The text of a unit that includes these sources."""
    includes = dict.fromkeys(line.replace('"../', '"tests/') for source in sources
                             for line in INCLUDE.findall(source.read_text(encoding="utf-8")))
    bodies = (f'namespace {source.stem} {{\n#include "{source.absolute()}"\n}}  // namespace {source.stem}\n' for source in sources)
    return "".join(f"{line}\n" for line in includes) + "".join(bodies)


def batches(sources, size):
    """Lists of the sources that are compiled together; those that stay alone come first."""
    alone = [source for source in sources if size <= 1 or ALONE.search(source.read_text(encoding="utf-8"))]
    rest = [source for source in sources if source not in alone]
    return [[source] for source in alone] + [rest[k:k + size] for k in range(0, len(rest), size)]


def write_units(folder, name, size, sources):
    """[(path to compile, its sources)]"""
    folder.mkdir(parents=True, exist_ok=True)
    units, number = [], 0
    for batch in batches(sources, size):
        path = batch[0]
        if len(batch) > 1:
            path = folder / f"{name}_{number}.cpp"
            number += 1
            text = joined(batch)
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                path.write_text(text, encoding="utf-8")
        units.append((path, batch))
    return units


if __name__ == "__main__":
    made = write_units(pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), [pathlib.Path(word) for word in sys.argv[4:]])
    print(";".join(str(path) for path, _ in made), end="")

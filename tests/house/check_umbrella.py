# SPDX-License-Identifier: Apache-2.0
"""longshore.hpp has every header that needs only Kokkos, Eigen and xtensor; io.hpp has those that need more.

`check_umbrella.py --fix ROOT` writes the missing lines.
"""
import re
import sys

from tree import IO_LIBRARIES, Tree, library_of, run

MAIN = "longshore/longshore.hpp"
IO = "longshore/io.hpp"


def homes(tree):
    """{header: (the umbrella it belongs to, why)} for every header but the umbrellas."""
    result = {}
    for header in tree.headers:
        if header.name not in (MAIN, IO):
            libraries = {library_of(included)[0] for included in tree.reachable(header)}
            more = sorted(libraries.intersection(IO_LIBRARIES))
            result[header.name] = (IO, f"needs {' and '.join(more)}") if more else \
                (MAIN, "needs only Kokkos, Eigen and xtensor")
    return result


def check(tree):
    for umbrella, other in ((MAIN, IO), (IO, MAIN)):
        if umbrella not in tree.by_name:
            yield f"{umbrella} is missing"
            continue
        listed = [included for _, _, included in tree.by_name[umbrella].includes() if included != other]
        if sorted(listed) != listed:
            yield f"{umbrella}: the includes are not in alphabetical order"
        for name, (home, reason) in homes(tree).items():
            if home == umbrella and name not in listed:
                yield f"{umbrella}: add #include <{name}>, which {reason}"
            elif home != umbrella and name in listed:
                yield f"{umbrella}: remove #include <{name}>, which {reason}"


def fix(tree):
    for umbrella in (MAIN, IO):
        header = tree.by_name[umbrella]
        lines = [f"#include <{name}>" for name, (home, _) in sorted(homes(tree).items()) if home == umbrella]
        before = re.split(r"^#include", header.text, maxsplit=1, flags=re.MULTILINE)[0].rstrip()
        header.path.write_text(before + "\n\n" + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--fix"]:
        fix(Tree(sys.argv[2]))
    else:
        run(check, __doc__)

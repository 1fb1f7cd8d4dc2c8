# SPDX-License-Identifier: Apache-2.0
"""The numbers and the text in version.hpp agree, with CMake's version too; nothing else writes the version down."""
import os
import re

from tree import run


def check(tree):
    text = tree.by_name["longshore/version.hpp"].text
    numbers = [re.search(rf"define LONGSHORE_VERSION_{part} (\d+)", text).group(1) for part in ("MAJOR", "MINOR", "PATCH")]
    string = re.search(r'define LONGSHORE_VERSION_STRING "([^"]*)"', text).group(1)
    version = ".".join(numbers)
    if string != version:
        yield f"longshore/version.hpp: LONGSHORE_VERSION_STRING is {string}, the numbers are {version}"
    built = os.environ.get("LONGSHORE_CMAKE_VERSION", version)
    if built != version:
        yield f"CMake built version {built}, longshore/version.hpp has {version}"
    changes = tree.root / "CHANGELOG.md"
    if changes.exists() and f"## {version}" not in changes.read_text(encoding="utf-8"):
        yield f"CHANGELOG.md: there is no section '## {version}'"


if __name__ == "__main__":
    run(check, __doc__)

# SPDX-License-Identifier: Apache-2.0
"""Every header has a test file that mirrors and includes it, and every test file a header."""
from tree import run, without_comments

# Tested by the house checks: macros only.
WITHOUT_TEST = {"longshore/core/abi.hpp"}


def check(tree):
    expected = {}
    for header in tree.headers:
        if header.folder and header.name not in WITHOUT_TEST:
            inner = header.name.split("/")[1:-1]
            expected["/".join(["tests", *inner, f"test_{header.stem}.cpp"])] = header.name
    for path, name in expected.items():
        if not (tree.root / path).is_file():
            yield f"{name} has no tests: {path} is missing"
        elif f"#include <{name}>" not in without_comments((tree.root / path).read_text(encoding="utf-8")):
            yield f"{path} does not include {name}, which it tests"
    for folder in sorted({header.folder for header in tree.headers if header.folder}):
        for path in sorted((tree.root / "tests" / folder).rglob("test_*.cpp")):
            if tree.relative(path) not in expected:
                yield f"{tree.relative(path)} mirrors no header of longshore/{folder}"


if __name__ == "__main__":
    run(check, __doc__)

# SPDX-License-Identifier: Apache-2.0
"""Every header has the licence line, #pragma once and the library's inline namespace, and fits on a page. Instruction sets
that headers ask about are told apart by the name of that namespace."""
import re

from tree import run

LICENCE = "// SPDX-License-Identifier: Apache-2.0"
LONGEST = 250  # lines
WIDEST = 120  # columns
# Headers of macros and includes only: they open no namespace.
WITHOUT_NAMESPACE = {"longshore/version.hpp", "longshore/core/abi.hpp", "longshore/interop/xtensor.hpp"}


def check(tree):
    for header in tree.headers:
        lines = header.text.split("\n")
        if lines[0] != LICENCE:
            yield f"{header.name}:1: the first line must be '{LICENCE}'"
        if "#pragma once" not in lines[1:4]:
            yield f"{header.name}: '#pragma once' must follow the licence line"
        if header.folder and header.name not in WITHOUT_NAMESPACE and not re.search(
                r"namespace longshore::inline LONGSHORE_ABI \{|inline namespace LONGSHORE_ABI \{", header.text):
            yield f"{header.name}: nothing is in 'namespace longshore::inline LONGSHORE_ABI'"
        if header.folder and len(lines) > LONGEST + 1:
            yield f"{header.name}: {len(lines) - 1} lines, more than {LONGEST}: split it by idea"
        for number, line in enumerate(lines, 1):
            if len(line) > WIDEST:
                yield f"{header.name}:{number}: {len(line)} columns, more than {WIDEST}"
            if line.endswith((" ", "\t", "\r")):
                yield f"{header.name}:{number}: white space at the end of the line"
            if re.search(r"\b(TODO|FIXME|XXX)\b(?! ?\(#\d+\))", line):
                yield f"{header.name}:{number}: a TODO needs the number of its issue: TODO(#12)"
        if not header.text.endswith("\n"):
            yield f"{header.name}: no line break at the end of the file"
    told_apart = next((header.text for header in tree.headers if header.name == "longshore/core/abi.hpp"), "")
    for header in tree.headers:
        for macro in sorted(set(re.findall(r"\b__(?:AVX|SSE|SSSE|FMA|BMI|F16C|ARM_|AMX)\w*__\b", header.code()))):
            if f"({macro})" not in told_apart:
                yield f"{header.name}: asks for {macro}, by which core/abi.hpp does not tell units apart"
    sources = [path for folder in ("tests", "examples", "bench") for path in sorted((tree.root / folder).rglob("*"))]
    for path in sources:
        if path.suffix in (".hpp", ".cpp") and not path.read_text(encoding="utf-8").split("\n", 2)[0:2].count(LICENCE):
            yield f"{tree.relative(path)}: the first line must be '{LICENCE}'"


if __name__ == "__main__":
    run(check, __doc__)

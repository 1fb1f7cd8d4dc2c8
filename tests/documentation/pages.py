# SPDX-License-Identifier: Apache-2.0
"""Makes C++ of the ```cpp blocks of pages, so that what they show compiles.

    pages.py OUT.hpp FOLDER PAGE...

The blocks of a page share a namespace, which is named after it (docs/quick-start.md: docs_quick_start), so that later ones see
what earlier ones declare; names are unique on a page. A block that declares nothing at its left margin holds statements and
becomes the body of a function. Comments before a block say
what is otherwise: `<!-- continues -->` puts its statements behind those of the block before, `<!-- not compiled: reason -->`
leaves it out.
"""
import pathlib
import re
import sys

BLOCK = re.compile(r"(?:^<!-- (?P<mark>continues|not compiled: [^\n]*?\S) -->\n+)?^```cpp\n(?P<text>.*?)^```[ \t]*$",
                   re.MULTILINE | re.DOTALL)
INCLUDE = re.compile(r"^#include .*$", re.MULTILINE)
DECLARES = re.compile(r"^(template|struct|class|enum|namespace|using|static_assert|concept|(?!(?:for|if|while|switch)\b)[\w:<>,*& ]+\([^;{]*\)[^;{]*\{\s*(//.*)?$)",
                      re.MULTILINE)


class Block:
    def __init__(self, page, line, text, mark):
        self.page, self.line, self.text, self.mark = page, line, text, mark

    @property
    def includes(self):
        return INCLUDE.findall(self.text)

    @property
    def code(self):
        """Without its includes; lines keep their numbers."""
        return INCLUDE.sub("", self.text)

    @property
    def declares(self):
        return bool(DECLARES.search(self.code))

    @property
    def source(self):
        return f'#line {self.line} "{self.page}"\n{self.code}'


def blocks(page, text):
    for match in BLOCK.finditer(text):
        yield Block(page, text.count("\n", 0, match.start("text")) + 1, match.group("text"), match.group("mark") or "")


def unit(pages):
    """One translation unit of every block of the pages, given as (name, text)."""
    includes, namespaces = [], []
    for page, text in pages:
        parts, is_open = [], False
        for count, block in enumerate(blocks(page, text)):
            if block.mark.startswith("not compiled"):
                continue
            includes += block.includes
            continues = block.mark == "continues"
            if continues and not is_open:
                sys.exit(f"{page}:{block.line}: continues nothing: the block before it holds no statements")
            if is_open and not continues:
                parts.append("}\n")
                is_open = False
            if continues:
                parts.append(block.source)
            elif block.declares:
                parts.append(block.source)
            else:
                parts.append(f"void block_{count}() {{\n{block.source}")
                is_open = True
        if is_open:
            parts.append("}\n")
        if parts:
            namespaces.append(f"namespace {name_of(page)} {{\n{''.join(parts)}}}\n")
    first = ["#include <longshore/io.hpp>", "#include <longshore/longshore.hpp>"]
    standard = ["<chrono>", "<cmath>", "<cstdint>", "<iostream>", "<map>", "<stop_token>", "<string>", "<thread>", "<vector>"]
    lines = list(dict.fromkeys([f"#include {name}" for name in standard] + first + includes))
    return "\n".join(lines) + "\n\nnamespace ls = longshore;\n\n" + "\n".join(namespaces)


def name_of(page):
    return re.sub(r"\W", "_", page.removesuffix(".md"))


def main(target, folder, *pages):
    texts = [(page, (pathlib.Path(folder) / page).read_text(encoding="utf-8")) for page in pages]
    pathlib.Path(target).write_text(unit(texts), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])

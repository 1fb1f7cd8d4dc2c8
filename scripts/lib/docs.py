# SPDX-License-Identifier: Apache-2.0
"""Lays out what Sphinx reads, for scripts/docs: the pages of the repository beside the reference made from the headers.

    docs.py FOLDER

Pages keep their places, so that links among them hold. Links to headers lead to the reference; of links to other files,
which the site does not have, the text stays.
"""
import pathlib
import re
import shutil
import sys

import reference

ROOT = reference.ROOT
PICTURES = (".svg", ".png")
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)#\s]*)(#[^)\s]*)?\)")


def pages():
    yield from (ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"))
    yield from sorted((ROOT / "docs").rglob("*.md"))
    yield from sorted((ROOT / "examples").glob("*/README.md"))


def on_the_site(text, page, known):
    """The text of a page with links that hold on the site."""
    def led(match):
        picture, words, target, part = match.group(1), match.group(2), match.group(3), match.group(4) or ""
        if picture or not target or re.match(r"[a-z]+:", target):
            return match.group(0)
        path = (page.parent / target).resolve()
        if path.is_dir() and (path / "README.md") in known:
            path = path / "README.md"
        if path in known:
            return f"[{words}]({relative(page, path)}{part})"
        inside = path.relative_to(ROOT).parts if path.is_relative_to(ROOT) else ()
        if inside[:2] == ("include", "longshore") and len(inside) > 2 and (len(inside) == 4 or path.is_dir()):
            heading = "#" + re.sub(r"[^\w-]", "", "".join(inside[2:])) if len(inside) == 4 else ""
            return f"[{words}]({relative(page, ROOT / 'docs/reference' / (inside[2] + '.md'))}{heading})"
        return words
    outside = re.split(r"(^```.*?^```[ \t]*$)", text, flags=re.DOTALL | re.MULTILINE)
    return "".join(piece if piece.startswith("```") else LINK.sub(led, piece) for piece in outside)


def relative(page, path):
    up = 0
    while not path.is_relative_to(page.parents[up]):
        up += 1
    return "../" * up + path.relative_to(page.parents[up]).as_posix()


def lay_out(target):
    shutil.rmtree(target, ignore_errors=True)
    known = set(pages())
    for page in sorted(known):
        place = target / page.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        text = on_the_site(page.read_text(encoding="utf-8"), page, known)
        if page == ROOT / "docs/index.md":
            text += contents(known)
        place.write_text(text, encoding="utf-8")
    for picture in sorted((ROOT / "docs").rglob("*")):
        if picture.suffix in PICTURES:
            place = target / picture.relative_to(ROOT)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(picture, place)
    return reference.write(target / "docs/reference")


def contents(known):
    """The side bar: the pages in the order in which the start page links to them, then all others."""
    start = ROOT / "docs/index.md"
    order = [(start.parent / match.group(3)).resolve() for match in LINK.finditer(start.read_text(encoding="utf-8"))
             if match.group(3).endswith(".md")]
    rest = sorted(known - set(order) - {start}, key=lambda page: (page.parts[:-1], page.name))
    below = [page for page in rest if page.parent == ROOT / "docs/decisions"]
    named = [relative(start, page).removesuffix(".md") for page in dict.fromkeys(order) if page in known]
    lines = named + ["reference/index"] + [relative(start, page).removesuffix(".md") for page in rest if page not in below]
    hidden = "\n".join(relative(start, page).removesuffix(".md") for page in below)
    return (f"\n```{{toctree}}\n:hidden:\n\n" + "\n".join(lines) + "\n```\n" +
            (f"\n```{{toctree}}\n:hidden:\n:caption: Decisions\n\n{hidden}\n```\n" if hidden else ""))


if __name__ == "__main__":
    print(f"{lay_out(pathlib.Path(sys.argv[1]))} names in the reference")

# SPDX-License-Identifier: Apache-2.0
"""Every link between the pages leads somewhere, and the index of decisions has every decision."""
import re

from tree import run


def pages(tree):
    yield from sorted(tree.root.glob("*.md"))
    for folder in ("docs", "examples", "bench", "tests"):
        yield from sorted((tree.root / folder).rglob("*.md"))


def check(tree):
    for page in pages(tree):
        text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
            if not re.match(r"[a-z]+:", target) and not (page.parent / target).exists():
                yield f"{tree.relative(page)}: the link to {target} leads nowhere"
    index = tree.root / "docs/decisions/README.md"
    listed = index.read_text(encoding="utf-8") if index.exists() else ""
    for page in sorted((tree.root / "docs/decisions").glob("*.md")):
        if page.name != "README.md" and f"({page.name})" not in listed:
            yield f"docs/decisions/README.md: {page.name} is not in the index"


if __name__ == "__main__":
    run(check, __doc__)

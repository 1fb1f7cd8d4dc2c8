# SPDX-License-Identifier: Apache-2.0
"""Docstrings say what a reader must know, and pages lead where they say.

Every public name has a docstring, and every public function of a type, unless its name, its type and its one line say all;
every kernel, block, metric, ... says its cost; every block, loss, optimizer and metric says its source; every public
function says which exceptions its own `expects` throw; every `(...)` shape uses letters that docs/notation.md has. The
table of blocks in README.md equals the tree, and each name in it leads to its header; every link in a page leads to a file, and one to a part of a page to a heading
of it; blocks of C++ are marked `cpp`, so that they are compiled; every decision is in the index.
"""
import re

from check_registry import NOT_BLOCKS
from declarations import declarations
from tree import BLOCKS, run

COSTED = BLOCKS + ("core", "linalg", "kernels", "io", "interop", "data", "metrics", "baselines", "models", "training",
                   "retrieval", "serving")

# Plain data that is only handed on.
SETTINGS = re.compile(r"(settings|limits|format)$", re.IGNORECASE)

# A shape: sizes with commas between them, or a single letter.
SHAPE = re.compile(r"\(((?:[\w .]+(?: ?[-+*] ?\w+)?,)+ ?[\w .]+(?: ?[-+*] ?\w+)?|[A-Z])\)")

# Headers of these folders that have nothing to run, each with the reason.
COSTLESS = {
    "longshore/core/abi.hpp": "macros",
    "longshore/core/concepts.hpp": "concepts",
    "longshore/core/error.hpp": "what is thrown",
    "longshore/core/executor.hpp": "a tag",
    "longshore/core/index.hpp": "names of types",
    "longshore/core/kokkos.hpp": "differences of versions",
    "longshore/interop/xtensor.hpp": "includes",
    "longshore/baselines/baseline.hpp": "a concept",
    "longshore/metrics/number_range.hpp": "a concept",
    "longshore/metrics/score_range.hpp": "a concept",
    "longshore/metrics/tie_policy.hpp": "an enumeration",
}

# Functions that give a number and are no published metric, each with the reason.
SOURCELESS = {
    "longshore/metrics/rank.hpp": "the place of one item",
}


def check(tree):
    for header in tree.headers:
        yield from docstrings(header)
        yield from undocumented(header)
        yield from undocumented_members(header)
    yield from letters(tree)
    yield from stale(tree)
    yield from table_of_blocks(tree)
    yield from links(tree)
    yield from fences(tree)
    yield from decisions(tree)


def undocumented(header):
    """Names without a docstring. One for a name is enough; what is deleted says why in its comment."""
    named = set()
    for declaration in declarations(header):
        forward = declaration.kind in ("struct", "class") and "{" not in declaration.code
        if declaration.doc:
            named.add(declaration.name)
        elif declaration.name not in named and not forward and not re.search(
                r"^static_assert|=\s*delete\s*;$", declaration.code.strip()):
            yield f"{header.name}:{declaration.line}: {declaration.name} has no docstring"
            named.add(declaration.name)


# Types whose functions are what another library calls, each with the reason: that library says what they are.
CALLED_BACK = {
    "longshore/io/safetensors_parser.hpp": "the calls of nlohmann-json's SAX interface",
}
INSIDE = ("kernels", "linalg")  # whose types users do not call: one line needs no docstring, whatever it takes
TAKES_CONTEXT = re.compile(r"\w+\s*\((?:auto|Context|Training<\w+>|Inference<\w+>)\s*&\s*\w*|\(\)\s*\((?:auto|Context)\s*&")
TAKES_TEAM = re.compile(r"\((?:\[\[maybe_unused\]\] )?const Team\s*&")


def undocumented_members(header):
    """Public functions of types without a docstring that need one; docs/decisions/docstrings-of-members.md says which."""
    def of(type_):
        members = [member for member in type_.members() if member.is_public]
        named = {member.name for member in members if member.kind == "function" and member.doc}  # one for a name is enough
        for member in members:
            if member.kind in ("struct", "class"):
                yield from of(member)
            elif member.kind == "function" and member.name not in named and not says_all(type_, member, header.folder in INSIDE):
                yield f"{header.name}:{member.line}: {type_.name}::{member.name} has no docstring"
    for declaration in declarations(header):
        if declaration.kind in ("struct", "class") and header.name not in CALLED_BACK:
            yield from of(declaration)


def says_all(type_, member, is_inside):
    """Whether nothing is left to say of a public function of a type that has a docstring itself."""
    code, head = member.code.strip(), member.head
    if re.match(r"friend\b|typedef\b|using\b|static_assert\b", code) or re.search(r"=\s*(delete|default|\{\s*\})\s*;$", code):
        return True  # `= {}`: what is called
    if member.name == "visit" or "~" in head or re.search(r"operator\s*=\s*\(", head):
        return True
    if member.name == type_.name:  # a constructor that copies, moves, or only hands on what it gets
        return bool(re.search(rf"\b{type_.name}\((const )?{type_.name}\s*(<[^>]*>)?\s*&", head) or re.search(r"\{\s*\}$", code))
    if TAKES_CONTEXT.search(head):
        return False
    if re.search(r"operator\s*\(\)", head) or TAKES_TEAM.search(head):
        return True  # a functor, or a part of one: its type says what it computes
    is_getter = re.search(r"\(\) const\b|\bstatic constexpr [^(]*\(\)", head)
    return code[code.find("{"):].count(";") <= 1 and bool(is_inside or is_getter)


def docstrings(header):
    principal, costed = None, False
    for declaration in declarations(header):
        yield from errors(header, declaration, declaration.doc)
        for member in declaration.members():
            yield from errors(header, member, declaration.doc + member.doc)
        dispatches = declaration.kind == "function" and re.search(r"\bExecutor\s*&", declaration.head)
        is_principal = declaration.kind in ("struct", "class", "function") and not SETTINGS.search(declaration.name) and \
            declaration.name.lower().replace("_", "") == header.stem.replace("_", "")
        if is_principal and (principal is None or not principal.doc):
            principal = declaration
        if header.folder in COSTED and dispatches:
            costed = True
            if "Cost:" not in declaration.doc:
                yield f"{header.name}:{declaration.line}: the docstring of {declaration.name} has no 'Cost:'"
    if header.folder in COSTED and header.name not in COSTLESS and not costed:
        if principal and "Cost:" not in principal.doc:
            yield f"{header.name}:{principal.line}: the docstring of {principal.name} has no 'Cost:'"
        elif "Cost:" not in header.text and not SETTINGS.search(header.stem):
            yield f"{header.name}: no docstring has a 'Cost:'"
    if principal and needs_source(header, principal) and "Source:" not in principal.doc:
        yield f"{header.name}:{principal.line}: the docstring of {principal.name} has no 'Source:'"


def needs_source(header, principal):
    if header.folder == "metrics":
        gives = re.search(r"\b(double|MetricResult|RankingMetric)\s+\w+\s*\(", principal.head)
        return bool(gives) and header.name not in SOURCELESS
    return header.folder in BLOCKS and header.name not in NOT_BLOCKS


def errors(header, declaration, doc):
    """Exceptions that the function's own body throws by `expects` and its docstring does not name."""
    if declaration.kind != "function" or not declaration.is_public:
        return
    promised = doc.partition("@throws")[2]
    for kind in sorted({match or "ShapeError" for match in re.findall(r"\bexpects(?:<(\w+)>)?\(", declaration.code)}):
        if kind not in promised and declaration.name != "expects":
            yield (f"{header.name}:{declaration.line}: {declaration.name} throws {kind}, "
                   f"its docstring has no '@throws {kind}'")


def letters(tree):
    """Letters in the shapes of comments, such as (N, D), that the notation does not have."""
    notation = tree.root / "docs/notation.md"
    if not notation.exists():
        return
    known = set(re.findall(r"^\| ([A-Z]) \|", notation.read_text(encoding="utf-8"), re.MULTILINE))
    for header in tree.headers:
        for line, text in enumerate(header.text.split("\n"), 1):
            for shape in SHAPE.findall(text.partition("//")[2]):
                for letter in sorted(set(re.findall(r"\b[A-Z]\b", shape)) - known):
                    yield f"{header.name}:{line}: docs/notation.md has no {letter}, of the shape ({shape})"


def stale(tree):
    for name in sorted({**COSTLESS, **SOURCELESS, **CALLED_BACK}.keys() - tree.by_name.keys()):
        yield f"tests/house/check_docs.py: names {name}, which does not exist"


def table_of_blocks(tree):
    """Every block has its name in its folder's row of the README, and no row names what is not there."""
    readme = tree.root / "README.md"
    if not readme.exists():
        return
    text = readme.read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", text, re.MULTILINE))
    yield from linked_names(tree, re.findall(r"^\| (`\w+`(?:, `\w+`)*) \| (.*) \|$", text, re.MULTILINE))
    for folder in BLOCKS + ("models",):
        found = {declaration.name: header for header in tree.headers if header.folder == folder
                 for declaration in declarations(header) if declaration.kind in ("struct", "class")
                 and declaration.name.lower() == header.stem.replace("_", "")}
        named = set(re.findall(r"`([A-Z]\w*)`", rows.get(folder, "")))
        for name in sorted(found.keys() - named):
            if found[name].name not in NOT_BLOCKS and not name.endswith("Traits"):
                yield f"README.md: the row {folder} of the table of blocks does not name {name}"
        for name in sorted(named - found.keys()):
            yield f"README.md: the row {folder} of the table of blocks names {name}, which no header there is named after"


def linked_names(tree, rows):
    """Each name in a row of the table of blocks is a link to the header named after it; a block's is in its row's folder."""
    for folders, row in rows:
        folders = re.findall(r"\w+", folders)
        if not {header.folder for header in tree.headers}.issuperset(folders):
            continue  # another table
        for name in re.findall(r"`(\w+)`", re.sub(r"\[`\w+`\]\([^)]*\)", "", row)):
            yield f"README.md: {name} in the row {' '.join(folders)} of the table of blocks is no link to its header"
        for name, target in re.findall(r"\[`(\w+)`\]\(([^)]*)\)", row):
            header = tree.by_name.get(target.removeprefix("include/"))
            if not header or header.stem.replace("_", "") != name.replace("_", "").lower() or (
                    folders[0] in BLOCKS and header.folder != folders[0]):
                yield f"README.md: {name} in the row {' '.join(folders)} of the table of blocks leads to {target}, which is not its header"


FENCE = re.compile(r"^(```+).*?^\1[ \t]*$", re.DOTALL | re.MULTILINE)


def pages(tree):
    for page in sorted(tree.root.rglob("*.md")):
        if not any(part.startswith(".") or part == "build" for part in page.relative_to(tree.root).parts):
            yield page


def headings(text):
    """What the headings of a page are called in links, as code hosts call them."""
    found = set()
    for heading in re.findall(r"^#{1,6}[ \t]+(.*?)[ \t]*#*$", FENCE.sub("", text), re.MULTILINE):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        name = base = re.sub(r"[^\w -]", "", words).replace(" ", "-")
        number = 0
        while name in found:
            number += 1
            name = f"{base}-{number}"
        found.add(name)
    return found


def links(tree):
    for page in pages(tree):
        text = re.sub(r"`[^`\n]*`", "", FENCE.sub("", page.read_text(encoding="utf-8")))
        for target, part in re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)", text):
            if re.match(r"[a-z]+:", target):
                continue
            other = page.parent / target if target else page
            if not other.exists():
                yield f"{tree.relative(page)}: the link to {target} leads nowhere"
            elif part and (other.suffix != ".md" or part not in headings(other.read_text(encoding="utf-8"))):
                yield f"{tree.relative(page)}: the link to {target}#{part} leads to no heading"


def fences(tree):
    for page in pages(tree):
        for number, line in enumerate(page.read_text(encoding="utf-8").split("\n"), 1):
            if re.match(r"[ \t]*```[ \t]*(c\+\+|cc|cxx|hpp|C\+\+|Cpp|CPP)(?!\w)|[ \t]+```cpp|```[ \t]+cpp|```cpp[ \t]*\S", line):
                yield f"{tree.relative(page)}:{number}: a block of C++ begins with ```cpp at the left margin, or it is not compiled"


def decisions(tree):
    index = tree.root / "docs/decisions/README.md"
    listed = index.read_text(encoding="utf-8") if index.exists() else ""
    for page in sorted((tree.root / "docs/decisions").glob("*.md")):
        if page.name != "README.md" and f"({page.name})" not in listed:
            yield f"docs/decisions/README.md: {page.name} is not in the index"


if __name__ == "__main__":
    run(check, __doc__)

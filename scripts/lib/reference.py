# SPDX-License-Identifier: Apache-2.0
"""Writes the API reference: one Markdown page for each folder of include/longshore, with every name that it declares.

Each declaration is shown as the header has it, with the comments behind its members, without bodies and private parts.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/house"))
from declarations import declarations  # pylint: disable=wrong-import-position
from tree import Header, Tree  # noqa: F401  pylint: disable=wrong-import-position

COMMAND = re.compile(r"(?<!\S)@(param|tparam|return|throws)\b[ ]?")
LABELS = re.compile(r"(?<!\S)(Models|State|Cost|Source|Differs from PyTorch): ")
DELETED = re.compile(r"=\s*delete\s*;$")
TITLES = {"param": "Parameters", "tparam": "Template parameters", "return": "Returns", "throws": "Throws"}

ABOUT = {
    "core": "views, tensors, ragged sequences, contexts, parameters, random numbers, errors, and what each concept asks",
    "linalg": "products and sums on views",
    "kernels": "forward and backward of the blocks: free functions on views, which allocate nothing and wait for nothing",
    "layers": "rows to rows",
    "embeddings": "ids and positions to vectors",
    "encoders": "sequences to sequences",
    "pooling": "windows over steps to one vector each",
    "fusers": "several interests to one",
    "scorers": "interests and candidates to scores",
    "losses": "scores, or a model, to a number to make small",
    "optimizers": "what a step does with gradients",
    "models": "ready-made compositions",
    "data": "logs: reading, cleaning, splitting, and making batches of them",
    "metrics": "of rankings, of scored rows, of ratings, and what is beyond accuracy",
    "baselines": "floors to print beside a model",
    "factorization": "matrix factorisation as trainers of its own",
    "retrieval": "the best items of a catalogue",
    "training": "fit, and evaluation of models",
    "serving": "answering requests",
    "io": "safetensors, NumPy, CSV, TensorBoard, and files that are written whole or not at all",
    "interop": "padded arrays, Eigen and xtensor",
}


def escaped(text):
    """Plain text as Markdown; what stands in backticks stays."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else re.sub(r"([\\*_\[\]<>|#$~{}^])", r"\\\1", part) for part in parts)


def prose(lines):
    """The lines of a docstring before its commands: paragraphs, equations and code."""
    blocks, kind = [], None
    for line in lines:
        indent = len(line) - len(line.lstrip())
        now = None if not line.strip() else "cpp" if indent >= 4 else "text" if indent >= 2 else "prose"
        if now == "text" and kind == "prose" and blocks[-1][1][-1].lstrip().startswith("- "):
            now = "prose"  # a list goes on
        if now is None and kind in ("cpp", "text"):
            blocks[-1][1].append("")
            continue
        if now is not None and (now != kind or not blocks):
            blocks.append((now, []))
        if now is not None:
            blocks[-1][1].append(line)
        kind = now
    for kind, content in blocks:
        if kind == "prose":
            text = escaped("\n".join(content))
            yield re.sub(r"\s*\n\n\s*", "\n\n", LABELS.sub(lambda match: f"\n\n**{match.group(1)}:** ", text)).strip()
        else:
            least = min(len(line) - len(line.lstrip()) for line in content if line)
            body = "\n".join(line[least:] for line in content).rstrip()
            # examples may leave something out, which is no C++ then
            yield f"```{{code-block}} {kind}\n:force:\n\n{body}\n```"


def markdown(doc):
    """A docstring as Markdown."""
    parts = COMMAND.split(doc)
    paragraphs = list(prose(parts[0].split("\n")))
    last = None
    for command, text in zip(parts[1::2], parts[2::2]):
        text = re.sub(r"\s+", " ", text).strip()
        if command in ("param", "tparam", "throws"):
            name, _, rest = text.partition(" ")
            text = f"`{name}`: {escaped(rest.strip())}"
        else:
            text = escaped(text)
        if command != last:
            paragraphs.append(f"*{TITLES[command]}*\n")
        paragraphs[-1] += f"\n- {text}"
        last = command
    return "\n\n".join(paragraphs)


def body_of(code):
    """Where the body of a function, or the list of initialisers before it, begins in its code; -1 without one."""
    depth = 0
    for at, letter in enumerate(code):
        depth += (letter in "([") - (letter in ")]")
        if depth == 0 and letter == "{" and "(" in code[:at]:
            return at
        if depth == 0 and letter == ":" and "(" in code[:at] and ":" not in (code[at - 1], code[at + 1:at + 2]):
            return at
    return -1


def synopsis(declaration):
    """A declaration without bodies and private parts."""
    if declaration.kind == "function" or declaration.code.startswith("friend"):
        at = body_of(declaration.code)
        return declaration.text if at < 0 else declaration.text[:at].rstrip() + ";"
    opening = declaration.code.find("{")
    if declaration.kind not in ("struct", "class") or opening < 0:
        return declaration.text
    shown, at, hidden = [declaration.text[:opening + 1]], opening + 1, False
    for member in declaration.members():
        before = declaration.text[at:member.begin]
        at = member.begin + len(member.text)
        if hidden:  # a comment behind what is not shown is not shown either
            before = before[before.find("\n"):] if "\n" in before else ""
        hidden = not member.is_public or bool(DELETED.search(member.code)) or member.code.startswith("static_assert") or \
            bool(re.match(r"friend (class|struct) ", member.code))
        if hidden:
            line, newline, _ = before.partition("\n")
            shown.append(line + newline if line.lstrip().startswith("//") else "")
        else:
            shown += [before, synopsis(member)]
    text = "".join(shown).rstrip() + "\n"
    rest = declaration.text[at:].split("\n", 1)[0]
    if not hidden and rest.lstrip().startswith("//"):
        text = text.rstrip() + rest + "\n"
    text = re.sub(r"\n[ \t]*(public|private|protected):[ \t]*(?=\n)", "", text) if declaration.kind == "struct" else \
        re.sub(r"\n[ \t]*(private|protected):[ \t]*(?=\n)", "", text)
    return re.sub(r"\n\s*\n(\s*\n)*", "\n\n", text).replace("{\n\n", "{\n") + "};"


def macros(header):
    """The macros of a header, for those that declare nothing else."""
    found = re.findall(r"^#define (LONGSHORE_\w+)(.*)$", header.text, re.MULTILINE)
    return "```cpp\n" + "\n".join(f"#define {name}{value}" for name, value in found) + "\n```" if found else ""


def page_of(folder, headers):
    lines = [f"# {folder}", "", f"{ABOUT.get(folder, folder)[0].upper()}{ABOUT.get(folder, folder)[1:]}.", ""]
    for header in headers:
        lines += [f"## {folder}/{header.stem}.hpp", "", f"```cpp\n#include <{header.name}>\n```", ""]
        names = set()
        found = [declaration for declaration in declarations(header) if not DELETED.search(declaration.code)
                 and not (declaration.kind in ("struct", "class") and "{" not in declaration.code)
                 and not declaration.code.startswith("static_assert")]
        for declaration in found:
            if declaration.name not in names:
                lines += [f"### `{declaration.name}`", ""]
                names.add(declaration.name)
            if declaration.doc:
                lines += [markdown(declaration.doc), ""]
            lines += [f"```cpp\n{synopsis(declaration)}\n```", ""]
        if not found:
            lines += [macros(header), ""]
    return "\n".join(lines)


def write(target):
    """Writes the pages into a folder; gives the number of names."""
    tree, count = Tree(ROOT), 0
    folders = sorted({header.folder for header in tree.headers} - {""})
    for folder in set(folders) - set(ABOUT):
        raise SystemExit(f"scripts/lib/reference.py: ABOUT has no line for the folder {folder}")
    folders.sort(key=list(ABOUT).index)
    target.mkdir(parents=True, exist_ok=True)
    index = ["# API reference", "", "Every name of the library, by folder, as the headers say it. The letters of shapes such as "
             "(N, D) are in [Notation](../notation.md).", "", "| folder | what is in it |", "|---|---|"]
    for folder in folders:
        text = page_of(folder, [header for header in tree.headers if header.folder == folder])
        count += text.count("\n### ")
        (target / f"{folder}.md").write_text(text, encoding="utf-8")
        index.append(f"| [{folder}]({folder}.md) | {ABOUT[folder]} |")
    index += ["", "`<longshore/longshore.hpp>` includes all that needs no file, `<longshore/io.hpp>` the rest.", "",
              "```{toctree}\n:hidden:\n\n" + "\n".join(folders) + "\n```", ""]
    (target / "index.md").write_text("\n".join(index), encoding="utf-8")
    return count

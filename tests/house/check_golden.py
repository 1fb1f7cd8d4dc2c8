# SPDX-License-Identifier: Apache-2.0
"""The golden values are those that tests/golden/SHA256SUMS lists, and every module under blocks/ has its file."""
import hashlib
import json
import re

from tree import run

GOLDEN = "tests/golden"
SUMS = f"{GOLDEN}/SHA256SUMS"


def origin(path):
    """What made a safetensors file, as its metadata says: torch 2.0.0, numpy 2.0.0, seed 1"""
    with open(path, "rb") as file:
        metadata = json.loads(file.read(int.from_bytes(file.read(8), "little")))["__metadata__"]
    return ", ".join(f"{name} {metadata[name]}" for name in ("torch", "numpy", "seed"))


def manifest(folder):
    """The text of SHA256SUMS for the files in a folder, which `sha256sum -c` understands."""
    groups = {}
    for path in sorted(folder.rglob("*.safetensors")):
        line = f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        groups.setdefault(origin(path), []).append(line)
    return "".join(f"# {made_by}\n{''.join(lines)}" for made_by, lines in sorted(groups.items()))


def check(tree):
    folder = tree.root / GOLDEN
    if not folder.is_dir():
        return
    listed, made_by = {}, ""
    sums = tree.root / SUMS
    for line in sums.read_text(encoding="utf-8").split("\n") if sums.exists() else []:
        if line.startswith("# "):
            made_by = line[2:]
        elif match := re.fullmatch(r"([0-9a-f]{64})  (.+)", line):
            listed[match.group(2)] = (match.group(1), made_by)
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.safetensors")}
    for name, path in sorted(files.items()):
        if name not in listed:
            yield f"{GOLDEN}/{name} is not in {SUMS}: tests/golden/generate.py writes both"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != listed[name][0]:
            yield f"{GOLDEN}/{name} is not the file that {SUMS} lists"
        elif origin(path) != listed[name][1]:
            yield f"{GOLDEN}/{name} was made by {origin(path)}, {SUMS} says {listed[name][1]}"
    for name in sorted(listed.keys() - files.keys()):
        yield f"{SUMS} lists {name}, which is missing"
    for path in sorted((folder / "blocks").rglob("*.py")):
        name = path.relative_to(folder / "blocks").with_suffix(".safetensors").as_posix()
        if name not in files:
            yield f"{tree.relative(path)} has no values: {GOLDEN}/{name} is missing"


if __name__ == "__main__":
    run(check, __doc__)

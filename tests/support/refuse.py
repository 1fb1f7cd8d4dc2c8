# SPDX-License-Identifier: Apache-2.0
"""Compiles a file that must not compile and looks for the sentence that its first line expects.

    refuse.py COMPILE_COMMANDS FILE

The compile command is the one of the file's control variant (which the build compiles, with LONGSHORE_CONTROL defined)
without that definition. The file begins with `// expects: <sentence>`: the library's own words, not the compiler's. Each
statement between `#ifndef LONGSHORE_CONTROL` and `#endif` is a mistake of its own, and every one must be refused.
"""
import json
import os
import re
import shlex
import subprocess
import sys

# What compilers say of any mistake: no help to whoever made it.
GENERIC = re.compile(r"no match|no matching|no viable|no known conversion|deleted|ambiguous|constraints not satisfied|not viable|"
                     r"could not convert|cannot convert|has no member|no member named|does not name a type|substitution failed")


def expectation(path):
    with open(path, encoding="utf-8") as file:
        first = file.readline().rstrip("\n")
    mark = "// expects: "
    sentence = first[len(mark):].strip()
    if not first.startswith(mark) or not sentence:
        sys.exit(f"{path}:1: the first line must be '{mark}<sentence>', it is '{first}'")
    if GENERIC.search(sentence) or len(sentence.split()) < 4:
        sys.exit(f"{path}:1: a sentence of the library is expected, that says what to write; '{sentence}' is none")
    return sentence


def mistakes(path):
    """The first and last line of each statement that must be refused."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    refused, first = False, None
    for number, line in enumerate(lines, 1):
        if line.startswith("#"):
            refused = line.startswith("#ifndef LONGSHORE_CONTROL")
        elif refused and line.strip():
            first = first or number
            if re.search(r";\s*(//.*)?$", line):
                yield first, number
                first = None


def refusal_command(compile_commands, path):
    with open(compile_commands, encoding="utf-8") as file:
        entries = [entry for entry in json.load(file) if entry["file"] == path]
    if not entries:
        sys.exit(f"{compile_commands} has no command for {path}")
    words = shlex.split(entries[0]["command"])
    if "-DLONGSHORE_CONTROL" not in words:
        sys.exit(f"the command for {path} does not define LONGSHORE_CONTROL")
    words.remove("-DLONGSHORE_CONTROL")
    output = words.index("-o")
    words[output:output + 2] = ["-o", "/dev/null"]
    return words, entries[0]["directory"]


def squeezed(text):
    """One line without the compilers' quotes, line breaks and indentation, so that a sentence is found as it is written."""
    for quote in "'\"`‘’“”":
        text = text.replace(quote, "")
    return " ".join(text.split())


def main():
    compile_commands, path = sys.argv[1:]
    sentence = expectation(path)
    command, directory = refusal_command(compile_commands, path)
    result = subprocess.run(command, cwd=directory, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if result.returncode == 0:
        sys.exit(f"{path} compiles, but must be refused with: {sentence}")
    if squeezed(sentence) not in squeezed(result.stdout):
        print(result.stdout)
        sys.exit(f"{path} is refused, but not with: {sentence}")
    named = {int(line) for line in re.findall(re.escape(os.path.basename(path)) + r":(\d+):", result.stdout)}
    for first, last in mistakes(path):
        if not named.intersection(range(first, last + 1)):
            print(result.stdout)
            sys.exit(f"{path}:{first}: is not refused")
    print(f"refused with: {sentence}")


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""The instructions of five hot kernels, counted by callgrind, are those of counts.csv, or at most 5 % more.

usage: counts.py BUILD [--record]

Builds the program below BUILD and counts; --record writes what was found to counts.csv in place of what its compiler had
there. Another compiler makes other instructions: the record has rows for each, by name and major version. Status 77
without valgrind, or where the record has none of this compiler.
"""
import argparse
import csv
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
import valgrind

RECORD = HERE / "counts.csv"
COLUMNS = ("compiler", "kernel", "instructions")
ALLOWED = 0.05  # growth


def read(path):
    """Instructions by compiler and kernel."""
    with open(path, encoding="utf-8", newline="") as file:
        return {(row["compiler"], row["kernel"]): int(row["instructions"]) for row in csv.DictReader(file)}


def write(path, record):
    with open(path, "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        rows.writerows([*key, instructions] for key, instructions in sorted(record.items()))


def complaints(recorded, found, command):
    """What is wrong with the counts of the kernels, one sentence each. Both are of one compiler, by kernel.

    command   what writes the record anew
    """
    for kernel in sorted(recorded.keys() | found.keys()):
        if kernel not in recorded:
            yield f"{kernel}: {found[kernel]:,} instructions are not in {RECORD.name}; record them with {command}"
        elif kernel not in found:
            yield f"{kernel}: {RECORD.name} has it, but it is not counted any more; record without it with {command}"
        elif found[kernel] > (1 + ALLOWED) * recorded[kernel]:
            yield (f"{kernel}: {found[kernel]:,} instructions, {found[kernel] / recorded[kernel] - 1:.1%} more than the "
                   f"{recorded[kernel]:,} of {RECORD.name}, where {ALLOWED:.0%} are allowed; if that is meant, record it with "
                   f"{command}")


def remarks(recorded, found, command):
    """Who needs so much less that the record would no longer see it grow."""
    for kernel in sorted(recorded.keys() & found.keys()):
        if found[kernel] < (1 - ALLOWED) * recorded[kernel]:
            yield (f"{kernel}: {found[kernel]:,} instructions, {1 - found[kernel] / recorded[kernel]:.1%} fewer than the "
                   f"{recorded[kernel]:,} of {RECORD.name}; record it with {command}")


def count(program, *words):
    """Instructions inside the function `counted` of the program."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "callgrind.out"
        done = valgrind.run("--tool=callgrind", f"--callgrind-out-file={out}", "--toggle-collect=counted", program, *words)
        if done.returncode != 0:
            sys.exit(f"{' '.join(words)} ended with status {done.returncode}:\n{done.stderr}")
        instructions = int(re.search(r"^totals: (\d+)$", out.read_text(encoding="utf-8"), re.MULTILINE)[1])
    if instructions == 0:
        sys.exit(f"{' '.join(words)}: callgrind saw no call of the function `counted`")
    return instructions


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--record", action="store_true", help="write what is found to counts.csv")
    options = parser.parse_args()
    program = valgrind.build(options.build, "instruction_counts")
    compiler, *kernels = subprocess.run([program], check=True, capture_output=True, text=True).stdout.splitlines()
    record = read(RECORD)
    recorded = {kernel: instructions for (its, kernel), instructions in record.items() if its == compiler}
    command = f"python3 {pathlib.Path(__file__).resolve()} {options.build.resolve()} --record"
    if not recorded and not options.record:
        print(f"skipped: {RECORD.name} has counts of {', '.join(sorted({its for its, _ in record})) or 'no compiler'}, this is "
              f"{compiler}, which makes other instructions; record its own with {command}")
        sys.exit(77)
    found = {kernel: count(program, kernel) for kernel in kernels}
    for kernel, instructions in found.items():
        print(f"{kernel}: {instructions:,} instructions, {recorded.get(kernel, 0):,} recorded")
    if options.record:
        write(RECORD, {key: old for key, old in record.items() if key[0] != compiler}
              | {(compiler, kernel): instructions for kernel, instructions in found.items()})
        return
    for remark in remarks(recorded, found, command):
        print(remark)
    wrong = list(complaints(recorded, found, command))
    if wrong:
        sys.exit("\n".join(wrong))
    kernel = kernels[0]  # the counting itself: work that is done twice is seen
    if not list(complaints({kernel: found[kernel]}, {kernel: count(program, kernel, "twice")}, command)):
        sys.exit(f"{kernel}: its forward pass was run twice, and the count did not grow by more than {ALLOWED:.0%}")


if __name__ == "__main__":
    main()

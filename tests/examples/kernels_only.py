# SPDX-License-Identifier: Apache-2.0
"""Kernels on raw pointers and on xtensor arrays: their numbers are those of naive loops, and the same bits in each way.

usage: kernels_only.py PROGRAM
"""
import os
import re
import subprocess
import sys

PROGRAM = sys.argv[1]
os.environ.pop("OMP_PROC_BIND", None)  # as most terminals are: Kokkos would greet with advice about it
ROW = re.compile(r"^(lstm|self-attention) +(raw pointers|xtensor) +(\w+) +(\d+) +(\d+) +(\d\.\de[+-]\d+) +(\d\.\de[+-]\d+) +([0-9a-f]{8})$", re.M)
WAYS = [("lstm", "raw pointers"), ("lstm", "xtensor"), ("self-attention", "raw pointers"), ("self-attention", "xtensor")]


def run(*lengths, threads=2):
    done = subprocess.run([PROGRAM, *lengths], text=True, capture_output=True, env=os.environ | {"OMP_NUM_THREADS": str(threads)})
    assert (done.returncode, done.stderr) == (0, ""), f"{lengths}: status {done.returncode}\n{done.stdout}{done.stderr}"
    assert all(len(line) <= 80 for line in done.stdout.splitlines()), done.stdout
    return done.stdout


def rows_of(text):
    """The rows of the table by (kernel, arrays); in both ways one kernel has equal workspaces and bits."""
    found = [match.groups() for match in ROW.finditer(text)]
    assert [row[:2] for row in found] == WAYS, text
    rows = {row[:2]: row[2:] for row in found}
    for kernel, arrays in WAYS:
        executor, forward, backward, y, gradients, bits = rows[kernel, arrays]
        assert (executor == "Inline") == (arrays == "raw pointers"), text
        assert float(y) < 1e-6 and float(gradients) < 1e-5, text
        assert (forward, backward, bits) == tuple(rows[kernel, "xtensor"][k] for k in (1, 2, 5)), text
    return rows


text = run()
assert text.startswith("5 sequences, 23 steps, the longest has 12; workspaces in numbers of 4 bytes\n"), text
usual = rows_of(text)
for (kernel, _), row in usual.items():
    assert float(row[4]) > 0, f"{kernel}: gradients in float that equal those in double were not compared:\n{text}"
# Packed weights (48 x 8 and 48 x 12), and for a group of twelve slots h, four gates, what the cell keeps, and x.
assert int(usual["lstm", "xtensor"][1]) >= 48 * 8 + 48 * 12 + 12 * (12 + 48 + 8), text
assert int(usual["self-attention", "xtensor"][1]) == 4 * 8 * 8, text
assert int(usual["self-attention", "xtensor"][2]) >= 4 * 23 * 8, text

assert run("7", "0", "3", "12", "1") == text == run(), "the default are these lengths, and two runs give the same text"
for lengths in ([], ["1"] * 30, ["17", "20", "2", "0", "13"]):
    text = run(*lengths)
    rows_of(text)
    assert run(*lengths, threads=1) == text, lengths
assert rows_of(run("60"))["lstm", "xtensor"] != rows_of(run("30", "30"))["lstm", "xtensor"], "a sequence begins anew"
for nothing in (["0"], ["0", "0", "0"]):  # no steps: gradients of parameters are written, and are zeros
    assert {row[3:5] for row in rows_of(run(*nothing)).values()} == {("0.0e+00", "0.0e+00")}, nothing

REFUSED = {
    "seven": "the length of a sequence is a whole number from 0 to 60, it is 'seven'",
    "3 -1": "the length of a sequence is a whole number from 0 to 60, it is '-1'",
    "2.5": "the length of a sequence is a whole number from 0 to 60, it is '2.5'",
    "61": "the length of a sequence is a whole number from 0 to 60, it is '61'",
    "99999999999": "the length of a sequence is a whole number from 0 to 60, it is '99999999999'",
    "30 31": "the sequences have at most 60 steps together, those up to number 2 have 61",
}
for lengths, sentence in REFUSED.items():
    done = subprocess.run([PROGRAM, *lengths.split()], text=True, capture_output=True)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"kernels_only: {sentence}\n"), done

# SPDX-License-Identifier: Apache-2.0
"""P16: the thread sanitizer reports threads that write to one model, and is silent about threads that read it.

usage: race_control.py PROGRAM
"""
import subprocess
import sys


def run(*words):
    return subprocess.run([sys.argv[1], *words], text=True, capture_output=True)


reads, writes = run(), run("write")
if reads.returncode == 77:
    print("skipped: built without the thread sanitizer")
    sys.exit(77)
assert reads.returncode == 0 and reads.stdout.endswith("done\n"), reads.stdout + reads.stderr
assert "data race" in writes.stderr and writes.returncode == 66, writes.stdout + writes.stderr
print("two writers are reported, two readers are not")

# SPDX-License-Identifier: Apache-2.0
"""P19: the sanitizers' build reports freed memory, lost memory, signed overflow and an index outside a view.

usage: sanitizer_control.py PROGRAM
"""
import subprocess
import sys

REPORTS = {"freed": "heap-use-after-free", "leaked": "detected memory leaks", "overflow": "signed integer overflow",
           "outside": "longshore::View: index out of bounds"}


def run(*words):
    return subprocess.run([sys.argv[1], *words], text=True, capture_output=True, check=False)


sound = run()
if sound.returncode == 77:
    print("skipped: built without the address sanitizer")
    sys.exit(77)
assert (sound.returncode, sound.stdout, sound.stderr) == (0, "done\n", ""), sound
for mistake, report in REPORTS.items():
    found = run(mistake)
    assert found.returncode != 0 and report in found.stderr, (mistake, found)
print(f"{len(REPORTS)} mistakes are reported")

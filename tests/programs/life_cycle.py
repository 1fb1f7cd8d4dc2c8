# SPDX-License-Identifier: Apache-2.0
"""P21: each misuse of the life cycle, in a process of its own, is an exception with a text, and the process ends well.

usage: life_cycle.py PROGRAM
"""
import re
import subprocess
import sys


def run(*words):
    done = subprocess.run([sys.argv[1], *words], text=True, capture_output=True, timeout=120)
    assert done.returncode == 0, f"{words}: status {done.returncode}\n{done.stdout}{done.stderr}"
    return "".join(done.stdout.splitlines()[-1:])  # Kokkos may say something before


count = int(run())
said = [run(str(number)) for number in range(count)]
for number, text in enumerate(said):
    assert re.fullmatch(r"[^:\n]+: .*Kokkos is not running.*", text), f"misuse {number}: {text!r}"
assert count == len(said) > 30 and "not running" not in run(str(count)), count
print(f"{count} misuses are refused: {', '.join(text.split(':')[0] for text in said)}")

# SPDX-License-Identifier: Apache-2.0
"""Whether a program's --help fits into a terminal."""
import subprocess


def check_help_fits(program):
    done = subprocess.run([program, "--help"], text=True, capture_output=True, check=True)
    lines = done.stdout.replace(f"Usage: {program} ", "Usage: ").splitlines()  # the program's path may be long
    assert len(lines) > 5, done.stdout
    assert all(len(line) <= 80 for line in lines), "\n".join(line for line in lines if len(line) > 80)

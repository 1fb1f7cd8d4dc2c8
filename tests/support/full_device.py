# SPDX-License-Identifier: Apache-2.0
"""A program whose output is lost must not say that all is well."""
import subprocess


def check_lost_output_is_an_error(program, *arguments):
    """Runs the program with a full device in the place of its output: it ends with 1 and says in a line what was lost."""
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run([program, *map(str, arguments)], stdout=full, stderr=subprocess.PIPE, text=True, timeout=300, check=False)
    assert done.returncode == 1 and "cannot write to the standard output" in done.stderr, (done.returncode, done.stderr)
    assert len(done.stderr.splitlines()) == 1, done.stderr

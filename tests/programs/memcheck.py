# SPDX-License-Identifier: Apache-2.0
"""P19: a training of 100 steps is clean under valgrind's memcheck, which sees memory that is read before it is written.

usage: memcheck.py BUILD [TARGET]      builds the target below BUILD and runs it; status 77 without valgrind
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import valgrind

program = valgrind.build(pathlib.Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "memcheck_training")


def watched(*words):
    return valgrind.run("--quiet", "--error-exitcode=9", "--leak-check=full", "--errors-for-leak-kinds=definite", program, *words)


sound = watched("1")
assert sound.returncode == 0 and " threads" in sound.stdout, sound.stdout + sound.stderr
planted = watched("1", "unwritten")
assert planted.returncode == 9 and "uninitialised" in planted.stderr, planted.stdout + planted.stderr
print(f"no report: {sound.stdout.splitlines()[-1]}; a number that nobody wrote is reported")

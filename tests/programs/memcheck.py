# SPDX-License-Identifier: Apache-2.0
"""P19: a training of 100 steps is clean under valgrind's memcheck, which sees memory that is read before it is written.

usage: memcheck.py BUILD [TARGET]      builds the target below BUILD and runs it; status 77 without valgrind
"""
import pathlib
import shutil
import subprocess
import sys

build, target = pathlib.Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "memcheck_training"
if shutil.which("valgrind") is None:
    print("skipped: valgrind is missing (Debian: valgrind)")
    sys.exit(77)
subprocess.run(["cmake", "--build", build, "--target", target], check=True)
(program,) = build.rglob(target)


def watched(*words):
    command = ["valgrind", "--quiet", "--error-exitcode=9", "--leak-check=full", "--errors-for-leak-kinds=definite", program]
    return subprocess.run([*command, *words], text=True, capture_output=True, check=False)


sound = watched("1")
if "nrecognised instruction" in sound.stderr:
    sys.exit("valgrind or this processor lacks an instruction of the program: it and Kokkos are to be built for x86-64-v3 at most\n"
             + sound.stderr)
assert sound.returncode == 0 and " threads" in sound.stdout, sound.stdout + sound.stderr
planted = watched("1", "unwritten")
assert planted.returncode == 9 and "uninitialised" in planted.stderr, planted.stdout + planted.stderr
print(f"no report: {sound.stdout.splitlines()[-1]}; a number that nobody wrote is reported")

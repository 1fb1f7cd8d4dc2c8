# SPDX-License-Identifier: Apache-2.0
"""Programs under valgrind, which knows no AVX-512: tests/CMakeLists.txt has targets of their own for it."""
import shutil
import subprocess
import sys


def build(folder, target):
    """The program of a target below the build folder, built; ends with status 77 without valgrind."""
    if shutil.which("valgrind") is None:
        print("skipped: valgrind is missing (Debian: valgrind)")
        sys.exit(77)
    subprocess.run(["cmake", "--build", folder, "--target", target], check=True)
    (program,) = folder.rglob(target)
    return program


def run(*command):
    """What a valgrind with these arguments printed, and its status."""
    done = subprocess.run(["valgrind", *command], text=True, capture_output=True, check=False)
    if "nrecognised instruction" in done.stderr:
        sys.exit("valgrind or this processor lacks an instruction of the program: it and Kokkos are to be built for x86-64-v3 at "
                 "most\n" + done.stderr)
    return done

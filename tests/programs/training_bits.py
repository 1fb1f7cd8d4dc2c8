# SPDX-License-Identifier: Apache-2.0
"""P4: the same seed gives the same bits at 1, 2 and 4 threads, run after run; another seed others, and so does a sum that threads share out.

usage: training_bits.py PROGRAM [RUNS]
"""
import os
import subprocess
import sys

program, runs = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3


def trained(threads, *words):
    """The checksum after 100 steps at that many threads, and how many threads there were."""
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads)}
    answer = subprocess.run([program, *words], env=environment, text=True, capture_output=True)
    assert answer.returncode == 0, answer.stderr
    checksum, _, had, _ = answer.stdout.splitlines()[-1].split()
    return checksum, int(had)


answers = [trained((1, 2, 4)[run % 3]) for run in range(runs)]
checksums = {checksum for checksum, _ in answers}
assert len(checksums) == 1, answers
threads = sorted({had for _, had in answers})
assert trained(2, "2")[0] not in checksums, "the checksum does not depend on the seed"
if threads == [1, 2, 4]:  # a build without OpenMP has one thread
    shared = {trained(count, "1", "sum")[0] for count in threads}
    assert len(shared) > 1, "a sum that threads share out does not show in the checksum"
print(f"{runs} runs at {threads} threads: one checksum, {checksums.pop()}")

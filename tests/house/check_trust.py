# SPDX-License-Identifier: Apache-2.0
"""P25: nothing in a data file runs code: no header loads libraries, starts programs or takes formats from data."""
import re

from tree import run

FORBIDDEN = (
    (r"\bdl(open|sym|mopen)\b", "loads a library"),
    (r"\bsystem\s*\(", "starts a shell"),
    (r"\bpopen\s*\(", "starts a program"),
    (r"\b(v?fork|posix_spawnp?|exec(l|le|lp|v|ve|vp|vpe))\s*\(", "starts a program"),
    (r"\bpickle\b", "reads Python objects, which are programs"),
    (r"\bv?printf\s*\(\s*(?![\s\"])", "takes its format from a variable"),
    (r"\bv?[fds]printf\s*\([^,]*,\s*(?![\s\"])", "takes its format from a variable"),
    (r"\bv?snprintf\s*\([^,]*,[^,]*,\s*(?![\s\"])", "takes its format from a variable"),
)


def check(tree):
    for header in tree.headers:
        for number, line in enumerate(header.code().split("\n"), 1):
            for pattern, reason in FORBIDDEN:
                if re.search(pattern, line):
                    yield f"{header.name}:{number}: {reason}: {line.strip()}"


if __name__ == "__main__":
    run(check, __doc__)

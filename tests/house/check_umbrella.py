# SPDX-License-Identifier: Apache-2.0
"""longshore.hpp has every header that needs only Kokkos, Eigen and xtensor; io.hpp has those that need more."""
from tree import IO_LIBRARIES, library_of, run

MAIN = "longshore/longshore.hpp"
IO = "longshore/io.hpp"


def check(tree):
    umbrellas = {name: tree.by_name.get(name) for name in (MAIN, IO)}
    listed = {}
    for name, umbrella in umbrellas.items():
        if umbrella is None:
            yield f"{name} is missing"
            listed[name] = []
            continue
        listed[name] = [included for _, _, included in umbrella.includes()]
        if sorted(listed[name]) != listed[name]:
            yield f"{name}: the includes are not in alphabetical order"
    for header in tree.headers:
        if header.name in umbrellas:
            continue
        libraries = {library_of(included)[0] for included in tree.reachable(header)}
        needs_more = sorted(libraries.intersection(IO_LIBRARIES))
        right, wrong = (IO, MAIN) if needs_more else (MAIN, IO)
        reason = f"needs {' and '.join(needs_more)}" if needs_more else "needs only Kokkos, Eigen and xtensor"
        if header.name not in listed[right]:
            yield f"{right}: add #include <{header.name}>, which {reason}"
        if header.name in listed[wrong]:
            yield f"{wrong}: remove #include <{header.name}>, which {reason}"


if __name__ == "__main__":
    run(check, __doc__)

# SPDX-License-Identifier: Apache-2.0
"""What including the library, its components and what it stands on costs, and building programs; see scripts/build-cost.

build_cost.py ROOT COMPILER KOKKOS SCRATCH [PART...]
"""
import os
import pathlib
import subprocess
import sys

RUNS = 3
GOALS = {"longshore.hpp": 5.0, "a component": 3.0, "a program": 30.0}  # seconds


class Row:
    """What is compiled: a text, or sources, of which the seconds add up."""

    def __init__(self, kind, name, sources, goal=None):
        self.kind, self.name, self.sources, self.goal = kind, name, sources, goal


def written(scratch, name, headers):
    """A unit that includes these and has nothing else."""
    path = scratch / f"include_{name}.cpp"
    path.write_text("".join(f"#include <{header}>\n" for header in headers), encoding="utf-8")
    return [path]


def rows(root, scratch):
    base = root / "include/longshore"
    for name, headers in (("Kokkos alone", ["Kokkos_Core.hpp"]), ("Eigen alone", ["Eigen/Core"]),
                          ("xtensor alone", ["longshore/interop/xtensor.hpp"]), ("JSON alone", ["nlohmann/json.hpp"])):
        yield Row("include", name, written(scratch, name.split()[0].lower(), headers))
    yield Row("include", "longshore.hpp", written(scratch, "longshore", ["longshore/longshore.hpp"]), GOALS["longshore.hpp"])
    yield Row("include", "longshore.hpp and io.hpp", written(scratch, "all", ["longshore/longshore.hpp", "longshore/io.hpp"]))
    for folder in sorted(path for path in base.iterdir() if path.is_dir()):
        headers = [path.relative_to(base.parent).as_posix() for path in sorted(folder.glob("*.hpp"))]
        yield Row("include", folder.name, written(scratch, folder.name, headers), GOALS["a component"])
    for folder in sorted(path.parent for path in (root / "examples").glob("*/CMakeLists.txt")):
        goal = GOALS["a program"] if folder.name == "your_own_pipeline" else None
        yield Row("program", folder.name, sorted(folder.glob("*.cpp")), goal)


def measure(command):
    """(processor seconds, megabytes at the peak) of one run of a compiler."""
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{' '.join(command)}\n{errors.strip()}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def cost(row, compiler, flags, scratch):
    seconds, megabytes = 0.0, 0.0
    optimised = ["-O3", "-DNDEBUG", "-march=native"] if row.kind == "program" else ["-O0"]
    for source in row.sources:
        command = [compiler, *flags, *optimised, "-c", str(source), "-o", str(scratch / "unit.o")]
        runs = [measure(command) for _ in range(RUNS)]
        seconds += min(run[0] for run in runs)
        megabytes = max(megabytes, min(run[1] for run in runs))
    return seconds, megabytes


def main():
    root, compiler, kokkos, scratch = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3]), pathlib.Path(sys.argv[4])
    parts = sys.argv[5:]
    include = kokkos / "include/kokkos" if (kokkos / "include/kokkos/Kokkos_Core.hpp").exists() else kokkos / "include"
    flags = ["-std=c++20", "-fopenmp", f"-I{root}/include", "-isystem", str(include), "-isystem", "/usr/include/eigen3"]
    everything = list(rows(root, scratch))
    chosen = [row for row in everything if not parts or any(part in row.name for part in parts)]
    if not chosen:
        sys.exit(f"no row has {' or '.join(parts)} in its name; known are: {', '.join(row.name for row in everything)}")
    version = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=True).stdout.split("\n")[0]
    print(f"{version}; least of {RUNS} runs, processor seconds")
    print(f"{'':8}{'':28}{'units':>6}{'seconds':>9}{'goal':>6}{'MB':>7}", flush=True)
    for row in chosen:
        seconds, megabytes = cost(row, compiler, flags, scratch)
        goal = f"{row.goal:.0f}" if row.goal else ""
        mark = "  missed" if row.goal and seconds > row.goal else ""
        print(f"{row.kind:8}{row.name:28}{len(row.sources):>6}{seconds:>9.1f}{goal:>6}{megabytes:>7.0f}{mark}", flush=True)


if __name__ == "__main__":
    main()

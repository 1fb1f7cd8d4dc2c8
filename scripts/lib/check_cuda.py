# SPDX-License-Identifier: Apache-2.0
"""Compiles translation units with nvcc for sm_90 and prints what ptxas says of their kernels; see scripts/check-cuda.

check_cuda.py ROOT NVCC KOKKOS SCRATCH JOBS [PART...]
"""
import concurrent.futures
import pathlib
import re
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests/support"))
from batches import write_units  # noqa: E402

# What launches kernels, itself or through a model. The tests of data, interop, io, metrics and programs run on the host only,
# and what they include is compiled in `headers`.
FOLDERS = ("core", "linalg", "kernels", "layers", "embeddings", "encoders", "pooling", "fusers", "scorers", "losses",
           "optimizers", "models", "retrieval", "factorization", "training", "baselines", "serving")
BATCH = 8  # test files of a folder that are compiled as one: most of a file's time is spent on what all of them include
# -fsyntax-only: the host's half is checked, warnings included, but no code is made for it. Nothing pedantic: nvcc itself
# writes that half, with line marks that are not in the standard. No -Werror of nvcc's own: it knows no system headers and
# would stop at Eigen's warnings; ours are told apart by their place.
OPTIONS = ("-x", "cu", "-std=c++20", "-arch=sm_90", "--expt-relaxed-constexpr", "--extended-lambda", "-ccbin", "g++",
           "-Xptxas", "-v", "-Xcompiler", "-fopenmp,-fsyntax-only,-Wall,-Wextra,-Wconversion,-Wshadow,-Werror")
# {kernel: why it has a stack}. A kernel with a stack and without a reason fails.
STACKS = {
    "WindowSums": "one weight in memory stands for a row of equal ones, so that means and weighted sums are one product",
    "CountZeros": "Kokkos' own scan keeps its partial sum there",
    "Functions": "a test's: sine and cosine of any argument",
}


def readme_program(root):
    return (root / "README.md").read_text(encoding="utf-8").split("```cpp\n", 1)[1].split("```\n", 1)[0]


def units(root, scratch, parts):
    """[(name, path)] of what is compiled for the parts, in the order of the layers; of everything without parts."""
    headers = sorted(path.relative_to(root / "include").as_posix() for path in (root / "include/longshore").rglob("*.hpp"))
    made = {"headers": "".join(f"#include <{name}>\n" for name in headers), "README.md": readme_program(root)}
    programs = {}  # what is compiled alone
    for name, text in made.items():
        path = scratch / f"{name.removesuffix('.md').lower()}.cpp"
        path.write_text(text, encoding="utf-8")
        programs[name] = path
    folders = {folder: sorted((root / "tests" / folder).glob("test_*.cpp")) for folder in FOLDERS}
    tests = {path.relative_to(root).as_posix(): path for paths in folders.values() for path in paths}
    examples = {path.relative_to(root).as_posix(): path for path in sorted((root / "examples").rglob("*.cpp"))}

    def folder_units(folder):
        for number, (path, batch) in enumerate(write_units(scratch / "units", folder, BATCH, folders[folder])):
            names = [source.relative_to(root).as_posix() for source in batch]
            yield names[0] if len(batch) == 1 else f"tests/{folder}, {number + 1}: {len(batch)} files", path

    def all_units():
        yield from programs.items()
        for folder in FOLDERS:
            yield from folder_units(folder)
        yield from examples.items()

    chosen = []
    for part in parts:
        part = part.rstrip("/")
        if (folder := part.removeprefix("tests/")) in FOLDERS:
            chosen += folder_units(folder)
            continue
        alone = [(name, path) for name, path in (programs | tests | examples).items()
                 if part == name or name.startswith(f"{part}/")]
        if not alone:
            print(f"unknown part {part}: headers, README.md, a folder such as kernels, or a file such as "
                  "tests/kernels/test_gru.cpp is expected", file=sys.stderr)
            sys.exit(2)
        chosen += alone
    return chosen if parts else list(all_units())


class Function:
    """What ptxas said of a kernel, or of a function that one calls."""

    def __init__(self, name):
        self.name, self.is_kernel, self.registers, self.spilled, self.stack = name, False, 0, 0, 0


def read_ptxas(text):
    """[Function] of what ptxas said."""
    functions, function = {}, None
    for line in text.split("\n"):
        if named := re.search(r"(?:entry function|Function properties for) '?([\w$.]+)", line):
            function = functions.setdefault(named.group(1), Function(named.group(1)))
            function.is_kernel |= "entry function" in line
        elif used := re.search(r"Used (\d+) registers", line):
            function.registers = max(function.registers, int(used.group(1)))
        elif held := re.search(r"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads", line):
            function.stack = int(held.group(1))
            function.spilled = int(held.group(2)) + int(held.group(3))
    return list(functions.values())


def readable(functions):
    """{mangled: as it is written}, where the tool is there."""
    names = [function.name for function in functions]
    try:
        text = subprocess.run(["c++filt"], input="\n".join(names), capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return {name: name for name in names}
    return dict(zip(names, text.split("\n")))


def reason_of(name):
    """Why a kernel has a stack; empty where nobody has said."""
    return next((reason for kernel, reason in STACKS.items() if re.search(rf"\b{kernel}\b", name)), "")


def complaints(text, folder):
    """The lines with errors, and with warnings of files in this folder or of ptxas."""
    found = []
    for line in text.split("\n"):
        place = re.match(r"(.+?)\(\d+\): warning", line)
        ours = place and pathlib.Path(place.group(1)).is_relative_to(folder)
        if ours or re.search(r"\berror\b|^ptxas.*\bwarning\b|^nvcc (fatal|warning)", line):
            found.append(line)
    return found


def compile_one(root, nvcc, kokkos, source):
    started = time.monotonic()
    include = kokkos / "include/kokkos" if (kokkos / "include/kokkos/Kokkos_Core.hpp").exists() else kokkos / "include"
    command = [nvcc, *OPTIONS, f"-I{root}/include", f"-I{root}", "-isystem", str(include), "-isystem", "/usr/include/eigen3",
               "-c", str(source), "-o", "/dev/null"]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=source.parent)
    text = result.stdout + result.stderr
    functions = read_ptxas(text)
    found = complaints(text, root / "include")
    if result.returncode and not found:
        found = text.strip().split("\n")[-3:]
    return functions, found, time.monotonic() - started


def main():
    root, nvcc, kokkos, scratch = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3]), pathlib.Path(sys.argv[4])
    chosen = units(root, scratch, sys.argv[6:])
    width = max(len(name) for name, _ in chosen) + 2
    print(f"{'compiled':{width}}{'kernels':>8}{'registers':>11}{'spilled bytes':>15}{'stack bytes':>13}{'seconds':>9}", flush=True)
    failed, everything = [], {}
    with concurrent.futures.ThreadPoolExecutor(int(sys.argv[5])) as pool:
        runs = pool.map(lambda source: compile_one(root, nvcc, kokkos, source[1]), chosen)
        for (name, _), (functions, found, seconds) in zip(chosen, runs):
            kernels = [function for function in functions if function.is_kernel]
            most = max((function.registers for function in kernels), default=0)
            spilled, stack = (sum(getattr(function, kind) for function in functions) for kind in ("spilled", "stack"))
            print(f"{name:{width}}{len(kernels):>8}{most:>11}{spilled:>15}{stack:>13}{seconds:>9.0f}", flush=True)
            names = readable(functions)
            for function in functions:
                if function.spilled or function.stack:
                    print(f"   {function.spilled} bytes spilled, {function.stack} of stack: {names[function.name][:200]}", flush=True)
                if function.stack:
                    print(f"      {reason_of(names[function.name]) or 'NO REASON IS GIVEN'}", flush=True)
            for line in found[:10]:
                print(f"   {line}", flush=True)
            if found or spilled or any(function.stack and not reason_of(names[function.name]) for function in functions):
                failed.append(name)
            everything |= {names[function.name]: function for function in functions}
    kernels = {name: function for name, function in everything.items() if function.is_kernel}
    table = scratch / "kernels.txt"
    table.write_text("registers  spilled  stack  kernel\n" + "".join(
        f"{function.registers:>9}{function.spilled:>9}{function.stack:>7}  {name}\n"
        for name, function in sorted(kernels.items(), key=lambda pair: (-pair[1].spilled, -pair[1].stack, -pair[1].registers))),
        encoding="utf-8")
    print(f"{len(chosen)} units, {len(kernels)} different kernels (all in {table.relative_to(root)}), at most "
          f"{max((function.registers for function in kernels.values()), default=0)} registers, "
          f"{sum(function.spilled for function in everything.values())} bytes spilled, "
          f"{sum(function.stack > 0 for function in everything.values())} functions with a stack, {len(failed)} failed")
    sys.exit(f"these fail: {'; '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()

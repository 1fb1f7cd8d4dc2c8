# SPDX-License-Identifier: Apache-2.0
"""Times our cases and the peer's in turns, on the same inputs; see scripts/bench.

bench.py OURS PEERS PYTHON FOLDER [--filter TEXT] [--json FILE] [--quick] [--threads LIST] [--page FILE]
"""
import argparse
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys
import time

import numpy as np
from safetensors.numpy import load_file

SECONDS = 0.5         # of a turn
LONG, LEAST = 300, 2  # seconds after which no further turn of a case is begun, once it had so many
NOISY = 1.15          # p90 over p10 of one side above which a case is measured again


class Side:
    """A program that answers one line with one line."""

    def __init__(self, command, threads, folder, *options):
        environment = {**os.environ, "OMP_NUM_THREADS": str(threads), "OMP_PROC_BIND": "true", "OMP_PLACES": "cores"}
        # A thread without work sleeps after about 0.1 ms: not between the loops of a pass, but before the other side's turn.
        environment |= {"GOMP_SPINCOUNT": "10000"}
        self.errors = open(folder / f"{pathlib.Path(command[-1]).stem}.log", "a", encoding="utf-8")
        self.start = lambda: subprocess.Popen([*command, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                              stderr=self.errors, text=True, env=environment)
        self.process = self.start()
        self.name = command[-1]

    def ask(self, *words):
        if self.process.poll() is not None:  # it ended in the case before
            self.close_pipes()
            self.process = self.start()
        print(*words, file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            self.process.wait()
        status, _, rest = answer.rstrip("\n").partition(" ")
        if status != "ok":
            raise RuntimeError(f"{self.name}: {rest or 'ended; see ' + self.errors.name}")
        return rest

    def time(self, *words):
        return [float(t) for t in self.ask("time", *words).split()]

    def close_pipes(self):
        self.process.stdin.close()
        self.process.stdout.close()

    def close(self):
        self.close_pipes()
        self.process.wait()
        self.errors.close()


def errors(ours, reference):
    """The largest difference of each array, relative to its largest element."""
    if set(ours) != set(reference):
        raise RuntimeError(f"one side alone has {', '.join(sorted(set(ours) ^ set(reference)))}")
    for name, wanted in reference.items():
        wanted, got = wanted.ravel(), ours[name].ravel().astype(np.float64)
        if wanted.shape != got.shape:
            raise RuntimeError(f"{name} has {got.size} elements, not {wanted.size}")
        error = float(np.max(np.abs(got - wanted), initial=0) / max(np.max(np.abs(wanted), initial=0), 1e-30))
        yield name, error if error == error else float("inf")


def compare(ours, reference, tolerance, tolerances):
    """The largest error of an array that has no tolerance of its own; raises where one is larger than allowed."""
    worst = 0.0
    for name, error in errors(ours, reference):
        allowed = tolerances.get(name, tolerance)
        if error > allowed:
            raise RuntimeError(f"results differ: {name}, relative error {error:.2g}, {allowed:.0e} is allowed")
        if name not in tolerances:
            worst = max(worst, error)
    return worst


def spread(times):
    tenth, ninetieth = np.percentile(times, (10, 90))
    return ninetieth / tenth


def measure(ours, peer, case, options):
    """Rounds of both sides in turns: times by way of running, ours under the name ''."""
    seconds, rounds = (0.1, 3) if options.quick else (SECONDS, case["rounds"])
    rounds_of, start = {way: [] for way in ("", *case["ways"])}, time.monotonic()
    for turn in range(rounds):
        if turn >= LEAST and time.monotonic() - start > LONG:
            break
        for way, found in rounds_of.items():
            side, words, share = (ours, (), case["shares"][0]) if way == "" else (peer, (way,), case["shares"][1])
            found.append([t / share for t in side.time(*words, seconds, case["least"])])
    return rounds_of


def memory_of(ours, case, inputs):
    """Percent of what a first run works on that it takes beside it; None where that is not asked for."""
    if case["memory"] is None:
        return None
    beside, state = map(int, ours.ask("memory", case["ours"], inputs).split())
    return 100 * beside / state


def run_case(ours, peer, number, case, threads, peak, folder, options):
    inputs, results, reference = (folder / f"{name}.safetensors" for name in ("inputs", "results", "reference"))
    case = case | json.loads(peer.ask("prepare", number, inputs, reference))
    memory = memory_of(ours, case, inputs)
    ours.ask("prepare", case["ours"], inputs, results, case["runs"])
    error = compare(load_file(results), load_file(reference), case["tolerance"], case["tolerances"])
    start = time.monotonic()
    for attempt in range(1 if options.quick else 3):
        if attempt and time.monotonic() - start > LONG:
            break
        rounds = measure(ours, peer, case, options)
        flat = {way: [t for turn in turns for t in turn] for way, turns in rounds.items()}
        best = min(case["ways"], key=lambda way: statistics.median(flat[way]))
        if max(spread(flat[""]), spread(flat[best])) <= NOISY:
            break
    floor = max(case["flops"] / peak[0], case["bytes"] / peak[2]) / 1e6  # milliseconds
    median = statistics.median(flat[""])
    ratios = [statistics.median(theirs) / statistics.median(mine) for mine, theirs in zip(rounds[""], rounds[best])]
    goal = case["goals"][0 if threads == 1 else 1]
    return {"case": case["name"], "size": case["size"], "threads": threads, "goal": goal,
            "noisy": max(spread(flat[""]), spread(flat[best])) > NOISY, "error": error,
            "ratio": statistics.median(flat[best]) / median, "ratio_min": min(ratios), "ratio_max": max(ratios),
            "percent_of_floor": 100 * floor / median, "rate": rate(case, median), "memory": memory,
            "most_memory": case["memory"], "sides": {"longshore": flat[""], best: flat[best]}}


def rate(case, milliseconds):
    """Of the operations, or of the bytes where there are none to speak of."""
    amount, unit = (case["flops"], "GF/s") if case["flops"] else (case["bytes"], "GB/s")
    return f"{amount / milliseconds / 1e6:.1f} {unit}"


def print_row(row):
    medians = [statistics.median(times) for times in row["sides"].values()]
    goal = "-" if row["goal"] is None else f"{row['goal']:g}"
    mark = " noisy" if row["noisy"] else ""
    if row["goal"] is not None:
        mark += "" if row["ratio"] >= row["goal"] else "  below"
    print(f"{row['case']:<38} {row['size']:<32} {row['threads']:>2} {medians[0]:>9.3f} {medians[1]:>9.3f} "
          f"{list(row['sides'])[1]:<12}{row['ratio']:>6.2f} ({row['ratio_min']:.2f}-{row['ratio_max']:.2f}) {goal:>5} "
          f"{row['rate']:>10} {row['percent_of_floor']:>5.0f} %{mark}", flush=True)


def json_lines(row):
    for implementation, times in row["sides"].items():
        tenth, ninetieth = np.percentile(times, (10, 90))
        yield json.dumps({"case": row["case"], "size": row["size"], "impl": implementation, "threads": row["threads"],
                          "median_ms": statistics.median(times), "p10_ms": tenth, "p90_ms": ninetieth, "n": len(times),
                          "ratio": row["ratio"], "goal": row["goal"], "percent_of_floor": row["percent_of_floor"],
                          "memory_percent": row["memory"]})


def machine():
    """The processor, its cores and caches, and the compiler, in a line."""
    found = {}
    for line in subprocess.run(["lscpu"], capture_output=True, text=True, check=False).stdout.splitlines():
        name, _, value = line.partition(":")
        found[name.strip()] = value.strip()
    compiler = subprocess.run([os.environ.get("CXX", "g++"), "--version"], capture_output=True, text=True, check=False)
    return (f"{found.get('Model name', platform.processor())}, {os.cpu_count()} processors, L2 {found.get('L2 cache', '?')}, "
            f"L3 {found.get('L3 cache', '?')}; {compiler.stdout.splitlines()[0]}, -O3 -march=native")


def page_row(row):
    medians = [statistics.median(times) for times in row["sides"].values()]
    goal = "" if row["goal"] is None else f"{row['goal']:g}"
    ratio = f"{row['ratio']:.2f}"
    if row["goal"] is None or row["ratio"] >= row["goal"]:
        ratio = f"**{ratio}**"
    noisy = ", noisy" if row["noisy"] else ""
    ours, peer = (f"{median:.3g}" if median < 1000 else f"{median:.0f}" for median in medians)
    return (f"| {row['case']} | {row['size']} | {ours} | {peer} ({list(row['sides'])[1]}) | {ratio} "
            f"({row['ratio_min']:.2f}-{row['ratio_max']:.2f}{noisy}) | {goal} | {row['rate']} | {row['percent_of_floor']:.0f} % |")


def memory_lines(rows):
    """How much memory runs took beside what they work on, where that was measured: text below the table."""
    found = [row for row in rows if row["memory"] is not None]
    if not found:
        return []
    cells = "; ".join(f"{row['case']} ({row['size']}) {row['memory']:.1f} %"
                      + ("" if row["memory"] <= row["most_memory"] else ", **above**") for row in found)
    return [f"Memory of a first run beside factors and interactions in both orientations, at most "
            f"{found[0]['most_memory']} % is wanted: {cells}."]


BEGIN, END = "<!-- measured by scripts/bench -->\n", "<!-- end of what was measured -->"


def check_page(path):
    """Refuses a page without the two marks, between which the tables come."""
    if not re.search(f"{BEGIN}.*{END}", path.read_text(encoding="utf-8"), re.DOTALL):
        sys.exit(f"{path} has no lines {BEGIN.strip()} and {END}")


def write_page(path, text):
    page = path.read_text(encoding="utf-8")
    path.write_text(re.sub(f"{BEGIN}.*{END}", lambda _: BEGIN + text + END, page, flags=re.DOTALL), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench")
    for name in ("ours", "peers", "python", "folder"):
        parser.add_argument(name)
    parser.add_argument("--filter", default="")
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--page", type=pathlib.Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--threads", default="1,2")
    options = parser.parse_args()
    if options.page:
        check_page(options.page)
    folder = pathlib.Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True)
    lines, failed, page = [], [], [machine(), ""]
    for threads in map(int, options.threads.split(",")):
        ours = Side([options.ours], threads, folder)
        peer = Side([options.python, f"{options.peers}/serve.py"], threads, folder, *(["--quick"] if options.quick else []))
        versions = peer.ask("versions")  # answered once it has loaded its libraries: now the processors are ours
        peak = [float(value) for value in ours.ask("peak").split()]
        head = (f"{threads} thread{'s' if threads > 1 else ''}: {peak[0]:.0f} GF/s, L2 {peak[1]:.0f} GB/s, memory "
                f"{peak[2]:.0f} GB/s; {versions}")
        print(f"\n{head}")
        page += [head, "", "| case | size | ours, ms | peer, ms | peer / ours (of rounds) | goal | rate | of the floor |",
                 "|---|---|---|---|---|---|---|---|"]
        print(f"{'case':<38} {'size':<32} {'th':>2} {'ours ms':>9} {'peer ms':>9} {'way':<12}{'ratio':>6} (min-max)    "
              f"goal       rate  of floor")
        rows = []
        for number, case in enumerate(json.loads(peer.ask("list"))):
            if options.filter.lower() not in f"{case['name']} {case['size']}".lower():
                continue
            if case["missing"]:
                print(f"{case['name']:<38} {case['size']:<32} {threads:>2} skipped: {case['missing']}", flush=True)
                page.append(f"| {case['name']} | {case['size']} | skipped: {case['missing']} | | | | | |")
                continue
            try:
                row = run_case(ours, peer, number, case, threads, peak, folder, options)
            except RuntimeError as error:
                failed.append(f"{case['name']}, {case['size']}, {threads} threads: {error}")
                print(f"{case['name']:<38} {case['size']:<32} {threads:>2} FAILED: {error}", flush=True)
                page.append(f"| {case['name']} | {case['size']} | failed: {error} | | | | | |")
                continue
            print_row(row)
            rows.append(row)
            lines += json_lines(row)
            page.append(page_row(row))
        for line in memory_lines(rows):
            print(line, flush=True)
            page += ["", line]
        page.append("")
        ours.close()
        peer.close()
    if options.page:
        write_page(options.page, "\n".join(page))
    if options.json:
        options.json.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if failed:
        sys.exit(f"{len(failed)} of the cases failed")


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""Runs the main example with several seeds and compares what it reaches; see scripts/quality.

quality.py EXAMPLE DATA OUT [--seeds=N] [PART...]
"""
import csv
import itertools
import math
import os
import pathlib
import re
import statistics
import subprocess
import sys

SEEDS = range(3)
BENCH = pathlib.Path(__file__).resolve().parents[2] / "bench"
TWIN_EPOCHS = (3, 6, 10)
FIGURES = ("loss", "HR@10", "NDCG@10")  # the loss of training, and what is measured on the test
CHANCE = 0.05  # sides that differ less often than this by chance are called different
TWIN_BEST = (.188, .203, .186), (.098, .103, .093)  # HR@10 and NDCG@10 of its published seeds, best on validation
SEPARATE = ("--positions separate --batch 256 --rate 1e-3 --schedule constant --dropout 0.2 --long-steps 50 --short-steps 10 "
            "--l2 0 --deviation 0.05 --session-gap 0")
ONE_PASS = "--positions one-pass --batch 8 --rate 3e-3 --dropout 0.3 --deviation 0.05 --session-gap 0 --epochs 20 --patience 5"
TWIN_OPTIONS = f"{SEPARATE} --negatives 4 --epochs 10 --patience 0"
# The whole catalogue as negatives instead of four sampled ones; then a model twice as wide can be trained, with more
# dropout; every position of a history in one pass, which costs less.
WIDE = "--features 128 --hidden 128 --dropout 0.5 --patience 20"
BETTER_OPTIONS = f"{ONE_PASS} --scorer dot --loss softmax {WIDE}"
# Which of these does it: the ways to train with the losses, everything else as in "twin" or as in "better".
WHY_OPTIONS = {
    "separate, 4 negatives, MLP": f"{SEPARATE} --epochs 20 --patience 4",
    "separate, 4 negatives, product": f"{SEPARATE} --epochs 20 --patience 4 --scorer dot",
    "separate, softmax, product": f"{SEPARATE} --epochs 20 --patience 4 --scorer dot --loss softmax",
    "one pass, 4 negatives, MLP": ONE_PASS,
    "one pass, 4 negatives, product": f"{ONE_PASS} --scorer dot",
    "one pass, softmax, product": f"{ONE_PASS} --scorer dot --loss softmax",
    "one pass, softmax, dropout .5": f"{ONE_PASS} --scorer dot --loss softmax --dropout 0.5",
    "one pass, 4 negatives, MLP, wide": f"{ONE_PASS} {WIDE}",
    "one pass, softmax, product, wide": BETTER_OPTIONS,
}
FLOORS = ("popularity", "markov", "item-knn")
GAIN, SHARE = 0.03, 0.65  # what the synthetic log must show, for each seed


class Run:
    """What one run of the example printed."""

    def __init__(self, name, arguments):
        print(f"   {name} ...", end="", flush=True)
        self.out = OUT / re.sub(r"\W+", "-", name)
        OUT.mkdir(parents=True, exist_ok=True)
        lines = []
        with subprocess.Popen([EXAMPLE, "--plain", "--out", self.out, *arguments], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True) as process:
            for line in process.stdout:
                lines.append(line.rstrip())
                epoch = re.match(r"(.*)  epoch +(\d+)/(\d+)", line)
                if epoch and sys.stdout.isatty():
                    print(f"\r\033[K   {name}: {epoch[1]}, epoch {epoch[2]} of {epoch[3]}", end="", flush=True)
        self.out.with_suffix(".log").write_text("\n".join(lines) + "\n")
        print(f"\r   {name}: {'done' if process.returncode == 0 else 'FAILED'}" + " " * 30, flush=True)
        self.failed = process.returncode != 0
        self.lines = lines
        if self.failed:
            print("\n".join(lines[-4:]))
        self.seconds = [float(m[1]) for m in map(re.compile(r"long \+ short  epoch.* ([\d.]+) s ").match, lines) if m]

    def row(self, name):
        """HR@10 and NDCG@10 of a row of the final table."""
        for line in self.lines:
            match = re.match(re.escape(name) + r"  +([\d.]+) +([\d.]+) ", line)
            if match:
                return float(match[1]), float(match[2])
        sys.exit(f"quality.py: the example printed no row '{name}'")


def figures_after(lines, epochs):
    """Of what a run with --every-epoch printed: FIGURES after each of the epochs, in a row."""
    losses, tests = {}, {}
    for line in lines:
        if match := re.match(r"long \+ short  epoch +(\d+)/\d+  loss (\S+) ", line):
            losses[int(match[1])] = float(match[2])
        elif match := re.match(r"test after epoch (\d+): HR@10 (\S+) NDCG@10 (\S+)", line):
            tests[int(match[1])] = (float(match[2]), float(match[3]))
    for epoch in epochs:
        if epoch not in losses or epoch not in tests:
            sys.exit(f"quality.py: the example printed no loss or no test after epoch {epoch}")
    return [figure for epoch in epochs for figure in (losses[epoch], *tests[epoch])]


def mean_and_spread(values):
    return f"{statistics.mean(values):.4f} ± {statistics.stdev(values):.4f}"


def pooled_error(a, b):
    """The standard error of the difference of two means, whose values are taken to spread alike."""
    inside = (len(a) - 1) * statistics.variance(a) + (len(b) - 1) * statistics.variance(b)
    return math.sqrt(inside / (len(a) + len(b) - 2) * (1 / len(a) + 1 / len(b)))


def greatest_difference(a, b):
    """Of lists of figures, one list a seed: how many pooled errors the means differ at most."""
    columns = list(zip(zip(*a), zip(*b)))
    return max(abs(statistics.mean(x) - statistics.mean(y)) / pooled_error(x, y) for x, y in columns)


def share_of_splits(a, b):
    """How many of all ways to deal the seeds out to two sides differ as much as these sides do: a permutation test, which
    takes into account that several figures are compared and that they go up and down together."""
    seeds, seen = [*a, *b], greatest_difference(a, b)
    splits = list(itertools.combinations(range(len(seeds)), len(a)))
    others = ([seed for i, seed in enumerate(seeds) if i not in split] for split in splits)
    differences = [greatest_difference([seeds[i] for i in split], other) for split, other in zip(splits, others)]
    return sum(difference >= seen * (1 - 1e-12) for difference in differences) / len(splits), len(splits)


def synthetic():
    """Long + short beats its halves by GAIN and reaches SHARE of the oracle, for every seed."""
    print("== Synthetic log: the whole model, its halves, the floors, the oracle", flush=True)
    runs = [Run(f"synthetic seed {seed}", ["--seed", str(seed), "--require-gain", str(GAIN), "--require-oracle", str(SHARE)])
            for seed in SEEDS]
    if any(run.failed for run in runs):
        return False
    print(f"\n{'NDCG@10':<14}" + "".join(f"  seed {seed}" for seed in SEEDS) + "  mean ± spread")
    for name in ("long + short", "long only", "short only", *FLOORS, "oracle"):
        values = [run.row(name)[1] for run in runs]
        print(f"{name:<14}" + "".join(f"  {value:.4f}" for value in values) + f"  {mean_and_spread(values)}")
    gains = [run.row("long + short")[1] / max(run.row("long only")[1], run.row("short only")[1]) - 1 for run in runs]
    shares = [run.row("long + short")[1] / run.row("oracle")[1] for run in runs]
    print(f"{'over its half':<14}" + "".join(f"  {100 * gain:5.1f}%" for gain in gains) + f"  required: {100 * GAIN:.0f} %")
    print(f"{'of the oracle':<14}" + "".join(f"  {100 * share:5.1f}%" for share in shares) + f"  required: {100 * SHARE:.0f} %\n")
    return True


def movielens(name, options, *flags):
    """One run a seed. Of an option that is given twice the later value counts: sets of options build on each other."""
    words = options.split()
    last = [word for pair in dict(zip(words[::2], words[1::2])).items() for word in pair]
    return [Run(f"{name} seed {seed}", ["--data", str(LOG), "--seed", str(seed), *last, *flags]) for seed in SEEDS]


def twin_seeds():
    """Of each seed of the twin FIGURES after each of the epochs."""
    with open(BENCH / "long_short_twin.csv", encoding="utf-8", newline="") as file:
        rows = {(int(row["seed"]), int(row["epoch"])): row for row in csv.DictReader(file)}
    seeds = sorted({seed for seed, _ in rows})
    return [[float(rows[seed, epoch][figure]) for epoch in TWIN_EPOCHS for figure in FIGURES] for seed in seeds]


def print_table(ours, theirs):
    """Means, spreads and differences of all figures; states how many lie outside two pooled errors."""
    print(f"\nours: {len(ours)} seeds, the twin: {len(theirs)} seeds")
    print("after epoch  figure   ours             twin             difference  two pooled errors")
    outside = 0
    for (epoch, figure), a, b in zip(itertools.product(TWIN_EPOCHS, FIGURES), zip(*ours), zip(*theirs)):
        difference, allowed = statistics.mean(a) - statistics.mean(b), 2 * pooled_error(a, b)
        outside += abs(difference) > allowed
        print(f"{epoch:>11}  {figure:<7}  {mean_and_spread(a)}  {mean_and_spread(b)}  {difference:+10.4f}"
              f"  {allowed:.4f}{'' if abs(difference) <= allowed else '  <- outside'}")
    print(f"{outside} of {len(ours[0])} outside")


def compare_with_twin():
    """With the twin's definition the figures are distributed as the twin's: docs/decisions/twin-by-permutation.md."""
    print("== MovieLens 100K: with the definition of the PyTorch twin", flush=True)
    runs = movielens("twin", TWIN_OPTIONS, "--every-epoch", "--no-halves")
    if any(run.failed for run in runs):
        return False
    ours, theirs = [figures_after(run.lines, TWIN_EPOCHS) for run in runs], twin_seeds()
    print_table(ours, theirs)
    share, splits = share_of_splits(ours, theirs)
    holds = share >= CHANCE
    print(f"dealt out to the two sides in all {splits} ways, {100 * share:.0f} % of them differ as much in one of them; "
          f"required: {100 * CHANCE:.0f} %")
    for name in FLOORS:
        print(f"{name + ', HR@10 and NDCG@10':<33}{runs[0].row(name)[0]:.4f}, {runs[0].row(name)[1]:.4f}")
    seconds = statistics.median(s for run in runs for s in run.seconds)
    if not has_pytorch():
        print(f"an epoch of training takes {seconds:.1f} s; no PyTorch here to time and rank beside it\n", flush=True)
        return holds
    print(f"an epoch of training takes {seconds:.1f} s, in PyTorch {ask_twin('--epochs', '2')}", flush=True)
    for run in runs:
        ours = "HR@10 {:.4f}  NDCG@10 {:.4f}".format(*run.row("long + short"))
        theirs = ask_twin("--weights", run.out / "model.safetensors")
        print(f"our weights ranked by us: {ours}, by PyTorch: {theirs}{'' if ours == theirs else '  <- differs'}")
        holds &= ours == theirs
    print(flush=True)
    return holds


PYTHON = os.environ.get("LONGSHORE_PYTHON", "python3")


def has_pytorch():
    return subprocess.run([PYTHON, "-c", "import torch, safetensors"], capture_output=True).returncode == 0


def ask_twin(*arguments):
    """The last line that the twin in PyTorch prints."""
    done = subprocess.run([PYTHON, BENCH / "long_short_twin.py", LOG, *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"quality.py: the twin failed:\n{done.stderr}")
    return done.stdout.strip().splitlines()[-1]


def print_rows(named_runs):
    """HR@10 and NDCG@10, mean and spread over the seeds; of the floors, which have no seed, the values."""
    print(f"\n{'':<33}  HR@10            NDCG@10")
    for name, values in named_runs.items():
        print(f"{name:<33}  {mean_and_spread(values[0])}  {mean_and_spread(values[1])}")


def better():
    """The setting that does better than the twin: all items as negatives, every position in one pass, a wider model."""
    print("== MovieLens 100K: softmax over the whole catalogue, all positions in one pass, twice as wide", flush=True)
    runs = movielens("better", BETTER_OPTIONS)
    if any(run.failed for run in runs):
        return False
    rows = {name: list(zip(*(run.row(name) for run in runs))) for name in ("long + short", "long only", "short only")}
    print_rows(rows | {"twin's best": TWIN_BEST})
    for name in FLOORS:
        print(f"{name:<33}  {runs[0].row(name)[0]:.4f}           {runs[0].row(name)[1]:.4f}")
    seconds = statistics.median(s for run in runs for s in run.seconds)
    errors = [(statistics.mean(a) - statistics.mean(b)) / pooled_error(a, b) for a, b in zip(rows["long + short"], TWIN_BEST)]
    print("over the twin's best, in pooled errors: {:.1f} in HR@10, {:.1f} in NDCG@10; required: 2".format(*errors))
    print(f"an epoch of training takes {seconds:.1f} s\n", flush=True)
    return min(errors) >= 2


def why():
    """The ways to train beside the losses: what it is that does better. States nothing, so it cannot fail to hold."""
    print("== MovieLens 100K: each way to train with each loss", flush=True)
    rows, seconds = {}, {}
    for name, options in WHY_OPTIONS.items():
        runs = movielens(name, options, "--no-halves")
        if any(run.failed for run in runs):
            return False
        rows[name] = list(zip(*(run.row("long + short") for run in runs)))
        seconds[name] = statistics.median(s for run in runs for s in run.seconds)
    print_rows(rows)
    for name, value in seconds.items():
        print(f"{name:<33}  {value:.1f} s an epoch")
    print(flush=True)
    return True


PARTS = {"synthetic": synthetic, "twin": compare_with_twin, "better": better, "why": why}
if __name__ == "__main__":
    EXAMPLE, DATA, OUT = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    LOG = DATA / "ml-100k/ml-100k.inter"
    parts = [word for word in sys.argv[4:] if not word.startswith("--seeds=")] or ["synthetic", "twin", "better"]
    SEEDS = range(next((int(word.partition("=")[2]) for word in sys.argv[4:] if word.startswith("--seeds=")), 3))
    if not LOG.exists() and set(parts) - {"synthetic"}:
        sys.exit(f"quality.py: {LOG} is not there; name its place by LONGSHORE_DATA_DIR, or run the part synthetic alone")
    results = {part: PARTS[part]() for part in parts}
    for part, holds in results.items():
        print(f"{part}: {'as stated' if holds else 'NOT as stated'}")
    sys.exit(0 if all(results.values()) else 1)

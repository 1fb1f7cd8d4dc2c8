# SPDX-License-Identifier: Apache-2.0
"""Runs the main example with three seeds and compares what it reaches; see scripts/quality.

quality.py EXAMPLE DATA OUT [PART...]
"""
import math
import os
import pathlib
import re
import statistics
import subprocess
import sys

SEEDS = (0, 1, 2)

# The twin's HR@10 and NDCG@10 on the test after some epochs, of its three seeds.
TWIN = {
    3: ((.139, .143, .132), (.072, .073, .067)),
    6: ((.156, .151, .142), (.081, .076, .075)),
    10: ((.188, .169, .174), (.098, .082, .091)),
}
TWIN_BEST = (.188, .203, .186), (.098, .103, .093)
TWIN_OPTIONS = ("--positions separate --batch 256 --rate 1e-3 --schedule constant --l2 0 --dropout 0.2 --deviation 0.05 "
                "--long-steps 50 --short-steps 10 --session-gap 0 --negatives 4 --epochs 10 --patience 0")
# Every position of a history in one pass, and the whole catalogue as negatives instead of four sampled ones.
BETTER_OPTIONS = ("--scorer dot --loss softmax --batch 8 --rate 3e-3 --dropout 0.3 --deviation 0.05 --session-gap 0 "
                  "--epochs 20 --patience 5")
FLOORS = ("popularity", "markov", "item-knn")
GAIN, SHARE = 0.03, 0.65  # what the synthetic log must show, for each seed


class Run:
    """What one run of the example printed."""

    def __init__(self, name, arguments):
        print(f"   {name} ...", end="", flush=True)
        OUT.mkdir(parents=True, exist_ok=True)
        out = OUT / name.replace(" ", "-")
        lines = []
        with subprocess.Popen([EXAMPLE, "--plain", "--out", out, *arguments], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True) as process:
            for line in process.stdout:
                lines.append(line.rstrip())
                epoch = re.match(r"(.*)  epoch +(\d+)/(\d+)", line)
                if epoch and sys.stdout.isatty():
                    print(f"\r\033[K   {name}: {epoch[1]}, epoch {epoch[2]} of {epoch[3]}", end="", flush=True)
        (OUT / f"{name}.log".replace(" ", "-")).write_text("\n".join(lines) + "\n")
        print(f"\r   {name}: {'done' if process.returncode == 0 else 'FAILED'}" + " " * 30, flush=True)
        self.failed = process.returncode != 0
        self.lines = lines
        if self.failed:
            print("\n".join(lines[-4:]))
        self.seconds = [float(m[1]) for m in map(re.compile(r"long \+ short  epoch.* ([\d.]+) s ").match, lines) if m]
        self.tests = [(float(m[1]), float(m[2]))
                      for m in map(re.compile(r"test after epoch \d+: HR@10 (\S+) NDCG@10 (\S+)").match, lines) if m]

    def row(self, name):
        """HR@10 and NDCG@10 of a row of the final table."""
        for line in self.lines:
            match = re.match(re.escape(name) + r"  +([\d.]+) +([\d.]+) ", line)
            if match:
                return float(match[1]), float(match[2])
        sys.exit(f"quality.py: the example printed no row '{name}'")


def mean_and_spread(values):
    return f"{statistics.mean(values):.4f} ± {statistics.stdev(values):.4f}"


def pooled_error(a, b):
    return math.sqrt((statistics.variance(a) + statistics.variance(b)) / 2 * (1 / len(a) + 1 / len(b)))


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


def movielens(name, options):
    return [Run(f"{name} seed {seed}",
                ["--data", str(DATA / "ml-100k/ml-100k.inter"), "--every-epoch", "--no-halves", "--seed", str(seed),
                 *options.split()]) for seed in SEEDS]


def compare_with_twin():
    """With the twin's definition the means of three seeds lie within two pooled standard errors of the twin's."""
    print("== MovieLens 100K: with the definition of the PyTorch twin", flush=True)
    runs = movielens("twin", TWIN_OPTIONS)
    if any(run.failed for run in runs):
        return False
    holds = True
    print("\nafter epoch  metric   ours             twin             difference  two pooled errors")
    for epoch, published in TWIN.items():
        for k, metric in enumerate(("HR@10", "NDCG@10")):
            ours = [run.tests[epoch - 1][k] for run in runs]
            difference = statistics.mean(ours) - statistics.mean(published[k])
            allowed = 2 * pooled_error(ours, published[k])
            within = abs(difference) <= allowed
            holds &= within
            print(f"{epoch:>11}  {metric:<7}  {mean_and_spread(ours)}  {mean_and_spread(published[k])}  {difference:+10.4f}"
                  f"  {allowed:.4f} {'' if within else '  <- outside'}")
    for name in FLOORS:
        print(f"{name + ', HR@10 and NDCG@10':<33}{runs[0].row(name)[0]:.4f}, {runs[0].row(name)[1]:.4f}")
    seconds = statistics.median(s for run in runs for s in run.seconds)
    print(f"an epoch of training takes {seconds:.1f} s", end="")
    print(f", in PyTorch {peer}\n" if (peer := time_peer()) else "; no PyTorch here to time beside it\n", flush=True)
    return holds


def time_peer():
    python = os.environ.get("LONGSHORE_PYTHON", "python3")
    if subprocess.run([python, "-c", "import torch"], capture_output=True).returncode != 0:
        return None
    twin = pathlib.Path(__file__).resolve().parents[2] / "bench/long_short_twin.py"
    done = subprocess.run([python, twin, DATA / "ml-100k/ml-100k.inter", "--epochs", "2"], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"quality.py: the twin failed:\n{done.stderr}")
    return done.stdout.strip().splitlines()[-1]


def better():
    """The setting that does better than the twin: every position in one pass, all items as negatives."""
    print("== MovieLens 100K: all positions in one pass, softmax over the whole catalogue", flush=True)
    runs = movielens("better", BETTER_OPTIONS)
    if any(run.failed for run in runs):
        return False
    print("\n               HR@10            NDCG@10")
    ours = [[run.row("long + short")[k] for run in runs] for k in range(2)]
    print(f"long + short   {mean_and_spread(ours[0])}  {mean_and_spread(ours[1])}")
    print(f"twin's best    {mean_and_spread(TWIN_BEST[0])}  {mean_and_spread(TWIN_BEST[1])}")
    for name in FLOORS:
        values = runs[0].row(name)
        print(f"{name:<13}  {values[0]:.4f}           {values[1]:.4f}")
    seconds = statistics.median(s for run in runs for s in run.seconds)
    print(f"an epoch of training takes {seconds:.1f} s\n", flush=True)
    return all(statistics.mean(ours[k]) > statistics.mean(TWIN_BEST[k]) for k in range(2))


if __name__ == "__main__":
    EXAMPLE, DATA, OUT = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    parts = sys.argv[4:] or ["synthetic", "twin", "better"]
    if not (DATA / "ml-100k/ml-100k.inter").exists() and set(parts) - {"synthetic"}:
        sys.exit(f"quality.py: {DATA}/ml-100k/ml-100k.inter is not there; name its place by LONGSHORE_DATA_DIR, or run "
                 "the part synthetic alone")
    steps = {"synthetic": synthetic, "twin": compare_with_twin, "better": better}
    results = {part: steps[part]() for part in parts}
    for part, holds in results.items():
        print(f"{part}: {'as stated' if holds else 'NOT as stated'}")
    sys.exit(0 if all(results.values()) else 1)

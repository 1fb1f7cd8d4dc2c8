# SPDX-License-Identifier: Apache-2.0
"""Times our cases at growing sizes, compares each curve with the number of operations and draws it; see scripts/bench.

scaling.py OURS FOLDER [--filter TEXT] [--threads LIST] [--quick]
"""
import argparse
import pathlib
import statistics

import matplotlib
import numpy as np
from bench import Side
from safetensors.numpy import save_file

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402  (after the choice of the backend)

LEAVES = 0.2  # a point further than this from its formula is marked
SECONDS, LEAST = 0.3, 5


class Sweep:
    """One case at growing sizes.

    name, axis   what is drawn, and what grows
    case         of bench/cases
    sizes        the values of the axis; the formula is laid through the time of `anchor`
    inputs       arrays of the case at a size
    formula      what the time is proportional to at a size
    """

    def __init__(self, name, axis, case, sizes, anchor, inputs, formula):
        self.name, self.axis, self.case, self.sizes, self.anchor = name, axis, case, sizes, anchor
        self.inputs, self.formula = inputs, formula


def normal(random, *shape):
    return random.standard_normal(shape, dtype=np.float32)


def recurrent(gates, lengths, features, hidden):
    """Inputs of a recurrent layer over sequences of these lengths."""
    random = np.random.default_rng(1)
    steps = int(np.sum(lengths))
    weights = {"weights_input": (gates * hidden, features), "weights_hidden": (gates * hidden, hidden),
               "bias_input": (gates * hidden,), "bias_hidden": (gates * hidden,)}
    found = {f"block.layers.0.{name}": normal(random, *shape) * 0.1 for name, shape in weights.items()}
    return found | {"x": normal(random, steps, features), "lengths": np.asarray(lengths, np.int64),
                    "cotangent": normal(random, steps * hidden)}


def transformer(batch, steps, features, heads):
    random = np.random.default_rng(1)
    found = {"x": normal(random, batch * steps, features), "lengths": np.full(batch, steps, np.int64),
             "heads": np.array([heads], np.int64), "cotangent": normal(random, batch * steps * features)}
    for name, rows in (("attention.in_proj", 3), ("attention.out_proj", 1), ("linear1", 1), ("linear2", 1)):
        found[f"block.{name}.weights"] = normal(random, rows * features, features) * 0.1
        found[f"block.{name}.bias"] = normal(random, rows * features) * 0.1
    for name in ("norm1", "norm2"):
        found[f"block.{name}.weights"] = np.ones(features, np.float32)
        found[f"block.{name}.bias"] = np.zeros(features, np.float32)
    return found


def softmax(batch, items, features):
    random = np.random.default_rng(1)
    return {"interests": normal(random, batch, features), "items": normal(random, items, features) / 4,
            "targets": random.integers(items, size=batch)}


def table(rows, features, looked_up):
    random = np.random.default_rng(1)
    return {"table.weights": normal(random, rows, features), "ids": random.integers(rows, size=looked_up),
            "cotangent": normal(random, looked_up, features)}


def uniform_lengths(batch, longest):
    return np.random.default_rng(2).integers(1, longest + 1, batch)


def unique_rows(rows, looked_up):
    return len(np.unique(np.random.default_rng(1).integers(rows, size=looked_up)))


def sweeps():
    lengths, widths = (10, 25, 50, 100, 200, 400), (16, 32, 64, 96, 128, 256)
    lstm = lambda batch, steps, hidden: recurrent(4, np.full(batch, steps), 64, hidden)
    for way, title in (("forward", "forward"), ("backward", "forward and backward")):
        yield Sweep(f"LSTM {title}, B 256, E and H 64", "steps T", f"lstm.{way}", lengths, 50,
                    lambda t: lstm(256, t, 64), lambda t: t)
        yield Sweep(f"LSTM {title}, B 256, T 50, E 64", "hidden size H", f"lstm.{way}", widths, 64,
                    lambda h: lstm(256, 50, h), lambda h: h * (64 + h))
        yield Sweep(f"transformer layer {title}, B 256, d 64", "steps T", f"transformer.{way}", lengths, 50,
                    lambda t: transformer(256, t, 64, 2), lambda t: t * (12 * 64 * 64 + 2 * t * 64))
        yield Sweep(f"softmax cross-entropy {title}, B 256, d 64", "items of the catalogue", f"softmax.{way}",
                    (1000, 5000, 20_000, 50_000, 200_000), 50_000, lambda v: softmax(256, v, 64), lambda v: v)
    yield Sweep("LSTM forward, T 50, E and H 64", "batch B", "lstm.forward", (1, 2, 4, 8, 16, 64, 256, 1024, 4096), 256,
                lambda b: lstm(b, 50, 64), lambda b: max(b, 6))
    yield Sweep("LSTM forward, lengths U(1, T), B 256, E and H 64", "longest sequence T", "lstm.forward", lengths, 50,
                lambda t: recurrent(4, uniform_lengths(256, t), 64, 64), lambda t: int(np.sum(uniform_lengths(256, t))))
    yield Sweep("one request: LSTM, T 50, E 64", "hidden size H", "lstm.request", widths, 64, lambda h: lstm(1, 50, h),
                lambda h: h * (64 + h))
    yield Sweep("gather and sparse Adam, 12,800 ids, 64 features", "rows of the table", "table",
                (10_000, 100_000, 1_000_000, 2_000_000), 1_000_000, lambda r: table(r, 64, 12_800),
                lambda r: unique_rows(r, 12_800))


def measure(ours, sweep, size, folder, options):
    """Median milliseconds of a run."""
    save_file(sweep.inputs(size), folder / "inputs.safetensors")
    ours.ask("prepare", sweep.case, folder / "inputs.safetensors", folder / "results.safetensors", 3)
    return statistics.median(ours.time(0.05 if options.quick else SECONDS, LEAST))


def draw(sweep, curves, formula, path):
    figure, axes = pyplot.subplots(figsize=(6, 4), layout="constrained")
    for threads, times in curves.items():
        axes.loglog(sweep.sizes, times, "o-", label=f"{threads} thread{'s' if threads > 1 else ''}")
        axes.loglog(sweep.sizes, formula[threads], ":", color="grey", label="formula" if threads == min(curves) else None)
    axes.set(title=sweep.name, xlabel=sweep.axis, ylabel="milliseconds")
    axes.grid(True, which="both", linewidth=0.3)
    axes.legend()
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench --scaling")
    for name in ("ours", "folder"):
        parser.add_argument(name)
    parser.add_argument("--filter", default="")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    folder = pathlib.Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True)
    threads = [int(count) for count in options.threads.split(",")]
    for number, sweep in enumerate(sweeps()):
        if options.filter.lower() not in f"{sweep.name} {sweep.axis}".lower():
            continue
        curves, formula = {}, {}
        for count in threads:
            ours = Side([options.ours], count, folder)
            curves[count] = [measure(ours, sweep, size, folder, options) for size in sweep.sizes]
            ours.close()
            scale = curves[count][sweep.sizes.index(sweep.anchor)] / sweep.formula(sweep.anchor)
            formula[count] = [scale * sweep.formula(size) for size in sweep.sizes]
        print(f"\n{sweep.name}\n{sweep.axis:>24}" + "".join(f"{f'{c} th, ms':>12}{'formula':>10}{'off':>8}" for c in threads))
        for place, size in enumerate(sweep.sizes):
            cells = []
            for count in threads:
                off = curves[count][place] / formula[count][place] - 1
                mark = "*" if abs(off) > LEAVES else " "
                cells.append(f"{curves[count][place]:>12.3f}{formula[count][place]:>10.3f}{off:>+7.0%}{mark}")
            print(f"{size:>24,}" + "".join(cells), flush=True)
        path = folder / f"scaling-{number:02}.svg"
        draw(sweep, curves, formula, path)
        print(f"drawn: {path}", flush=True)
    print(f"\n* leaves its formula by more than {LEAVES:.0%}")


if __name__ == "__main__":
    main()

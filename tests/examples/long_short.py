# SPDX-License-Identifier: Apache-2.0
"""The main example on small logs: every combination of blocks trains, it writes what it says, it can be interrupted.

usage: long_short.py PROGRAM
"""
import csv
import json
import math
import pathlib
import re
import signal
import struct
import subprocess
import sys
import tempfile

PROGRAM = sys.argv[1]
FAST = ["--plain", "--epochs", "1", "--features", "8", "--hidden", "8", "--long-steps", "20"]


def run(folder, *arguments, status=0):
    done = subprocess.run([PROGRAM, "--out", folder, *arguments], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == status, f"{arguments}: status {done.returncode}, expected {status}\n{done.stdout}"
    return done.stdout


def make_log(path):
    """30 users with 12 events each, by columns with names; 80 items."""
    with open(path, "w", encoding="utf-8") as file:
        file.write("user,item,timestamp\n")
        for user in range(30):
            for time in range(12):
                item = (7 * user + 17 * time) % 80
                file.write(f"u{user},i{item},{1000 * user + 60 * time}\n")


def tensors_of(path):
    """Names and shapes in a safetensors file."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
    return {name: tensor["shape"] for name, tensor in header.items() if name != "__metadata__"}


def rows_and_epochs(out):
    """Whose curves curves.csv has, epoch by epoch; every number of it is one."""
    with open(out / "curves.csv", newline="", encoding="utf-8") as file:
        records = list(csv.DictReader(file))
    for record in records:
        assert all(math.isfinite(float(value)) for key, value in record.items() if key != "row"), record
    return [(record["row"], int(record["epoch"])) for record in records]


def writes_what_it_says(folder, log):
    out = folder / "whole"
    text = run(out, "--data", log, *FAST)
    for row in ("long + short", "long only", "short only", "popularity", "markov", "item-knn"):
        assert re.search(rf"^{re.escape(row)} +[01]\.\d+ +[01]\.\d+ +[01]\.\d+ ", text, re.M), f"no row '{row}' in\n{text}"
    assert len(re.findall("^user ", text, re.M)) == 3 and len(re.findall(r" 5\. item i\d+", text)) == 3, text
    assert len(re.findall(r"interests +long-term +\d+ %, short-term +\d+ %", text)) == 3, text
    assert len(re.findall(r"attention +\d+ %  item i\d+", text)) == 3, text
    tensors = tensors_of(out / "model.safetensors")
    assert tensors["items.weights"] == [80, 8], tensors
    assert "score.mlp.layers.2.weights" in tensors, tensors
    assert (out / "curves.svg").read_text(encoding="utf-8").startswith("<svg")
    assert rows_and_epochs(out) == [("long + short", 1), ("long only", 1), ("short only", 1)]
    picture = (out / "curves.svg").read_text(encoding="utf-8")
    assert all(f">{name}</text>" in picture for name in ("long + short", "long only", "short only")), picture
    assert not list(out.glob("curves-*")), "one file has all curves"


def every_block_works(folder, log):
    choices = {
        "--long": "lstm gru self-attention transformer mean decayed-mean attention none",
        "--short": "attention target dan self-attention last mean decayed-mean max none",
        "--fuser": "concat weighted mean max product gate vector-gate attention",
        "--scorer": "mlp dot cosine biased",
        "--loss": "bce bpr sampled-softmax softmax",
        "--positions": "separate one-pass",
        "--table": "sparse dense",
    }
    for option, names in choices.items():
        for name in names.split():
            more = ["--scorer", "dot"] if name == "softmax" else []
            run(folder / "block", "--data", log, *FAST, "--no-halves", option, name, *more)


def bad_input_has_a_cause(folder, log):
    wrong = folder / "wrong.csv"
    wrong.write_text("user,item,timestamp\nu1,i1,10\nu1,i2,x\n", encoding="utf-8")
    text = run(folder / "bad", "--data", wrong, *FAST, status=1)
    assert re.search(r"long_short: .*wrong\.csv:3:7: expected a time stamp", text), text
    few = folder / "few.csv"
    few.write_text("user,item,timestamp\nu1,i1,10\nu1,i2,20\nu1,i3,30\n", encoding="utf-8")
    assert "no user of the log has four events" in run(folder / "bad", "--data", few, *FAST, status=1)
    for wrong in (["--loss", "softmax"], ["--long", "none", "--short", "none"]):
        done = subprocess.run([PROGRAM, *wrong], text=True, capture_output=True)
        assert done.returncode != 0 and re.search("add --scorer dot|give one of the branches", done.stderr), done
    text = run(folder / "bad", "--data", log, *FAST, "--no-halves", "--require-gain", "0.1", status=1)
    assert "the gain over the better half is unknown, required is 10.0 %" in text, text


def can_be_interrupted(folder):
    """Ctrl-C ends after the step with a checkpoint; resumed, it ends as a run that was never stopped, and counts on."""
    arguments = ["--plain", "--epochs", "2", "--no-halves", "--features", "8", "--hidden", "8", "--every-epoch"]
    whole = run(folder / "never", *arguments)
    assert re.findall(r"test after epoch (\d+): .*", whole) == ["1", "2"], whole
    out = folder / "stopped"
    with subprocess.Popen([PROGRAM, "--out", out, *arguments], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT) as process:
        for line in process.stdout:
            if "epoch  1/2" in line or "epoch 1/2" in line:
                process.send_signal(signal.SIGINT)
                break
        rest = process.stdout.read()
    assert process.returncode == 130 and "Interrupted after" in rest, f"status {process.returncode}\n{rest}"
    assert not (out / "model.safetensors").exists()
    assert rows_and_epochs(out) == [("long + short", 1)]
    resumed = run(out, *arguments, "--resume")
    last = re.search("test after epoch 2: .*", whole).group()
    assert re.findall("test after epoch.*", resumed) == [last], resumed
    assert rows_and_epochs(out) == rows_and_epochs(folder / "never") == [("long + short", 1), ("long + short", 2)]
    assert (out / "model.safetensors").read_bytes() == (folder / "never/model.safetensors").read_bytes()


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    log = folder / "log.csv"
    make_log(log)
    writes_what_it_says(folder, log)
    every_block_works(folder, log)
    bad_input_has_a_cause(folder, log)
    can_be_interrupted(folder)

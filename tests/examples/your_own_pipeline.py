# SPDX-License-Identifier: Apache-2.0
"""The small pipeline, which README.md shows: it learns, compares, saves, and repeats itself bit by bit.

usage: your_own_pipeline.py PROGRAM
"""
import csv
import json
import math
import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

PROGRAM = sys.argv[1]
os.environ.pop("OMP_PROC_BIND", None)  # as most terminals are: Kokkos would greet with advice about it
ITEMS = 40
USERS = 400
TABLE = re.compile(r"^(long \+ short|popularity|markov|item-knn) +(\d\.\d{4}) +(\d\.\d{4}) +(\d\.\d{4})$", re.M)
EPOCH = re.compile(r"^epoch +(\d+)/20  loss (\d+\.\d{4})  NDCG@10 ([01]\.\d{4})( \*|  )", re.M)
SHAPES = {
    "items.weights": [ITEMS, 64],
    "taste.layers.0.weights_input": [192, 64], "taste.layers.0.weights_hidden": [192, 64],
    "taste.layers.0.bias_input": [192], "taste.layers.0.bias_hidden": [192],
    "intent.in_proj.weights": [192, 64], "intent.in_proj.bias": [192],
    "intent.out_proj.weights": [64, 64], "intent.out_proj.bias": [64],
    "fuse.gate.layers.0.weights": [64, 128], "fuse.gate.layers.0.bias": [64],
    "fuse.gate.layers.1.weights": [1, 64], "fuse.gate.layers.1.bias": [1],
}


def make_log(path, header="user,item,timestamp", row="u{user},i{item},{time}"):
    """Users who each take items in the order of a circle, from where their number says: the last item tells the next."""
    lines = [header] * bool(header)
    for user in range(USERS):
        for k in range(10):
            lines.append(row.format(user=user, item=(7 * user + 3 * k) % ITEMS, time=1_600_000_000 + 9000 * user + 60 * k))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def run(folder, *arguments, threads=2, status=0):
    folder.mkdir(exist_ok=True)
    done = subprocess.run([PROGRAM, *arguments], cwd=folder, text=True, capture_output=True,
                          env=os.environ | {"OMP_NUM_THREADS": str(threads)})
    assert done.returncode == status, f"{arguments}: status {done.returncode}, expected {status}\n{done.stdout}{done.stderr}"
    assert all(len(line) <= 80 for line in done.stdout.splitlines()), done.stdout
    return done.stderr if status else done.stdout


def without_clock(text):
    return re.sub(r" +\d+\.\d s +\d+ ex/s$", "", text, flags=re.M)


def shows_what_it_does(text):
    assert text.startswith(f"{10 * USERS} events, {USERS} users, {ITEMS} items\n\nparameter "), text
    for name, shape in SHAPES.items():
        numbers = math.prod(shape)
        words = rf"^{re.escape(name)} +\w+ +{' x '.join(map(str, shape))} +{numbers} +{4 * numbers}$"
        assert re.search(words, text, re.M), f"no row of {name} in\n{text}"
    total = sum(math.prod(shape) for shape in SHAPES.values())
    assert re.search(rf"^total +{total} +{4 * total}$", text, re.M), text

    epochs = EPOCH.findall(text)
    assert [int(epoch[0]) for epoch in epochs] == list(range(1, len(epochs) + 1)) and 2 <= len(epochs) <= 20, text
    losses, values = [float(epoch[1]) for epoch in epochs], [float(epoch[2]) for epoch in epochs]
    assert abs(losses[0] - math.log(ITEMS)) < 0.5 and losses[-1] < 0.7 * losses[0], text  # begins as a guess among all
    best = max(range(len(values)), key=lambda k: (values[k], -k)) + 1
    assert f"Weights of epoch {best} of {len(epochs)}" in text, text

    rows = {name: [float(value) for value in values] for name, *values in TABLE.findall(text)}
    assert list(rows) == ["long + short", "popularity", "markov", "item-knn"], text
    for hits, ndcg, mrr in rows.values():
        assert 0 <= ndcg <= hits <= 1 and 0 < mrr <= 1, text
    assert rows["long + short"][1] > max(0.8, rows["popularity"][1] + 0.3), f"it did not learn the circle:\n{text}"
    assert f"full ranking over {ITEMS} items, {USERS} rows, ties: pessimistic" in " ".join(text.split()), text
    return len(epochs)


def writes_what_it_says(folder, epochs):
    with open(folder / "model.safetensors", "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    header.pop("__metadata__", None)
    assert {name: tensor["shape"] for name, tensor in header.items()} == SHAPES, header
    assert {tensor["dtype"] for tensor in header.values()} == {"F32"}, header
    for name, tensor in header.items():
        begin, end = tensor["data_offsets"]
        numbers = struct.unpack(f"<{(end - begin) // 4}f", data[begin:end])
        assert len(numbers) == math.prod(tensor["shape"]) and all(map(math.isfinite, numbers)) and any(numbers), name
    with open(folder / "items.csv", newline="", encoding="utf-8") as file:
        items = list(csv.DictReader(file))
    assert [item["row"] for item in items] == [str(row) for row in range(ITEMS)], items
    assert {item["item"] for item in items} == {f"i{item}" for item in range(ITEMS)}, items
    picture = (folder / "curves.svg").read_text(encoding="utf-8")
    lines = re.findall(r'<polyline [^>]*points="([^"]*)"', picture)
    assert picture.startswith("<svg") and [len(line.split()) for line in lines] == [epochs, epochs], picture
    assert all(f">{words}</text>" in picture for words in ("training loss", "validation NDCG@10", "epoch")), picture
    assert "nan" not in picture and "inf" not in picture, picture


def repeats_itself(folder, log, first):
    """Two runs, and one with another number of threads: the same text and the same files."""
    for again, threads in ((folder / "again", 2), (folder / "alone", 1)):
        assert without_clock(run(again, log, threads=threads)) == without_clock(first), again
        for name in ("model.safetensors", "items.csv", "curves.svg"):
            assert (again / name).read_bytes() == (folder / "first" / name).read_bytes(), (again, name)


def begins_on_its_own_log():
    """Without a file: the first epoch on the log that is built in. The whole run takes longer than a test may."""
    with tempfile.TemporaryDirectory() as name:
        with subprocess.Popen([PROGRAM], cwd=name, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
            lines = []
            for line in process.stdout:
                lines.append(line)
                if line.startswith("epoch"):
                    break
            process.kill()
        text = "".join(lines)
        assert re.match(r"\d+ events, 4000 users, 600 items\n", text) and "items.weights" in text, text
        assert EPOCH.search(text) and abs(float(EPOCH.search(text)[2]) - math.log(600)) < 0.5, text


def needs_no_times(folder):
    log = make_log(folder / "bare.csv", header="user,item", row="{user},{item}")
    rows = TABLE.findall(run(folder / "bare", log))
    assert float(rows[0][2]) > 0.5, rows


def bad_input_has_a_cause(folder):
    few = folder / "few.csv"
    few.write_text("user,item,timestamp\nu1,i1,10\nu1,i2,20\nu1,i3,30\n", encoding="utf-8")
    short = folder / "short.csv"
    short.write_text("user,item,timestamp\n" + "".join(f"u{user},i{user + time},{time}\n" for user in range(5) for time in range(2)),
                     encoding="utf-8")
    wrong = folder / "wrong.csv"
    wrong.write_text("user,item,timestamp\nu1,i1,10\nu1,i2,x\n", encoding="utf-8")
    strange = folder / "strange.csv"
    strange.write_text("who,what,when\nu1,i1,10\n", encoding="utf-8")
    empty = folder / "empty.csv"
    empty.write_text("", encoding="utf-8")
    for arguments, said in (
            ([folder / "absent.csv"], r"read_log: .*absent\.csv cannot be opened: No such file or directory"),
            ([folder], r"read_log: .*: cannot be read: Is a directory"),
            ([wrong], r"read_csv: .*wrong\.csv:3:7: expected a time stamp.*"),
            ([strange], r"read_log: .*strange\.csv:1:1: expected .*"),
            ([empty], r"read_log: .*empty\.csv:1:1: expected an interaction log, got an empty file"),
            ([few], "no user has four events: two to learn, one to validate, one to test"),
            ([short], "no user has four events: two to learn, one to validate, one to test"),
            ([few, few], "give one file, a log of users, items and times, or none")):
        text = run(folder / "bad", *arguments, status=1)
        assert re.fullmatch(said + "\n", text), f"{arguments}: {text}"
    assert not list((folder / "bad").iterdir()), "what fails writes nothing"
    (folder / "taken/model.safetensors").mkdir(parents=True)
    text = run(folder / "taken", make_log(folder / "log.csv"), status=1)
    assert re.fullmatch(r"AtomicFile: model\.safetensors exists and is not a regular file\n", text), text


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    log = make_log(folder / "log.csv")
    first = run(folder / "first", log)
    writes_what_it_says(folder / "first", shows_what_it_does(first))
    repeats_itself(folder, log, first)
    begins_on_its_own_log()
    needs_no_times(folder)
    bad_input_has_a_cause(folder)

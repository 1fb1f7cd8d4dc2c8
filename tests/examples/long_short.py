# SPDX-License-Identifier: Apache-2.0
"""The main example on small logs: every block trains in some combination, it writes what it says, it can be interrupted.

usage: long_short.py PROGRAM
"""
import csv
import json
import math
import os
import pathlib
import pty
import re
import resource
import shlex
import signal
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from full_device import check_lost_output_is_an_error  # noqa: E402
from help_text import check_help_fits  # noqa: E402

PROGRAM = sys.argv[1]
os.environ.pop("OMP_PROC_BIND", None)  # as most terminals are: Kokkos would greet with advice about it
SHORT = ["--plain", "--epochs", "1", "--features", "8", "--long-steps", "20"]
FAST = [*SHORT, "--hidden", "8"]
TWICE = [{"1": "2"}.get(word, word) for word in FAST]  # two epochs


def run(folder, *arguments, status=0):
    done = subprocess.run([PROGRAM, "--out", folder, *arguments], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == status, f"{arguments}: status {done.returncode}, expected {status}\n{done.stdout}"
    return fits(done.stdout)


def fits(text):
    """The text, of which no line is wider than a terminal, but for errors, which are one line, and paths, which stay whole."""
    for line in text.splitlines():
        assert len(line) <= 80 or line.startswith("long_short: ") or re.fullmatch(r'"?/[^ ]+"?,?', line), f"{len(line)} columns: {line}\n{text}"
    return text


def words_of(text):
    """The words of a text, in whatever lines they stand."""
    return " ".join(text.split())


def item_at(user, time, items=80):
    """The item of a user's event in most of these logs."""
    return (7 * user + 17 * time) % items


def make_log(path, users=30, items=80, events=12, header="user,item,timestamp", fields=None):
    """Users with so many events each, by columns with names: the fields of an event, `fields(user, time)`, or a key each and seconds."""
    fields = fields or (lambda user, time: (f"u{user}", f"i{item_at(user, time, items)}", 1000 * user + 60 * time))
    rows = [",".join(map(str, fields(user, time))) for user in range(users) for time in range(events)]
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")


def parts_of(path):
    """Metadata, tensors and bytes of a safetensors file."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        return header.pop("__metadata__"), header, file.read()


def tensors_of(path):
    """Names and shapes in a safetensors file."""
    return {name: tensor["shape"] for name, tensor in parts_of(path)[1].items()}


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
    shares = re.findall(r"interests +long-term +(\d+) %, short-term +(\d+) %", text)
    assert len(shares) == 3 and all(99 <= int(a) + int(b) <= 101 for a, b in shares), text
    assert "interests: how far the scores of the five move" in text and "fuser" not in text, text
    assert re.search(r"^  weights_hidden +32 x 8 +256 +1024$", text, re.M), f"no wide table of parameters in\n{text}"
    assert "30 users, 80 items, 1970-01-01 to 1970-01-01; " in words_of(text), text
    assert len(re.findall(r"attention +\d+ %  item i\d+", text)) == 3, text
    tensors = tensors_of(out / "model.safetensors")
    assert tensors["items.weights"] == [80, 8], tensors
    assert "score.mlp.layers.2.weights" in tensors, tensors
    chosen = parts_of(out / "model.safetensors")[0]
    assert (chosen["long"], chosen["hidden"], chosen["dropout"], chosen["l2"], chosen["keep-seen"]) == \
        ("lstm", "8", "0.1", "1e-06", "false"), chosen
    with open(out / "items.csv", newline="", encoding="utf-8") as file:
        items = list(csv.DictReader(file))
    assert [int(item["row"]) for item in items] == list(range(80)) and items[0] == {"row": "0", "key": "i0", "title": ""}, items[0]
    assert {item["key"] for item in items} == {f"i{item}" for item in range(80)}
    assert (out / "curves.svg").read_text(encoding="utf-8").startswith("<svg")
    assert rows_and_epochs(out) == [("long + short", 1), ("long only", 1), ("short only", 1)]
    picture = (out / "curves.svg").read_text(encoding="utf-8")
    assert all(f">{name}</text>" in picture for name in ("long + short", "long only", "short only",
                                                         "training loss", "validation NDCG@10", "epoch")), picture
    assert picture.count("<polyline") == 6 and "nan" not in picture, picture
    assert not list(out.glob("curves-*")), "one file has all curves"


def factorizations_are_floors(folder, log):
    classical = ("BPR-MF", "iALS", "EASE", "PureSVD")

    def rows_of(text):
        """What the table has of each, but for the seconds."""
        rows = {name: re.search(rf"^{name} +([01]\.\d+) +([01]\.\d+) +([01]\.\d+) +(\d+) +[\d.]+ *$", text, re.M) for name in classical}
        return {name: row.groups() for name, row in rows.items() if row}

    arguments = ["--data", log, *FAST, "--no-halves"]
    text = run(folder / "floors", *arguments, "--floors", "all")
    # 30 users and 80 items of 64 numbers; EASE has one a pair of items, PureSVD 30 features and their singular values
    sizes = (110 * 64, 110 * 64, 80 * 80, 111 * 30)
    assert {name: row[3] for name, row in rows_of(text).items()} == dict(zip(classical, map(str, sizes))), text
    assert len(re.findall(r"^(?:iALS|EASE), regularisation .*: NDCG@10 [\d.e-]+(?: \*)?$", text, re.M)) == 16, text
    assert rows_of(run(folder / "floors-again", *arguments, "--floors", "all")) == rows_of(text)
    assert not rows_of(run(folder / "none", *arguments))


def effects_are_measured(folder):
    """An interest that is the same for everybody moves nothing, however long its vector is."""
    log = folder / "alike.csv"
    # All began with the same eight items.
    make_log(log, fields=lambda user, time: (f"u{user}", f"i{time if time < 8 else 8 + item_at(user, time)}", 600 * time))
    alike = ["--cut-out", "--short-steps", "3", "--session-gap", "0", "--no-halves"]
    for fuser, weighs in (("concat", False), ("gate", True), ("vector-gate", True), ("attention", True), ("weighted", True)):
        text = run(folder / "alike", "--data", log, *FAST, *alike, "--fuser", fuser)
        assert len(re.findall("interests +long-term +0 %, short-term +100 %", text)) == 3, f"{fuser}:\n{text}"
        assert len(re.findall(r"fuser +long-term +\d+ %, short-term +\d+ %", text)) == 3 * weighs, f"{fuser}:\n{text}"
    # The average user as each item sees it: target attention.
    text = run(folder / "alike", "--data", log, *FAST, *alike, "--long", "target", "--short", "target")
    assert len(re.findall("interests +long-term +0 %, short-term +100 %", text)) == 3, text
    assert len(re.findall(r"long ago +\d+ %", text)) == 3, text


ENCODERS = "lstm gru self-attention transformer".split()
POOLINGS = "last mean sum max decayed-mean decayed-sum attention dan target".split()


def every_block_works(folder, log):
    """Each encoder and pooling alone and in a pair, in both branches; beside them, in turns, the names of the other options."""
    pairs = [f"{ENCODERS[k % 4]}+{pooling}" for k, pooling in enumerate(POOLINGS)]
    branches = [*zip(ENCODERS + POOLINGS + pairs, pairs + POOLINGS + ENCODERS), ("none", "max"), ("gru", "none")]
    turns = {
        "--fuser": "concat weighted mean max product gate vector-gate attention",
        "--scorer": "mlp dot cosine biased",
        "--loss": "bce bpr sampled-softmax mse bce",
        "--positions": "one-pass one-pass separate",
        "--table": "dense dense sparse dense",
    }
    runs = []
    for k, (long, short) in enumerate(branches):
        others = [word for option, names in turns.items() for word in (option, names.split()[k % len(names.split())])]
        runs.append(["--long", long, "--short", short, "--hidden", "8", *others])
    runs += [["--hidden", "8", "--loss", "softmax", "--scorer", scorer] for scorer in turns["--scorer"].split()]
    runs += [["--hidden", "8", "--loss", "softmax", "--table", "sparse"], ["--hidden", "6", "--scorer", "dot"],
             ["--hidden", "6", "--long", "lstm", "--short", "gru", "--fuser", "gate"]]
    for arguments in runs:
        text = run(folder / "block", "--data", log, *SHORT, "--no-halves", *arguments)
        # Which steps drew the attention is shown for the poolings that have weights.
        chosen = dict(zip(arguments[::2], arguments[1::2]))
        for option, name, heading in (("--long", "lstm", "long ago"), ("--short", "attention", "attention")):
            weighs = chosen.get(option, name).split("+")[-1] in ("attention", "dan", "target")
            assert len(re.findall(rf"^  {heading} +-?\d+ %", text, re.M)) == 3 * weighs, f"{arguments}:\n{text}"


def every_refusal_is_one_sentence():
    refused = {
        "--long none --short none": "--long none --short none: leave nothing to train; give one of the branches",
        "--loss softmax --short lstm+target": "--loss softmax: needs an interest that is one for all items, and --short lstm+target "
                                              "looks at the item; take sampled-softmax",
        "--long lstm+target --hidden 32": "--long lstm+target: compares states of --hidden 32 with items of --features 64; give both "
                                          "the same number",
        "--fuser gate --hidden 32": "--fuser gate: needs interests of one width: that of --long lstm has 32, that of --short attention "
                                    "has 64; give --hidden and --features the same number, or take --fuser concat",
        "--fuser mean --hidden 32 --short gru --scorer dot": "--fuser mean --scorer dot: multiplies an interest of --hidden 32 with "
                                                             "items of --features 64; give both the same number, or take --fuser "
                                                             "concat, which projects",
        "--long rnn": "--long: rnn is none of: none, ENCODER, POOLING, ENCODER+POOLING, where ENCODER is one of: "
                      "lstm gru self-attention transformer, and POOLING one of: "
                      "last mean sum max decayed-mean decayed-sum attention dan target",
        "--short lstm+": "--short: lstm+ is none of",
        "--short +mean": "--short: +mean is none of",
        "--short mean+lstm": "--short: mean+lstm is none of",
        "--epochs 0": "--epochs: 0 is no whole number from 1 to 1000000",
        "--epochs 2.5": "--epochs: 2.5 is no whole number from 1 to 1000000",
        "--seed -1": "--seed: -1 is no whole number from 0 on",
        "--batch -3": "--batch: -3 is no whole number from 0 on",
        "--rate inf": "--rate: inf is no number from 0 on",
        "--half-life nan": "--half-life: nan is no number above 0",
        "--half-life 0": "--half-life: 0 is no number above 0",
        "--dropout nan": "--dropout: nan is no number from 0 to 0.99",
        "--require-gain nan": "--require-gain: nan is no number from 0 on",
        "--value stars": "--value stars: is read for --least-value; give that, too, or leave both out",
        "--least-value x": "--least-value: x is no finite number",
        "--fuse": "The following argument was not expected: --fuse",
        "--separator abc": "--separator: abc is none of: tab, comma, semicolon, bar, space, ::, one character",
    }
    for arguments, sentence in refused.items():
        done = subprocess.run([PROGRAM, *arguments.split()], text=True, capture_output=True, timeout=60)
        assert done.returncode != 0 and done.stderr.startswith(f"long_short: {sentence}"), f"{arguments}: {done.stderr}"
        assert done.stderr.endswith("; --help lists the options\n") and done.stderr.count("\n") == 1, f"{arguments}: {done.stderr}"


def reads_every_form(folder):
    """Files of each accepted form hold the same events; times in any unit are dates of the year they mean."""
    events = [(user, item_at(user, time), 1 + time % 5, 1_600_000_000 + 86400 * user + 60 * time)
              for user in range(1, 20) for time in range(12)]

    def written(name, header, form, of_time=lambda time: time):
        lines = [header] * bool(header)
        lines += [form.format(user=u, item=i, value=v, time=of_time(t)) for u, i, v, t in events]
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        return folder / name

    comma, tabs = "{user},{item},{value},{time}", "{user}\t{item}\t{value}\t{time}"
    typed = "user_id:token\titem_id:token\trating:float\ttimestamp:float"
    forms = [
        (written("u.data", "", tabs), []),
        (written("ratings.dat", "", "{user}::{item}::{value}::{time}"), []),
        (written("ratings.csv", "userId,movieId,rating,timestamp", comma), []),
        (written("log.inter", typed, tabs), []),
        (written("log.csv", "user_id,item,stars,date", comma), []),
        (written("log.tsv", "user\tproduct_id\trating\ttime", tabs), []),
        (written("named.csv", "who;what;how;when", "{user};{item};{value};{time}"),
         ["--user", "who", "--item", "what", "--value", "how", "--least-value", "1", "--time", "when"]),
        (written("hash.txt", "user#item#value#time", "{user}#{item}#{value}#{time}"), ["--separator", "#"]),
        (written("bar.txt", "user|item|value|time", "{user}|{item}|{value}|{time}"), ["--separator", "bar"]),
        (written("bare.csv", "", comma), ["--header", "user,item,rating,time"]),
        (written("bare.tsv", "", tabs + "\tx"), ["--header", "user,item,rating,time,what", "--separator", "tab"]),
    ]
    for unit, scale in (("ms", 10**3), ("us", 10**6), ("ns", 10**9)):
        path = written(f"{unit}.csv", "user,item,rating,time", comma, lambda time, scale=scale: time * scale + scale // 2)
        forms += [(path, []), (path, ["--time-unit", unit])]
    results = set()
    for path, options in forms:
        text = run(folder / "forms", "--data", path, *options, *FAST, "--no-halves")
        assert "228 events, 19 users, 80 items, 2020-09-14 to 2020-10-02; " in words_of(text), f"{path} {options}:\n{text}"
        results.add((re.search("^long \\+ short +[0-9. ]{27}", text, re.M).group(), str(parts_of(folder / "forms/model.safetensors")[1:])))
    assert len(results) == 1, "every form holds the same events"

    days = written("days.csv", "user,item,rating,time", comma, lambda time: time // 86400)
    assert "1970-01-01 to 1970-01-01" in run(folder / "forms", "--data", days, *FAST, "--no-halves")
    mixed = written("mixed.csv", "user,item,rating,time", comma, lambda time: time * 1000 if time // 60 % 2 else 0)
    late = run(folder / "bad", "--data", mixed, *FAST, status=1)
    assert re.search(r"long_short: read_csv: .*mixed\.csv:\d+:[7-9]: the latest time of the file, 16\d{11}, is after the year 2099 in seconds; "
                     r"--time-unit says what times count\n$", late), late
    for option in ("--user", "--item", "--value", "--time"):
        named = {"--user": "who", "--item": "what", "--least-value": "1", option: "nobody"}
        text = run(folder / "bad", "--data", folder / "named.csv", *[word for pair in named.items() for word in pair], *FAST, status=1)
        assert "named.csv:1:1: expected a column 'nobody' in the header, got 'who', 'what', 'how', 'when'\n" in text, text
    text = run(folder / "bad", "--data", folder / "named.csv", *FAST, status=1)
    assert "known names: userid user uid" in text and "itemid item iid" in text, text


def bad_input_has_a_cause(folder, log):
    wrong = folder / "wrong.csv"
    wrong.write_text("user,item,timestamp\nu1,i1,10\nu1,i2,x\n", encoding="utf-8")
    text = run(folder / "bad", "--data", wrong, *FAST, status=1)
    assert re.search(r"long_short: .*wrong\.csv:3:7: expected a time stamp.*; --time none leaves the column out\n$", text), text
    assert "no user of the log has four events" in run(folder / "bad", "--data", wrong, "--time", "none", *FAST, status=1)
    few = folder / "few.csv"
    few.write_text("user,item,timestamp\nu1,i1,10\nu1,i2,20\nu1,i3,30\n", encoding="utf-8")
    assert "no user of the log has four events" in run(folder / "bad", "--data", few, *FAST, status=1)
    four = folder / "four.csv"
    four.write_text("1,2,3,4\n1,3,3,5\n", encoding="utf-8")
    text = run(folder / "bad", "--data", four, "--header", "user,item,rating", *FAST, status=1)
    assert text.endswith("four.csv:1:1: --header has 3 names, the first line 4 fields\n"), text
    text = run(folder / "bad", "--data", four, "--header", "a,b,c,d", *FAST, status=1)
    assert "--user and --item name others, --header names those of a file without a header line" in text, text
    text = run(folder / "bad", "--data", log, *FAST, "--no-halves", "--require-gain", "0.1", status=1)
    assert "the gain over the better half is unknown, required is 10.0 %" in text, text


def further_columns_are_used(folder):
    """Titles and values come from columns of the log; values that nobody asks for may be anything."""
    log = folder / "titled.csv"
    make_log(log, events=16, header="user,item,timestamp,rating,name",
             fields=lambda user, time: (f"u{user}", f"i{item_at(user, time)}", 1000 * user + 60 * time, "" if time == 3 else time % 4,
                                        f"Song {item_at(user, time)}"))
    arguments = ["--data", log, *FAST, "--no-halves"]
    text = run(folder / "titled", *arguments, "--title", "name")
    assert "480 events, " in text and len(re.findall(r" \d\. Song \d+\n", text)) == 15, text
    text = run(folder / "titled", *arguments, "--least-value", "2", status=1)
    assert re.search(r"titled\.csv:5:\d+: expected a finite number, got ''; without --least-value the column is not read\n$", text), text
    beside = folder / "beside.inter"
    lines = [line.split(",") for line in log.read_text(encoding="utf-8").splitlines()[1:]]
    beside.write_text("user_id:token\titem_id:token\ttimestamp:float\n" +
                      "".join("\t".join(line[:3]) + "\n" for line in lines), encoding="utf-8")
    table = folder / "beside.item"
    table.write_text("item_id:token\tname:token_seq\n" + "".join(f"i{item}\tBeside {item}\n" for item in range(80)), encoding="utf-8")
    arguments[1] = beside
    assert len(re.findall(r" \d\. Beside \d+\n", run(folder / "titled", *arguments))) == 15
    assert len(re.findall(r" \d\. item i\d+\n", run(folder / "titled", *arguments, "--no-names"))) == 15
    assert parts_of(folder / "titled/model.safetensors")[0]["no-names"] == "true"
    arguments[1] = log
    log.write_text(re.sub(r",,Song", ",3,Song", log.read_text(encoding="utf-8")), encoding="utf-8")
    assert "240 events, 30 users" in run(folder / "titled", *arguments, "--least-value", "2")


def empty_short_views_are_named(folder):
    """Where every event begins a session, the short view is empty: said, and explained."""
    log = folder / "daily.csv"
    make_log(log, fields=lambda user, time: (f"u{user}", f"i{item_at(user, time)}", 1_600_000_000 + 86400 * time))
    arguments = ["--data", log, *FAST, "--no-halves"]
    text = run(folder / "daily", *arguments)
    assert "The short view of 30 of 30 test users is empty: they begin a session, after a pause of 60 minutes; with --session-gap 0 " \
           "it holds their last steps, however old. " in words_of(text), text
    assert text.count("attention    none: this view has no step, the next one begins a session\n") == 3, text
    text = run(folder / "daily", *arguments, "--session-gap", "0")
    assert "is empty" not in text and len(re.findall(r"attention +\d+ %  item i\d+", text)) == 3, text


def views_without_steps_say_why(folder, log):
    """With everything in the short view and cut out of the long one, no session is what empties it."""
    text = run(folder / "cut", "--data", log, *FAST, "--no-halves", "--cut-out", "--short-steps", "0", "--session-gap", "0", "--long",
               "attention")
    assert words_of(text).count("long ago none: the short view has every step, and they are cut out of this one") == 3, text
    assert "begins a session" not in text, text


def sizes_follow_the_log(folder, log):
    """No option makes the model larger than the log can use."""
    arguments = ["--data", log, *FAST, "--no-halves", "--short", "transformer"]
    run(folder / "most", *arguments, "--short-steps", "0", "--session-gap", "0")
    most = tensors_of(folder / "most/model.safetensors")
    assert [12, 8] in most.values(), most  # a row for each step of the longest history
    most_of_all = "2147483647"
    run(folder / "huge", *[{"20": most_of_all}.get(word, word) for word in arguments], "--session-gap", "0",
        *[word for option in ("--short-steps", "--batch", "--patience") for word in (option, most_of_all)])
    assert tensors_of(folder / "huge/model.safetensors") == most
    run(folder / "few", *arguments, "--short-steps", "3")
    assert [3, 8] in tensors_of(folder / "few/model.safetensors").values()


def too_little_memory_is_said(folder, log):
    limit = lambda: resource.setrlimit(resource.RLIMIT_AS, (3 << 28, 3 << 28))
    start = lambda *arguments: subprocess.run([PROGRAM, *arguments], text=True, capture_output=True, preexec_fn=limit)
    if start("--help").returncode != 0:
        return  # sanitizers reserve more
    done = start("--data", log, "--out", folder / "memory", "--plain", "--no-halves", "--features", "4096", "--hidden", "4096")
    assert done.returncode == 1 and "long_short: there is not enough memory; on a given log --features, " in done.stderr, done.stderr


def the_format_is_said(folder):
    """What a file is taken for is said before anything comes of it; a title above a header makes no sequences of a table."""
    lines = folder / "lines.txt"
    lines.write_text("".join(f"u{user} " + " ".join(f"i{item_at(user, time)}" for time in range(12)) + "\n" for user in range(30)),
                     encoding="utf-8")
    text = run(folder / "said", "--data", lines, *FAST, "--no-halves")
    assert "It is taken for lines of 'user item item ...'.\n360 events, 30 users" in text, text
    titled = folder / "titled_table.csv"
    make_log(titled, 1, events=25, header="My export\nuser,item,timestamp", fields=lambda _, time: ("u", f"i{time}", time))
    text = run(folder / "said", "--data", titled, *FAST, status=1)
    assert text.endswith("titled_table.csv:2:1: this looks like a table, and 'My export' above it like no header: remove what stands "
                         "above the header\n"), text


def no_text_of_a_log_steers_the_terminal(folder):
    log = folder / "hostile.csv"
    make_log(log, 4, fields=lambda user, time: (f'"u\033[31m{user}\n"', f'"i\033[2J\u009b{item_at(user, time, 20)}é\x7f"',
                                                1000 * user + 60 * time))
    text = run(folder / "hostile", "--data", log, *FAST, "--no-halves")
    assert r"user u\x1b[31m0\x0a, 11 events" in words_of(text) and re.search(r"item i\\x1b\[2J\\xc2\\x9b\d+é\\x7f\n", text), text
    assert not set(text) & set("\x1b\x7f\u009b"), text
    with open(folder / "hostile/items.csv", newline="", encoding="utf-8") as file:
        assert "i\033[2J\u009b0é\x7f" in {item["key"] for item in csv.DictReader(file)}  # a file has them as they are


def repetitions_are_named(folder):
    """A target that the user had competes with unseen items only, in the table and in the explanation, or with all."""
    log = folder / "repeated.csv"
    make_log(log, 21, events=9, fields=lambda user, time: (f"u{user}", f"i{(user + time % 3) % 7}", 600 * time))
    arguments = ["--data", log, *FAST, "--no-halves"]
    text = run(folder / "repeated", *arguments)
    said = "21 of 21 test users chose an item that they had before; it competes with unseen items only, which is easy: " \
           "--keep-seen ranks all items."
    assert words_of(text).count(said) == 2, text  # before training, and below the table
    assert "seen items removed" in text and text.count("<- what came next") == 3, text  # four unseen ones beside it
    kept = run(folder / "kept", *arguments, "--keep-seen")
    assert "with --keep-seen it competes with all items" in words_of(kept) and "seen items kept" in kept, kept
    assert parts_of(folder / "kept/model.safetensors")[0]["keep-seen"] == "true"
    rows = [re.search(r"^popularity +([\d.]+) +([\d.]+)", some, re.M).groups() for some in (text, kept)]
    assert rows[0] != rows[1], rows


def long_names_are_cut(folder):
    """Keys and titles of any length leave no line wider than a terminal; a letter of several bytes stays whole."""
    log = folder / "long.csv"
    with open(log, "w", encoding="utf-8") as file:
        file.write("user,item,timestamp,name\n")
        for user in range(30):
            for time in range(12):
                item = (7 * user + 17 * time) % 80
                file.write(f"{'u' * 90}{user},i{item},{1000 * user + 60 * time},{item} {'ü' * (20 + item)} {'w' * item}\n")
    text = run(folder / "long", "--data", log, *FAST, "--no-halves", "--title", "name")
    titles = re.findall(r"^ +(?:recommended +)?\d\. (.*?)(?:   <- what came next)?$", text, re.M)
    assert len(titles) == 15 and any(title.endswith("ü...") for title in titles), text
    assert len(re.findall(r"^user u{37}\.\.\., 11 events, the last:", text, re.M)) == 3, text


def one_user_has_nobody_to_compare_with(folder):
    log = folder / "alone.csv"
    make_log(log, 1, fields=lambda _, time: ("u", f"i{time}", 60 * time))
    text = run(folder / "alone", "--data", log, *FAST, "--no-halves")
    assert "  interests    unknown: there is no other user to compare with\n" in text and "long-term" not in text.split("user u,")[1], text


def resumes_its_own_run_only(folder, log):
    out, arguments = folder / "again", ["--data", log, *FAST]
    checkpoints = lambda: sorted(path.name for path in out.glob("checkpoint-*"))
    assert "There is no checkpoint in " in words_of(run(out, *arguments, "--resume"))
    assert len(checkpoints()) == 3, checkpoints()
    assert "There is no checkpoint" not in words_of(run(out, *arguments, "--resume"))
    for changed, named in ((["--dropout", "0.2"], '--dropout: "0.1" in the run, "0.2" here'),
                           (["--loss", "bpr", "--keep-seen"], '--loss: "bce" in the run, "bpr" here; --keep-seen: "false" in the run, '
                                                              '"true" here'),
                           (["--rate", "0.5"], 'optimizer.rate: "0.006" in the run, "0.5" here'),
                           (["--positions", "separate"], '; --positions: "one-pass" in the run, "separate" here; --batch: "4"')):
        text = run(out, *arguments, *changed, "--resume", status=1)
        assert f": the run had other settings; without --resume a new run begins; " in text and named in text, text
    run(out, "--data", log, *TWICE, "--resume")  # longer is another end of the same run
    assert rows_and_epochs(out)[:2] == [("long + short", 1), ("long + short", 2)], rows_and_epochs(out)
    run(out, *arguments, "--no-halves")  # a new run leaves nothing of an older one that could be taken for its own
    assert checkpoints() == ["checkpoint-longshort.safetensors"], checkpoints()


def the_page_can_be_followed(folder):
    """The commands of README.md run, on small logs, and its Python reads what they write."""
    log = folder / "page.csv"
    make_log(log)
    page = (pathlib.Path(__file__).resolve().parents[2] / "examples/long_short/README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^    bash scripts/demo *([^#\n]*?) *(?:#.*)?$", page, re.MULTILINE)
    assert len(commands) >= 7, commands
    columns = ["customer", "article", "sold_at", "user", "item", "timestamp", "rating", "article_name"]
    events = [(user, item_at(user, time), 4, 1000 * user + 60 * time) for user in range(30) for time in range(12)]
    for name, separator, head in (("u.data", "\t", []), ("bare.txt", "\t", []), ("sales.csv", ",", [columns])):
        rows = [(u, i, t, u, i, t, r, f"article {i}") if head else (u, i, r, t) for u, i, r, t in events]
        (folder / name).write_text("".join(separator.join(map(str, row)) + "\n" for row in [*head, *rows]), encoding="utf-8")
    for count, command in enumerate(commands):
        words = [str(folder / word) if (folder / word).is_file() else word for word in shlex.split(command)]
        assert "--data" not in words or any(word.startswith(str(folder)) for word in words), command  # else: name the file above
        run(folder / f"page-{count}", *words, *FAST, *([] if "--data" in words else ["--data", log]))
    program = re.search(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL).group(1)
    python = os.environ.get("LONGSHORE_PYTHON", sys.executable)
    if subprocess.run([python, "-c", "import numpy, safetensors"], stderr=subprocess.DEVNULL, check=False).returncode != 0:
        return  # not everywhere: ours and Python's readers are compared in tests/programs
    said = subprocess.run([python, "-c", program], cwd=folder / "page-0", text=True, stdout=subprocess.PIPE, check=True).stdout
    assert re.fullmatch(r"lstm \[('i\d+'(, )?){5}\]\n", said), said


def interrupt_at(out, line_of, *arguments):
    """Sends Ctrl-C when a line like this comes; gives the lines after it."""
    with subprocess.Popen([PROGRAM, "--out", out, *arguments], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT) as process:
        for line in process.stdout:
            if re.search(line_of, line):
                process.send_signal(signal.SIGINT)
                break
        rest = process.stdout.read()
    assert process.returncode == 130, f"status {process.returncode}\n{rest}"
    return rest


def can_be_interrupted(folder):
    """Ctrl-C ends after the step with a checkpoint; resumed, it ends as a run that was never stopped, and counts on."""
    log = folder / "larger.csv"  # measured long enough after an epoch for a signal to come meanwhile
    make_log(log, 600, 800)
    arguments = ["--data", log, *TWICE, "--no-halves", "--every-epoch"]
    whole = run(folder / "never", *arguments)
    assert re.findall(r"test after epoch (\d+): .*", whole) == ["1", "2"], whole
    out = folder / "stopped"
    assert "Interrupted after" in interrupt_at(out, "epoch +1/2", *arguments)
    assert not (out / "model.safetensors").exists()
    assert rows_and_epochs(out) == [("long + short", 1)]
    # After the last step the model is there and the table is not; then it is made without training.
    resumed = interrupt_at(out, "epoch +2/2", *arguments, "--resume")
    assert "Interrupted after training; model.safetensors, items.csv and curves.csv are in " in words_of(resumed) and "MRR" not in resumed, resumed
    # What was being measured when the signal came is given up: the epoch is complete without.
    assert re.findall("test after epoch.*", resumed) == ["test after epoch 2: not measured, the run stops"], resumed
    assert rows_and_epochs(out) == rows_and_epochs(folder / "never") == [("long + short", 1), ("long + short", 2)]
    for name in ("model.safetensors", "items.csv"):
        assert (out / name).read_bytes() == (folder / "never" / name).read_bytes(), name
    table = run(out, *arguments, "--resume")
    row = "(?m)^long . short +[0-9.]+ +[0-9.]+ +[0-9.]+"
    assert "test after epoch" not in table and re.search(row, table).group() == re.search(row, whole).group(), table


def can_be_interrupted_while_it_reads(folder):
    """Ctrl-C ends the reading of a log that goes on and on; nothing is trained."""
    pipe = folder / "endless.csv"
    os.mkfifo(pipe)
    out = folder / "reading"
    with subprocess.Popen([PROGRAM, "--out", out, "--data", pipe, *FAST], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT) as process:
        with open(pipe, "w", encoding="utf-8") as file:
            try:
                file.write("user,item,timestamp\n" + "u,i,1\n" * 100_000)
                process.send_signal(signal.SIGINT)
                while True:
                    file.write("u,i,1\n" * 1000)
                    file.flush()
            except BrokenPipeError:
                os.dup2(os.open(os.devnull, os.O_WRONLY), file.fileno())  # what is left in the buffer
        said = process.stdout.read()
    assert process.returncode == 130 and said.endswith("Interrupted before training\n"), said
    assert not (out / "model.safetensors").exists()


def can_be_interrupted_while_it_measures(folder):
    """Ctrl-C ends a validation; the steps before it are on disk, and a resumed run begins with it."""
    log = folder / "wide.csv"  # measured for long
    make_log(log, 600, 3000)
    arguments = ["--data", log, *(word for word in FAST if word != "--plain"), "--no-halves"]
    run(folder / "unstopped", *arguments)
    out = folder / "validating"
    terminal, theirs = pty.openpty()
    with subprocess.Popen([PROGRAM, "--out", out, *arguments], stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        said = b""
        while True:
            try:
                some = os.read(terminal, 4096)
            except OSError:  # what the terminal says when nobody writes any more
                some = b""
            if not some:
                break
            if b"validating" not in said and b"validating" in said + some:
                process.send_signal(signal.SIGINT)
            said += some
    os.close(terminal)
    said = said.decode()
    assert process.returncode == 130, f"status {process.returncode}\n{said}"
    assert re.search(r"epoch +1/1 \[##########\] 100%  loss \d\.\d+  validating", said), said
    assert "NDCG@10 0." not in said and re.search(r"Interrupted after \d+ steps; --resume goes on from the checkpoint", said), said
    assert not (out / "curves.csv").exists() or rows_and_epochs(out) == [], "the epoch has no value yet"
    kept = parts_of(out / "checkpoint-longshort.safetensors")
    assert "position.integers" in kept[1], kept[1]
    position = [struct.unpack_from("<q", kept[2], kept[1]["position.integers"]["data_offsets"][0] + 8 * k)[0] for k in range(3)]
    assert position[0] == 0 and position[1] == position[2] > 0, position  # epochs, and all batches of the next one
    run(out, *arguments, "--resume")
    for name in ("model.safetensors", "items.csv"):
        assert (out / name).read_bytes() == (folder / "unstopped" / name).read_bytes(), name
    columns = [[line.split(",")[:6] for line in (place / "curves.csv").read_text(encoding="utf-8").splitlines()]
               for place in (out, folder / "unstopped")]
    assert columns[0] == columns[1], columns  # all but what the clock says


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    log = folder / "log.csv"
    make_log(log)
    writes_what_it_says(folder, log)
    factorizations_are_floors(folder, log)
    effects_are_measured(folder)
    every_block_works(folder, log)
    every_refusal_is_one_sentence()
    check_help_fits(PROGRAM)
    reads_every_form(folder)
    bad_input_has_a_cause(folder, log)
    check_lost_output_is_an_error(PROGRAM, "--out", folder / "lost", "--data", log, *FAST, "--no-halves")
    further_columns_are_used(folder)
    empty_short_views_are_named(folder)
    views_without_steps_say_why(folder, log)
    sizes_follow_the_log(folder, log)
    too_little_memory_is_said(folder, log)
    the_format_is_said(folder)
    no_text_of_a_log_steers_the_terminal(folder)
    repetitions_are_named(folder)
    long_names_are_cut(folder)
    one_user_has_nobody_to_compare_with(folder)
    resumes_its_own_run_only(folder, log)
    the_page_can_be_followed(folder)
    can_be_interrupted(folder)
    can_be_interrupted_while_it_reads(folder)
    can_be_interrupted_while_it_measures(folder)

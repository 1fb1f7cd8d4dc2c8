# SPDX-License-Identifier: Apache-2.0
"""The server trains, saves and loads its model, answers by its policies, alike with any number of threads.

usage: serve.py PROGRAM
"""
import collections
import csv
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from full_device import check_lost_output_is_an_error  # noqa: E402
from help_text import check_help_fits  # noqa: E402

PROGRAM = sys.argv[1]
os.environ.pop("OMP_PROC_BIND", None)  # as most terminals are: Kokkos would greet with advice about it


def call(*arguments, status=0, text="", threads="2"):
    done = subprocess.run([PROGRAM, *map(str, arguments)], input=text, text=True, capture_output=True, timeout=300,
                          env={**os.environ, "OMP_NUM_THREADS": threads})
    assert done.returncode == status, f"{arguments}: status {done.returncode}, expected {status}\n{done.stdout}{done.stderr}"
    return done


def table_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


class Store:
    """What lies in the folder of a model."""

    def __init__(self, folder):
        self.items = [row["key"] for row in table_of(folder / "items.csv")]
        self.histories = collections.defaultdict(list)
        for row in table_of(folder / "events.csv"):
            self.histories[row["user"]].append((int(row["timestamp"]), row["item"]))
        self.histories = {user: [item for _, item in sorted(events, key=lambda event: event[0])]
                          for user, events in self.histories.items()}
        counts = collections.Counter(item for history in self.histories.values() for item in history)
        self.popular = sorted(self.items, key=lambda item: (-counts[item], self.items.index(item)))
        self.counts = counts


def load_test(folder):
    """Without a model one is trained; its own requests are answered alike by one, two and three threads."""
    saved = folder / "model"
    options = ["--model", saved, "--users", 300, "--count", 400, "--threads", 3]
    for trains in (True, False):
        text = call(*options).stdout
        assert text.startswith("There is no model in ") == trains and ("epoch  4/4" in text) == trains, text
        assert ("Saved it: model.safetensors, items.csv, events.csv." in text) == trains, text
        assert "600 items, 300 users with " in text and "400 requests, " in text, text
        assert "  360 by the model, 40 by popularity" in text and "  80 items of histories are unknown" in text, text
        shares = re.findall(r"on (\d+\.\d) % (?:of the lists|if they)", text)
        assert len(shares) == 2 and float(shares[0]) > 1.2 * float(shares[1]) > 0, f"the model has learned:\n{text}"
        rows = re.findall(r"^ +(\d+) +(\d+) +([\d.]+) +([\d.]+) +([\d.]+) +([\d.]+)  (\w+)$", text, re.M)
        assert [row[0] for row in rows] == ["1", "2", "3"] and all(row[6] == "equal" for row in rows), text
        for row in rows:
            latencies = [float(number) for number in row[2:6]]
            assert int(row[1]) > 0 and latencies[-1] > 0 and latencies == sorted(latencies), row
        assert "All lists and scores equal those of one thread, bit for bit." in text, text
        if trains:
            text = text.split("\n", 1)[1]  # has the path of the folder
        assert all(len(line) <= 80 for line in text.splitlines() if str(folder) not in line), text
        before = before if not trains else (saved / "model.safetensors").read_bytes()
    assert (saved / "model.safetensors").read_bytes() == before, "the second run loads what the first one saved"
    return saved


def answers(folder, requests, *options, status=0):
    lines = "".join(json.dumps(request) + "\n" for request in requests)
    done = call("--model", folder, "--requests", "-", *options, text=lines, status=status)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == len(requests), done.stdout
    return found


def keys(answer):
    return [entry["item"] for entry in answer["items"]]


def policies(saved):
    store = Store(saved)
    user, history = next((user, items) for user, items in store.histories.items() if len(items) > 20)
    other = store.popular[300:320]
    (plain, by_number, given, strange, allowed, denied, three, few, none, all_seen, nobody, empty, seen, twice) = answers(saved, [
        {"user": user}, {"user": int(user)}, {"history": history}, {"history": ["what", *history[:5], "is", *history[5:]]},
        {"user": user, "allow": [*other, "unheard of", history[0]]}, {"user": user, "deny": store.popular[:50]},
        {"user": user, "top": 3}, {"user": user, "allow": other[:2], "top": 1000}, {"user": user, "allow": []},
        {"history": store.items}, {"user": "nobody"}, {}, {"history": [], "deny": store.popular[:3]},
        {"user": user, "deny": [store.popular[0], store.popular[0]], "history": [*history, history[-1]]}])
    scores = {entry["item"]: entry["score"] for entry in plain["items"]}
    assert plain["by"] == "model" and plain["user"] == user and len(scores) == 10 and "unknown_items" not in plain, plain
    assert list(scores.values()) == sorted(scores.values(), reverse=True) and not set(scores) & set(history), plain
    assert by_number == plain and given["items"] == plain["items"], "the key as a number, the history as given"
    assert plain["items"][0]["title"], plain
    assert strange["items"] == plain["items"] and strange["unknown_items"] == 2, strange
    left = set(other) - set(history)
    assert set(keys(allowed)) <= left and len(keys(allowed)) == 10 and allowed["unknown_items"] == 1, allowed
    assert not set(keys(denied)) & {*store.popular[:50], *history} and len(keys(denied)) == 10, denied
    everything = {entry["item"]: entry["score"] for entry in answers(saved, [{"user": user, "top": 1000}])[0]["items"]}
    assert set(everything) == set(store.items) - set(history), "all that was not seen"
    for answer in (plain, allowed, denied):
        assert all(everything[entry["item"]] == entry["score"] for entry in answer["items"]), "a score is that of the item"
    assert keys(allowed) == sorted(left, key=lambda item: -everything[item])[:10], allowed
    assert three["items"] == plain["items"][:3] and len(few["items"]) == len(set(other[:2]) - set(history)), (three, few)
    assert none["items"] == [] and all_seen["items"] == [] and all_seen["by"] == "model", (none, all_seen)
    for answer, listed in ((nobody, store.popular[:10]), (empty, store.popular[:10]), (seen, store.popular[3:13])):
        assert answer["by"] == "popularity" and keys(answer) == listed, answer
        assert [entry["score"] for entry in answer["items"]] == [store.counts[item] for item in listed], answer
    assert nobody["unknown_user"] and "unknown_user" not in empty and "unknown_user" not in plain
    assert twice["by"] == "model" and twice["items"] and store.popular[0] not in keys(twice), twice


def threads_change_nothing(folder, saved):
    store = Store(saved)
    users = list(store.histories)
    requests = [{"user": user, "deny": store.items[k % 9::9]} if k % 3 else {"history": store.items[k:k + k % 60]}
                for k, user in enumerate(users[:120])]
    (folder / "requests").write_text("\n\n".join(map(json.dumps, requests)), encoding="utf-8")
    texts = {call("--model", saved, "--requests", folder / "requests", "--threads", count, threads=str(count)).stdout
             for count in (1, 2, 4, 4)}
    assert len(texts) == 1 and len(texts.pop().splitlines()) == 120
    # Each answer comes as soon as its request is there.
    with subprocess.Popen([PROGRAM, "--model", saved, "--requests", "-", "--threads", "2"], text=True, bufsize=1,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as program:
        for request in requests[:5]:
            program.stdin.write(json.dumps(request) + "\n")
            assert json.loads(program.stdout.readline())["items"], request
        program.stdin.close()
        assert program.stdout.read() == "" and program.wait(60) == 0


def what_is_no_request_is_said(saved):
    bad = {
        "seven": 'line 2: expected a request, such as {"user": "7", "top": 10}, got ',
        "[1, 2]": "line 3: expected a request",
        '{"usr": "7"}': "line 4: expected user, history, allow, deny or top, got a field ",
        '{"user": 7.5}': "line 5: user: expected texts or whole numbers, got ",
        '{"history": "7"}': "line 6: history: expected a list, got ",
        '{"deny": [null]}': "line 7: deny: expected texts or whole numbers, got ",
        '{"top": 0}': "line 8: top: expected a whole number from 1 to 1000, got ",
        '{"top": 99999999999999999999}': "line 9: top: expected a whole number",
        '{"user": "7"': "line 10: expected a request",
        "[" * 5000: "line 11: expected a request",
        '{"user": "\x1b[2J\x01"}': "line 12: expected a request",
    }
    lines = "\n".join(['{"top": 1}', *bad, '{"top": 2}'])
    done = call("--model", saved, "--requests", "-", text=lines, status=1)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == len(bad) + 2 and len(found[0]["items"]) == 1 and len(found[-1]["items"]) == 2, done.stdout
    for answer, (line, sentence) in zip(found[1:-1], bad.items(), strict=True):
        assert answer["error"].startswith(sentence) and len(answer["error"]) < 300, f"{line[:80]}: {answer}"
    assert done.stderr.endswith(f"serve: {len(bad)} lines were no requests; their answers say why\n"), done.stderr
    odd = subprocess.run([PROGRAM, "--model", saved, "--requests", "-"], input=b'{"user": "\xff\xfe"}\n', capture_output=True)
    assert odd.returncode == 1 and "error" in json.loads(odd.stdout), odd


def events_grow(folder, saved):
    """Users and items that came after the training: a user is served, an item is left out and counted."""
    grown = folder / "grown"
    shutil.copytree(saved, grown)
    items = Store(saved).items[5:9]
    with open(grown / "events.csv", "a", encoding="utf-8") as file:
        for time, item in enumerate(["latest thing", *items]):
            file.write(f"newcomer,{item},{1_900_000_000 + time}\n")
    before, = answers(saved, [{"user": "newcomer", "history": items}])
    after, = answers(grown, [{"user": "newcomer"}])
    assert after["items"] == before["items"] and after["unknown_items"] == 1 and "unknown_user" not in after, after
    assert before["unknown_user"] and "unknown_items" not in before, before


def a_log_of_ones_own(folder):
    """Trained twice, with one and with two threads, it is the same, bit for bit."""
    with open(folder / "log.csv", "w", encoding="utf-8") as file:
        file.write("user,item,timestamp\n")
        for user in range(30):
            for time in range(8):
                file.write(f"u{user},\"i,{(7 * user + 17 * time) % 40}\",{1000 * user + 60 * time}\n")
    written = []
    for threads in ("1", "2"):
        out = folder / f"own{threads}"
        text = call("--model", out, "--data", folder / "log.csv", "--count", 50, "--threads", 2, threads=threads).stdout
        assert "30 users, 40 items" in text and text.count(" equal\n") == 2, text
        written.append([(out / name).read_bytes() for name in ("model.safetensors", "items.csv", "events.csv")])
    assert written[0] == written[1]
    answer, = answers(folder / "own1", [{"user": "u3"}])
    assert len(answer["items"]) == 10 and all(re.fullmatch(r"i,\d+", key) for key in keys(answer)), answer
    assert "title" not in answer["items"][0], answer


def refuses(folder, saved):
    def broken(name, change):
        shutil.rmtree(folder / "broken", ignore_errors=True)
        shutil.copytree(saved, folder / "broken")
        path = folder / "broken" / name
        path.write_bytes(change(path.read_bytes()))
        return ["--model", folder / "broken"]

    lines = (saved / "items.csv").read_bytes().splitlines(keepends=True)
    for arguments, sentence in (
            (["--model", saved, "--requests", folder / "absent"], "--requests: "),
            (["--model", saved, "--data", "log.csv"], "--data: there is a model in "),
            (["--model", folder / "none", "--data", folder / "absent"], "No such file or directory"),
            (["--model", saved, "--threads", 0], "--threads"),
            (["--model", saved, "--count", "many"], "--count"),
            (["--modle", saved], "--modle"),
            (lambda: broken("model.safetensors", lambda data: data[:-8]), "model.safetensors: byte "),
            (lambda: broken("model.safetensors", lambda data: data[:-8] + bytes(8)), "model.safetensors"),
            (lambda: broken("model.safetensors", lambda data: data.replace(b'"features":"32"', b'"features":"3x"')), "model.safetensors"),
            (lambda: broken("items.csv", lambda _: b"".join(lines[:-1])), "misshaped: items.weights (file (600, 32), model (599, 32))"),
            (lambda: broken("items.csv", lambda _: b"".join(lines[:3] + lines[4:])), "expected the row 2"),
            (lambda: broken("items.csv", lambda _: b"".join(lines[1:])), "expected the columns row, key and title"),
            (lambda: broken("items.csv", lambda _: lines[0] + b"0,a,x\n1,a,y\n"), "this key has another row already"),
            (lambda: broken("items.csv", lambda _: lines[0]), "there are no items"),
            (lambda: broken("items.csv", lambda _: b""), "the file is empty"),
            (lambda: broken("events.csv", lambda data: data + b"u,v\n"), "events.csv")):
        done = call(*(arguments() if callable(arguments) else arguments), status=1)
        assert sentence in done.stderr and len(done.stderr.strip().splitlines()) <= 2, f"{sentence}: {done.stderr}"
    (folder / "broken" / "events.csv").unlink()
    assert "No such file or directory" in call("--model", folder / "broken", status=1).stderr


with tempfile.TemporaryDirectory() as name:
    place = pathlib.Path(name)
    model = load_test(place)
    policies(model)
    threads_change_nothing(place, model)
    what_is_no_request_is_said(model)
    events_grow(place, model)
    a_log_of_ones_own(place)
    check_help_fits(PROGRAM)
    check_lost_output_is_an_error(PROGRAM, "--model", model, "--count", 10)
    refuses(place, model)

# SPDX-License-Identifier: Apache-2.0
"""The program that the README shows: it compiles, trains, compares and saves.

usage: readme.py PROGRAM
"""
import pathlib
import re
import subprocess
import sys
import tempfile

with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    rows = ["user,item,timestamp"]
    rows += [f"u{user},i{(7 * user + 17 * time) % 40},{1000 * user + 60 * time}" for user in range(20) for time in range(8)]
    (folder / "log.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    done = subprocess.run([sys.argv[1], "log.csv"], cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout
    for row in ("items.weights", "epoch  1/20", "long + short", "popularity", "markov", "item-knn"):
        assert re.search(rf"^{re.escape(row)} ", done.stdout, re.M), f"no '{row}' in\n{done.stdout}"
    assert (folder / "model.safetensors").stat().st_size > 40 * 64 * 4
    for arguments, said in (([], "give one file: a log of users, items and times\n"),
                            (["absent.csv"], "read_log: absent.csv cannot be opened: No such file or directory\n")):
        done = subprocess.run([sys.argv[1], *arguments], cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert done.returncode == 1 and done.stderr.endswith(said), (done.returncode, done.stderr)

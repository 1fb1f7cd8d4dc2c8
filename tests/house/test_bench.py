# SPDX-License-Identifier: Apache-2.0
"""How scripts/bench drives its two sides and what it prints and writes of them, with sides that answer as they are told."""
import contextlib
import io
import json
import os
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

try:
    import numpy  # noqa: F401
    import safetensors  # noqa: F401
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts/lib"))
import bench  # noqa: E402

OURS = '''#!{python}
import json, os, sys
import numpy
from safetensors.numpy import load_file, save_file
told = json.loads({told!r})
case, turn = None, 0
for line in sys.stdin:
    command, *words = line.split()
    if command == "peak":
        said = "100 200 10"
    elif command == "prepare":
        case, turn = told[words[0]], 0
        if case.get("dies"):
            sys.exit(1)
        x = load_file(words[1])["x"]
        save_file({{case.get("array", "y"): (2 * x * (1 + case["error"])).astype(numpy.float32)}}, words[2])
        said = ""
    elif command == "memory":
        said = "5 200"
    else:
        said = " ".join(map(str, case["times"][min(turn, len(case["times"]) - 1)]))
        turn += 1
    print("ok " + said, flush=True)
'''
PEER = '''
import json, os, sys
import numpy
from safetensors.numpy import save_file
cases = json.loads({cases!r})
for line in sys.stdin:
    command, *words = line.split()
    if command == "list":
        said = json.dumps([{{"name": c["name"], "size": "4", "ours": c["name"], "missing": c["missing"]}} for c in cases])
    elif command == "versions":
        said = "Peer 1.0 with " + os.environ["OMP_NUM_THREADS"]
    elif command == "prepare":
        case, x = cases[int(words[0])], numpy.arange(4.0)
        save_file({{"x": x}}, words[1])
        save_file({{"y": 2 * x}}, words[2])
        said = json.dumps(case)
    else:
        said = " ".join(map(str, case["peer_times"][words[0]]))
    print("ok " + said, flush=True)
'''


def case(name, goals=(None, None), times=((1.0, 1.0),), error=0, ways=None, missing="", memory=None, flops=2e8, **told):
    """What both sides are told of a case."""
    return {"name": name, "missing": missing, "ways": list(ways or {"eager": (3.0, 3.0)}), "runs": 1, "tolerance": 1e-5,
            "tolerances": {}, "least": 1, "rounds": 3, "shares": (1, 1), "goals": goals, "flops": flops, "bytes": 1e6,
            "memory": memory, "peer_times": ways or {"eager": (3.0, 3.0)}, "told": {"times": times, "error": error, **told}}


class Bench(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.page, self.json = self.folder / "page.md", self.folder / "rows.json"
        self.page.write_text("before\n<!-- measured by scripts/bench -->\nold\n<!-- end of what was measured -->\nafter\n",
                             encoding="utf-8")

    def run_bench(self, cases, *options):
        """What it prints, and what it ends with."""
        ours = self.folder / "ours"
        ours.write_text(OURS.format(python=sys.executable, told=json.dumps({c["name"]: c["told"] for c in cases})), encoding="utf-8")
        ours.chmod(0o755)
        (self.folder / "serve.py").write_text(PEER.format(cases=json.dumps(cases)), encoding="utf-8")
        words = ["bench", str(ours), str(self.folder), sys.executable, str(self.folder / "out"), "--page", str(self.page),
                 "--json", str(self.json), *options]
        with contextlib.redirect_stdout(io.StringIO()) as printed, mock.patch.object(sys, "argv", words):
            try:
                bench.main()
                ended = None
            except SystemExit as stop:
                ended = stop.code
        lines = self.json.read_text(encoding="utf-8").split("\n") if self.json.exists() else []
        self.rows = [json.loads(line) for line in lines if line]
        return printed.getvalue(), ended

    def test_the_fastest_way_of_the_peer_counts_and_the_goal_of_the_threads(self):
        ways = {"eager": (4.0, 4.0), "compiled": (3.0, 3.0)}
        text, ended = self.run_bench([case("fast", (2, 4), ways=ways)])
        self.assertIsNone(ended)
        lines = [line for line in text.split("\n") if line.startswith("fast ")]
        self.assertEqual([line.split()[1:8] for line in lines],
                         [["4", threads, "1.000", "3.000", "compiled", "3.00", "(3.00-3.00)"] for threads in "12"])
        self.assertEqual([line.endswith("below") for line in lines], [False, True])
        self.assertIn("200.0 GF/s   200 %", lines[0])  # 2e8 operations in 1 ms, where 100 GF/s and 10 GB/s are the peak
        self.assertEqual([(row["impl"], row["threads"], row["median_ms"], row["goal"], row["n"]) for row in self.rows],
                         [("longshore", 1, 1, 2, 6), ("compiled", 1, 3, 2, 6), ("longshore", 2, 1, 4, 6), ("compiled", 2, 3, 4, 6)])
        page = self.page.read_text(encoding="utf-8")
        self.assertTrue(page.startswith("before\n<!-- measured") and page.endswith("measured -->\nafter\n") and "old" not in page, page)
        self.assertIn("| fast | 4 | 1 | 3 (compiled) | **3.00** (3.00-3.00) | 2 | 200.0 GF/s | 200 % |", page)
        self.assertIn("| fast | 4 | 1 | 3 (compiled) | 3.00 (3.00-3.00) | 4 |", page)
        self.assertIn("2 threads: 100 GF/s, L2 200 GB/s, memory 10 GB/s; Peer 1.0 with 2\n", page)

    def test_results_that_differ_fail_and_the_others_are_measured(self):
        for wrong, said in ((case("wrong", error=2e-5), "results differ: y, relative error 2e-05, 1e-05 is allowed"),
                            (case("wrong", error=float("nan")), "results differ: y, relative error inf"),
                            (case("wrong", array="z"), "one side alone has y, z"),
                            (case("wrong", dies=True), "ended; see ")):
            text, ended = self.run_bench([wrong, case("right")], "--threads", "1")
            self.assertEqual(ended, "1 of the cases failed")
            self.assertRegex(text, "FAILED: .*" + said)
            self.assertIn("| wrong | 4 | failed: ", self.page.read_text(encoding="utf-8"))
            self.assertEqual({row["case"] for row in self.rows}, {"right"})

    def test_a_noisy_case_is_measured_again_and_then_said_to_be_noisy(self):
        calm, noisy = (1.0, 1.0), (1.0, 2.0)
        text, _ = self.run_bench([case("settles", times=[noisy] * 3 + [calm]), case("never", times=[noisy])], "--threads", "1")
        rows = {line.split()[0]: line for line in text.split("\n") if line.startswith(("settles", "never"))}
        self.assertNotIn("noisy", rows["settles"])
        self.assertIn("noisy", rows["never"])
        self.assertIn(", noisy) |", self.page.read_text(encoding="utf-8"))
        text, _ = self.run_bench([case("settles", times=[noisy] * 3 + [calm])], "--threads", "1", "--quick")
        self.assertIn("noisy", text)  # one attempt

    def test_what_is_missing_or_filtered_out_is_not_run(self):
        text, ended = self.run_bench([case("one"), case("two"), case("three", missing="no such library")], "--threads", "1",
                                     "--filter", "T")
        self.assertIsNone(ended)
        self.assertNotIn("one", text)
        self.assertIn("skipped: no such library", text)
        self.assertEqual({row["case"] for row in self.rows}, {"two"})

    def test_memory_beside_what_is_worked_on_stands_below_the_table(self):
        self.run_bench([case("lean", memory=10)], "--threads", "1")
        self.assertIn("at most 10 % is wanted: lean (4) 2.5 %.\n", self.page.read_text(encoding="utf-8"))
        self.run_bench([case("fat", memory=1)], "--threads", "1")
        self.assertIn("fat (4) 2.5 %, **above**.\n", self.page.read_text(encoding="utf-8"))
        self.assertEqual([row["memory_percent"] for row in self.rows], [2.5, 2.5])

    def test_bytes_are_the_rate_where_there_are_no_operations(self):
        text, _ = self.run_bench([case("copy", flops=0)], "--threads", "1")
        self.assertIn("1.0 GB/s    10 %", text)

    def test_a_page_without_its_marks_is_refused_before_anything_is_measured(self):
        self.page.write_text("a page\n", encoding="utf-8")
        text, ended = self.run_bench([case("one")], "--threads", "1")
        self.assertEqual((text, self.page.read_text(encoding="utf-8")), ("", "a page\n"))
        self.assertIn("has no lines <!-- measured by scripts/bench -->", ended)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    unittest.main()

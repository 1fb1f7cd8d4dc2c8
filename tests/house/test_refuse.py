# SPDX-License-Identifier: Apache-2.0
"""The runner of tests/refuse: accepts the right refusal, and nothing else."""
import json
import pathlib
import shlex
import subprocess
import sys
import tempfile
import unittest

RUNNER = pathlib.Path(__file__).resolve().parents[1] / "support/refuse.py"
SOURCE = """// expects: {sentence}
#ifdef LONGSHORE_CONTROL
constexpr bool good = true;
#else
constexpr bool good = {refused};
#endif
static_assert(good, "One vector per row is wanted: pool them first.");
"""


class Refuse(unittest.TestCase):
    def run_on(self, text, definition="-DLONGSHORE_CONTROL"):
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder) / "a.cpp"
            source.write_text(text, encoding="utf-8")
            commands = pathlib.Path(folder) / "compile_commands.json"
            commands.write_text(json.dumps([{"directory": folder, "file": str(source),
                                             "command": f"c++ -std=c++20 {definition} -o a.o -c {shlex.quote(str(source))}"}]), encoding="utf-8")
            result = subprocess.run([sys.executable, RUNNER, commands, source], capture_output=True, text=True, check=False)
        return result.returncode, result.stdout + result.stderr

    def test_the_right_sentence_passes(self):
        status, text = self.run_on(SOURCE.format(sentence="One vector per row is wanted", refused="false"))
        self.assertEqual(status, 0, text)

    def test_another_reason_fails_and_is_shown(self):
        status, text = self.run_on(SOURCE.format(sentence="Two vectors are wanted", refused="false"))
        self.assertEqual(status, 1)
        self.assertIn("is refused, but not with: Two vectors are wanted", text)
        self.assertIn("pool them first", text)

    def test_what_compiles_fails(self):
        status, text = self.run_on(SOURCE.format(sentence="One vector per row is wanted", refused="true"))
        self.assertEqual(status, 1)
        self.assertIn("compiles, but must be refused with: One vector per row is wanted", text)

    def test_a_file_without_expectation_or_control_fails(self):
        self.assertIn("the first line must be", self.run_on("int x = ;\n")[1])
        self.assertIn("does not define LONGSHORE_CONTROL",
                      self.run_on(SOURCE.format(sentence="One vector per row", refused="false"), definition="")[1])

    def test_the_compilers_own_words_are_no_expectation(self):
        for sentence in ("no match", "no matching function for call to it", "use of deleted function", "call is ambiguous here now",
                         "constraints not satisfied", "One vector"):
            status, text = self.run_on(SOURCE.format(sentence=sentence, refused="false"))
            self.assertEqual(status, 1, sentence)
            self.assertIn(f"'{sentence}' is none", text)

    def test_every_mistake_is_refused_not_only_the_first(self):
        text = ("// expects: pass a whole number of steps\nvoid take(int);\nvoid take(...) = delete;  // pass a whole number of steps\n"
                "struct Other {};\nvoid mistakes() {\n#ifndef LONGSHORE_CONTROL\n  take(Other{});\n  take(\n      {second});\n#endif\n}\n")
        self.assertEqual(self.run_on(text.replace("{second}", "Other{}"))[0], 0)
        status, output = self.run_on(text.replace("{second}", "2"))
        self.assertEqual(status, 1)
        self.assertIn("a.cpp:8: is not refused", output)


if __name__ == "__main__":
    unittest.main()

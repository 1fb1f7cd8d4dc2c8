# SPDX-License-Identifier: Apache-2.0
"""What reads the consumers back, and what looks for their sentences, can fail."""
import array
import contextlib
import io
import json
import math
import pathlib
import tempfile
import unittest

import consume
import read_back

SAID = "longshore 0.1.0 on Serial: loss 0.69 to 0.25\n"


def found(number, names=read_back.SHAPES):
    return {name: (read_back.SHAPES[name], array.array("f", [number] * math.prod(read_back.SHAPES[name]))) for name in names}


class ReadBack(unittest.TestCase):
    def complaints(self, before, after, text=SAID):
        return list(read_back.complaints(before, after, text))

    def test_what_trained_passes(self):
        self.assertEqual(self.complaints(found(0.5), found(0.25)), [])

    def test_tensors_that_stay_are_named(self):
        after = found(0.25) | found(0.5, ["fuse.logits"])
        self.assertEqual(self.complaints(found(0.5), after), ["fuse.logits did not move"])

    def test_numbers_that_are_none_are_named(self):
        self.assertIn("items.weights is not finite after the training",
                      self.complaints(found(0.5), found(0.25) | found(math.nan, ["items.weights"])))

    def test_tensors_that_are_missing_are_shown(self):
        after = found(0.25, ["items.weights"])
        self.assertRegex(self.complaints(found(0.5), after)[0], "^after the training the file holds {'items.weights': ")

    def test_a_loss_that_does_not_fall_is_shown(self):
        for said, sentence in ((SAID.replace("0.25", "0.68"), "the loss did not fall"), ("Segmentation fault", "it printed"),
                               (SAID.replace("0.25", "nan"), "it printed")):
            self.assertIn(sentence, self.complaints(found(0.5), found(0.25), said)[0])

    def test_files_are_read_byte_by_byte(self):
        header = json.dumps({"a": {"dtype": "F32", "shape": [2, 1], "data_offsets": [0, 8]}, "__metadata__": {"x": "y"}}).encode()
        data = len(header).to_bytes(8, "little") + header + array.array("f", [1, -2]).tobytes()
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "a.safetensors"
            file.write_bytes(data)
            self.assertEqual(read_back.tensors(file), {"a": ([2, 1], array.array("f", [1, -2]))})
            file.write_bytes(data[:-4])
            with self.assertRaisesRegex(SystemExit, "a has 1 numbers for the shape"):
                read_back.tensors(file)


class Consume(unittest.TestCase):
    def test_the_readme_has_one_command(self):
        with tempfile.TemporaryDirectory() as folder:
            readme = pathlib.Path(folder) / "README.md"
            readme.write_text("```bash\ng++ a.cpp \\\n  -o a\n```\n", encoding="utf-8")
            self.assertEqual(consume.printed_command(readme).split(), ["g++", "a.cpp", "-o", "a"])
            for text in ("none", "```bash\ng++ a.cpp\ng++ b.cpp\n```\n"):
                readme.write_text(text, encoding="utf-8")
                with self.assertRaisesRegex(SystemExit, "command lines that begin with g"):
                    consume.printed_command(readme)

    def test_a_page_is_no_sentence(self):
        consume.expect_sentence("C++20 is needed", "a.hpp:1: error: C++20\n   is needed\n")
        for output, complaint in (("error: no such type", "refused, but not with: C"),
                                  ("error: C++20 is needed\n" + 4 * "error: no such type\n", "5 errors beside the sentence")):
            with self.assertRaisesRegex(SystemExit, complaint):
                consume.expect_sentence("C++20 is needed", output)

    def test_commands_must_end_as_expected(self):
        with contextlib.redirect_stdout(io.StringIO()):
            self.assertEqual(consume.run("sh", "-c", "echo yes"), "yes\n")
            for command, fails in (("exit 3", False), ("exit 0", True)):
                with self.assertRaisesRegex(SystemExit, "^status [03] of sh -c"):
                    consume.run("sh", "-c", command, fails=fails)


if __name__ == "__main__":
    unittest.main()

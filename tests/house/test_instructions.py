# SPDX-License-Identifier: Apache-2.0
"""The counts of hot kernels: what is said where they grew, shrank, or are not those of the record."""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "instructions"))
import counts

RECORDED = {"gru": 1000, "lstm": 2000}


class Counts(unittest.TestCase):
    def complaints(self, recorded, found):
        return list(counts.complaints(recorded, found, "COMMAND"))

    def test_a_kernel_may_take_five_percent_more_and_no_more(self):
        self.assertEqual(self.complaints(RECORDED, {"gru": 1050, "lstm": 1}), [])
        self.assertEqual(self.complaints(RECORDED, {"gru": 1051, "lstm": 2000}),
                         ["gru: 1,051 instructions, 5.1% more than the 1,000 of counts.csv, where 5% are allowed; if that is meant, "
                          "record it with COMMAND"])

    def test_the_record_has_the_kernels_that_are_counted_and_no_others(self):
        self.assertEqual(self.complaints({"gru": 1000}, RECORDED),
                         ["lstm: 2,000 instructions are not in counts.csv; record them with COMMAND"])
        self.assertEqual(self.complaints(RECORDED, {"gru": 1000}),
                         ["lstm: counts.csv has it, but it is not counted any more; record without it with COMMAND"])

    def test_a_kernel_that_takes_much_less_is_named(self):
        self.assertEqual(list(counts.remarks(RECORDED, {"gru": 950, "lstm": 2100}, "COMMAND")), [])
        self.assertEqual(list(counts.remarks(RECORDED, {"gru": 949, "lstm": 2000}, "COMMAND")),
                         ["gru: 949 instructions, 5.1% fewer than the 1,000 of counts.csv; record it with COMMAND"])

    def test_the_record_is_read_as_it_was_written(self):
        record = {("g++ 12", "lstm"): 2, ("g++ 13", "lstm"): 3, ("g++ 12", "gru"): 1}
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "counts.csv"
            counts.write(path, record)
            self.assertEqual(counts.read(path), record)
            self.assertEqual(path.read_text(encoding="utf-8").splitlines()[1], "g++ 12,gru,1")

    def test_the_record_of_this_repository_has_five_kernels_of_each_compiler(self):
        record = counts.read(counts.RECORD)
        self.assertTrue(record)
        for compiler in {compiler for compiler, _ in record}:
            self.assertEqual(len([kernel for its, kernel in record if its == compiler]), 5, compiler)


if __name__ == "__main__":
    unittest.main(verbosity=1)

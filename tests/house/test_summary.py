# SPDX-License-Identifier: Apache-2.0
"""The closing lines of scripts/test: what ctest reported is added up, and no failure is lost."""
import pathlib
import subprocess
import sys
import tempfile
import unittest
import xml.sax.saxutils

SUMMARY = pathlib.Path(__file__).resolve().parents[2] / "scripts/lib/summary.py"


def case(name, output="", status="run", inner=""):
    return f'<testcase name="{name}" time="1.5" status="{status}">{inner}' \
           f"<system-out>{xml.sax.saxutils.escape(output)}</system-out></testcase>"


def doctest(passed, failed, skipped=0):
    return f"CHECK( x == y ) is NOT correct!\n[doctest] test cases: {passed + failed:3} | {passed:3} passed | " \
           f"{failed} failed | {skipped} skipped\n"


class Summary(unittest.TestCase):
    def run_on(self, *cases):
        with tempfile.TemporaryDirectory() as folder:
            report = pathlib.Path(folder) / "report.xml"
            report.write_text(f'<testsuite tests="{len(cases)}">{"".join(cases)}</testsuite>', encoding="utf-8")
            result = subprocess.run([sys.executable, SUMMARY, f"g++={report}"], capture_output=True, text=True, check=False)
        return result.returncode, result.stdout.rstrip("\n").split("\n")

    def test_cases_are_counted_once_for_all_numbers_of_threads(self):
        status, lines = self.run_on(*(case(f"core.threads_{threads}", doctest(20, 0, 3)) for threads in (1, 2, 4)),
                                    case("house.checks", "Ran 7 tests in 0.1s\n\nOK\n"), case("refuse.a"))
        self.assertEqual((status, lines[-1]), (0, "28 passed, 0 failed, 0 skipped"))
        self.assertEqual([line.split() for line in lines if line.startswith("  core")], [["core", "20", "0", "0", "3", "4.5"]])

    def test_what_the_slow_run_has_is_not_left_out(self):
        lines = self.run_on(case("core.threads_1", doctest(20, 0, 3)), case("core.slow", doctest(2, 0, 20)))[1]
        self.assertEqual([line.split() for line in lines if line.startswith("  core")], [["core", "22", "0", "0", "1", "3.0"]])

    def test_a_case_that_fails_with_one_number_of_threads_has_failed(self):
        status, lines = self.run_on(case("core.threads_1", doctest(20, 0)), case("core.threads_4", doctest(18, 2), "fail"))
        self.assertEqual((status, lines[-1]), (1, "18 passed, 2 failed, 0 skipped"))
        self.assertIn("-- core.threads_4 failed (g++)", lines)
        self.assertIn("CHECK( x == y ) is NOT correct!", lines)

    def test_a_program_that_crashes_is_a_failure_whatever_it_printed(self):
        self.assertEqual(self.run_on(case("core.threads_1", "segmentation fault", "fail"))[1][-1], "0 passed, 1 failed, 0 skipped")
        self.assertEqual(self.run_on(case("core.threads_1", doctest(5, 0), "fail"))[1][-1], "5 passed, 1 failed, 0 skipped")

    def test_what_could_not_run_has_failed_and_what_was_skipped_has_not(self):
        self.assertEqual(self.run_on(case("a.b"), case("a.c", status="notrun"))[1][-1], "1 passed, 1 failed, 0 skipped")
        lines = self.run_on(case("a.b"), case("a.c", "some output\nskipped: there is no torch\n", status="notrun",
                                              inner='<skipped message="SKIP_RETURN_CODE=77"/>'))[1]
        self.assertEqual(lines[-2:], ["skipped (g++): a.c: there is no torch", "1 passed, 0 failed, 1 skipped"])

    def test_tests_that_a_unittest_skips_are_no_passed_ones(self):
        lines = self.run_on(case("a.b", "..s\nRan 26 tests in 0.1s\n\nOK (skipped=3)\n"))[1]
        self.assertEqual(lines[-2:], ["skipped (g++): a.b: 3 of its tests", "23 passed, 0 failed, 3 skipped"])

    def test_nothing_run_is_a_failure(self):
        self.assertEqual(self.run_on()[0], 1)


if __name__ == "__main__":
    unittest.main()

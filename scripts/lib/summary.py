# SPDX-License-Identifier: Apache-2.0
"""Adds up the reports of ctest: a table of suites, and as the last line `N passed, N failed`.

    summary.py TITLE=REPORT.xml...      status 1 if anything failed, or if nothing ran

A doctest program counts its cases; one that ran with several numbers of threads counts each case once, and a case that
failed with any of them has failed. A Python unittest counts its tests; every other test is one.
"""
import re
import sys
import xml.etree.ElementTree

DOCTEST = re.compile(r"\[doctest\] test cases:\s*(\d+) \|\s*(\d+) passed \|\s*(\d+) failed \|\s*(\d+) skipped")
UNITTEST = re.compile(r"^Ran (\d+) tests? in ", re.MULTILINE)


def counts(case):
    """(passed, failed, skipped) of one test of ctest."""
    output = case.findtext("system-out") or ""
    ran_well = case.get("status") == "run"
    doctest = DOCTEST.findall(output)
    if doctest:
        passed, failed, skipped = (sum(int(run[i]) for run in doctest) for i in (1, 2, 3))
        if not ran_well and failed == 0:
            failed = 1  # it ended badly after its cases
        return passed, failed, skipped
    if case.get("status") in ("notrun", "disabled"):
        return (0, 0, 1) if case.find("skipped") is not None else (0, 1, 0)
    unittest = UNITTEST.search(output)
    number = int(unittest.group(1)) if unittest and ran_well else 1
    return (number, 0, 0) if ran_well else (0, 1, 0)


def suites(report):
    """{suite: {test: (passed, failed, skipped, seconds)}}; a test's runs with other numbers of threads are merged."""
    result = {}
    for case in xml.etree.ElementTree.parse(report).getroot().iter("testcase"):
        name = re.sub(r"\.threads_\d+$", "", case.get("name"))
        passed, failed, skipped = counts(case)
        tests = result.setdefault(name.split(".")[0], {})
        before = tests.get(name, (passed, failed, skipped, 0.0))
        tests[name] = (min(before[0], passed), max(before[1], failed), max(before[2], skipped),
                       before[3] + float(case.get("time", 0)))
    return result


def failures(report):
    for case in xml.etree.ElementTree.parse(report).getroot().iter("testcase"):
        if counts(case)[1]:
            yield case.get("name"), (case.findtext("system-out") or case.get("status")).strip()


def main():
    reports = [argument.split("=", 1) for argument in sys.argv[1:]]
    for title, report in reports:
        for name, output in failures(report):
            lines = output.split("\n")
            print(f"\n-- {name} failed ({title})")
            print("\n".join(lines if len(lines) <= 60 else lines[:40] + [f"   ... {len(lines) - 60} lines ..."] + lines[-20:]))

    total = [0, 0]
    print(f"\n{'suite':32}{'passed':>8}{'failed':>8}{'skipped':>9}{'seconds':>9}")
    for title, report in reports:
        print(title)
        for suite, tests in sorted(suites(report).items()):
            passed, failed, skipped, seconds = (sum(column) for column in zip(*tests.values()))
            total[0] += passed
            total[1] += failed
            print(f"  {suite:30}{passed:>8}{failed:>8}{skipped:>9}{seconds:>9.1f}")
    print(f"{total[0]} passed, {total[1]} failed")
    sys.exit(1 if total[1] or not total[0] else 0)


if __name__ == "__main__":
    main()

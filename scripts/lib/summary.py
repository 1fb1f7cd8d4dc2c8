# SPDX-License-Identifier: Apache-2.0
"""Adds up the reports of ctest: a table of suites, what was skipped and why, and as the last line how many passed,
failed and were skipped.

    summary.py TITLE=REPORT.xml...      status 1 if anything failed, or if nothing ran

A doctest program counts its cases; one that ran with several numbers of threads counts each case once, and a case that
failed with any of them has failed. Cases that neither its run nor its slow run had are left out. A Python unittest
counts its tests; every other test is one.
"""
import re
import sys
import xml.etree.ElementTree

DOCTEST = re.compile(r"\[doctest\] test cases:\s*(\d+) \|\s*(\d+) passed \|\s*(\d+) failed \|\s*(\d+) skipped")
UNITTEST = re.compile(r"^Ran (\d+) tests? in .*\n\n(?:OK|FAILED)(?: \((?:.*, )?skipped=(\d+)\))?", re.MULTILINE)


def counts(case):
    """(passed, failed, skipped, left out) of one test of ctest."""
    output = case.findtext("system-out") or ""
    ran_well = case.get("status") == "run"
    doctest = DOCTEST.findall(output)
    if doctest:
        passed, failed, left_out = (sum(int(run[i]) for run in doctest) for i in (1, 2, 3))
        if not ran_well and failed == 0:
            failed = 1  # it ended badly after its cases
        return passed, failed, 0, left_out
    if case.get("status") in ("notrun", "disabled"):
        return (0, 0, 1, 0) if case.find("skipped") is not None else (0, 1, 0, 0)
    if not ran_well:
        return 0, 1, 0, 0
    unittest = UNITTEST.search(output)
    if not unittest:
        return 1, 0, 0, 0
    skipped = int(unittest.group(2) or 0)
    return int(unittest.group(1)) - skipped, 0, skipped, 0


def suites(report):
    """{suite: {test: [passed, failed, skipped, left out, seconds]}}; a test's runs with other numbers of threads are
    merged, and what its slow run has is not left out."""
    result = {}
    for case in xml.etree.ElementTree.parse(report).getroot().iter("testcase"):
        name = re.sub(r"\.threads_\d+$", "", case.get("name"))
        passed, failed, skipped, left_out = counts(case)
        tests = result.setdefault(name.split(".")[0], {})
        before = tests.get(name, (passed, failed, skipped, left_out, 0.0))
        tests[name] = [min(before[0], passed), max(before[1], failed), max(before[2], skipped), max(before[3], left_out),
                       before[4] + float(case.get("time", 0))]
    for tests in result.values():
        for name in [name for name in tests if name.endswith(".slow")]:
            quick, slow = tests.get(name.removesuffix(".slow")), tests[name]
            if quick:
                quick[3] = max(quick[3] - slow[0] - slow[1], 0)
                slow[3] = 0
    return result


def failures(report):
    for case in xml.etree.ElementTree.parse(report).getroot().iter("testcase"):
        if counts(case)[1]:
            yield case.get("name"), (case.findtext("system-out") or case.get("status")).strip()


def skips(report):
    """(test, reason) of what was skipped."""
    for case in xml.etree.ElementTree.parse(report).getroot().iter("testcase"):
        number = counts(case)[2]
        if number:
            output = (case.findtext("system-out") or "").strip()
            reason = re.search(r"^skipped: (.*)$", output, re.MULTILINE)
            yield case.get("name"), reason.group(1) if reason else f"{number} of its tests" if output else "it said no reason"


def main():
    reports = [argument.split("=", 1) for argument in sys.argv[1:]]
    for title, report in reports:
        for name, output in failures(report):
            lines = output.split("\n")
            print(f"\n-- {name} failed ({title})")
            print("\n".join(lines if len(lines) <= 60 else lines[:40] + [f"   ... {len(lines) - 60} lines ..."] + lines[-20:]))

    total = [0, 0, 0]
    print(f"\n{'suite':32}{'passed':>8}{'failed':>8}{'skipped':>9}{'left out':>10}{'seconds':>9}")
    for title, report in reports:
        print(title)
        for suite, tests in sorted(suites(report).items()):
            passed, failed, skipped, left_out, seconds = (sum(column) for column in zip(*tests.values()))
            total = [total[0] + passed, total[1] + failed, total[2] + skipped]
            print(f"  {suite:30}{passed:>8}{failed:>8}{skipped:>9}{left_out:>10}{seconds:>9.1f}")
    for title, report in reports:
        for name, reason in skips(report):
            print(f"skipped ({title}): {name}: {reason}")
    print(f"{total[0]} passed, {total[1]} failed, {total[2]} skipped")
    sys.exit(1 if total[1] or not total[0] else 0)


if __name__ == "__main__":
    main()

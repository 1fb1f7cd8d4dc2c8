# SPDX-License-Identifier: Apache-2.0
"""What the tests of a build with coverage reached: lines, branches and throw sites of the headers.

    coverage.py ROOT BUILD

Prints a table of folders and every throw site that no test reached, and writes BUILD/coverage.xml, which summary.py
counts: a folder fails with a throw site that is not reached. Of a build of some folders only these are looked at. Lines
and branches are clang's, in the source before any template is instantiated; throw sites are the statements
`expects(...)`, `throw ...` and calls of functions named `fail...` or `refuse...`, and tests/support/record_throws.cpp
says from which of them something was thrown. A site behind a comment `// unreached: REASON` is excused.
"""
import collections
import json
import pathlib
import re
import subprocess
import sys
import xml.sax.saxutils

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests/house"))
from tree import Tree  # noqa: E402

SITE = re.compile(r"\b(?:(?:expects|refuse|fail)\w*\s*(?:<[\w:]+>\s*)?\(|throw\s+[\w:])")
# A name that a declaration introduces, not a call: its type stands before it.
DECLARATION = re.compile(r"(?:\bvoid|\bbool|\bauto|\w\s*[&*>])\s+$")


def throw_sites(code):
    """[(first line, last line)] of the throw sites in a text without comments."""
    sites = []
    for match in SITE.finditer(code):
        before = code[code.rfind("\n", 0, match.start()) + 1:match.start()]
        if DECLARATION.search(before):
            continue
        end = code.find(";", match.start())
        first = code.count("\n", 0, match.start()) + 1
        sites.append((first, first + code.count("\n", match.start(), end)))
    return sites


def thrown_lines(folder, root):
    """{(header, line)} that were on the stack of a throw; the header as it is included."""
    offsets = collections.defaultdict(set)
    for path in pathlib.Path(folder).iterdir():
        program, *found = path.read_text(encoding="utf-8").split()
        offsets[program].update(found)
    lines = set()
    for program, found in offsets.items():
        text = subprocess.run(["addr2line", "-i", "-e", program], input="\n".join(sorted(found)), capture_output=True, text=True,
                              check=True).stdout
        for place in re.finditer(rf"^{re.escape(str(root / 'include'))}/(\S+?):(\d+)", text, re.MULTILINE):
            lines.add((place.group(1), int(place.group(2))))
    return lines


def counts_of(build, programs):
    """{header: (lines reached, lines, branches reached, branches)}"""
    merged = build / "merged.profdata"
    subprocess.run(["llvm-profdata-16", "merge", "-sparse", "-failure-mode=all", "-o", merged, *(build / "profiles").glob("*.profraw")], check=True)
    first, *others = programs
    text = subprocess.run(["llvm-cov-16", "export", "-summary-only", f"-instr-profile={merged}", first,
                           *(word for other in others for word in ("-object", other))],
                          stdout=subprocess.PIPE, text=True, check=True).stdout
    return {file["filename"].rpartition("/include/")[2]: tuple(file["summary"][kind][number] for kind in ("lines", "branches")
                                                              for number in ("covered", "count"))
            for file in json.loads(text)["data"][0]["files"]}


def percent(part, whole):
    return f"{100 * part / whole:.1f}" if whole else "-"


def main():
    root, build = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    tree = Tree(root)
    programs = [path for path in sorted((build / "tests").glob("*")) if re.match(r"(test|program)_\w+$", path.name) and path.is_file()]
    built = {path.name.removeprefix("test_") for path in programs}
    counts, lines = counts_of(build, programs), thrown_lines(build / "throws", root)
    rows, cases = [], []
    for folder in sorted({header.folder for header in tree.headers} & built):
        headers = [header for header in tree.headers if header.folder == folder]
        total = [sum(column) for column in zip(*(counts.get(header.name, (0, 0, 0, 0)) for header in headers))]
        sites, missed = 0, []
        for header in headers:
            text = header.text.split("\n")
            for first, last in throw_sites(header.code()):
                sites += 1
                excused = "// unreached: " in text[first - 2]
                if not excused and not any((header.name, line) in lines for line in range(first, last + 1)):
                    missed.append(f"include/{header.name}:{first}: {text[first - 1].strip()}")
        rows.append((folder, percent(*total[:2]), percent(*total[2:]), f"{sites - len(missed)} of {sites}", missed))
        cases.append(f'<testcase name="throw_sites.{folder}" time="0" status="{"fail" if missed else "run"}"><system-out>'
                     f'{xml.sax.saxutils.escape(chr(10).join(missed))}</system-out></testcase>')
    print(f"{'folder':20}{'lines %':>10}{'branches %':>12}{'throw sites reached':>22}")
    for folder, line, branch, sites, missed in rows:
        print(f"{folder:20}{line:>10}{branch:>12}{sites:>22}")
    for *_, missed in rows:
        for site in missed:
            print(f"   no test reaches {site}")
    (build / "coverage.xml").write_text(f"<testsuite>{''.join(cases)}</testsuite>", encoding="utf-8")


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""Blocks of the pages that are not C++: each says its language, and is of it; templates of C++ blocks are instantiated.

C++ blocks are compiled by documentation_pages; the projects and command lines among the others are run by tests/consumers.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import pages  # noqa: E402  pylint: disable=wrong-import-position

LANGUAGES = ("cpp", "cmake", "python", "bash", "text")
FENCE = re.compile(r"^(```+)(\S*)[ \t]*\n(.*?)^\1[ \t]*$", re.MULTILINE | re.DOTALL)
TEMPLATE = re.compile(r"^template <[^\n]*>\n(?: +requires[^\n]*\n)?(?:(?:struct|class) (\w+)|[^\n(]*?(\w+)\()"
                      r"|^(?:auto|void|[\w:<>]+) (\w+)\([^)]*\bauto\b", re.MULTILINE)


def all_pages():
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md")),
                 *sorted((ROOT / "examples").rglob("*.md"))):
        yield page.relative_to(ROOT).as_posix(), page.read_text(encoding="utf-8")


def blocks(language):
    """(page and line, text) of every block of a language."""
    for page, text in all_pages():
        for match in FENCE.finditer(text):
            if match[2] == language:
                yield f"{page}:{text.count(chr(10), 0, match.start()) + 1}", match[3]


def syntax_error(program, text):
    """What a program says of a text that it only parses; empty: nothing."""
    done = subprocess.run(program, input=text, text=True, capture_output=True)
    return "" if done.returncode == 0 else done.stderr or "refused"


def cmake_error(text):
    """What CMake says of commands that it parses and does not run."""
    with tempfile.TemporaryDirectory() as folder:
        script = pathlib.Path(folder) / "block.cmake"
        script.write_text(f"function(shown)\n{text}endfunction()\n", encoding="utf-8")
        return syntax_error(["cmake", "-P", script], "")


def not_instantiated(page, text, uses):
    """Templates of a page that neither `uses`, the text of pages.cpp, nor another declaration of the page makes anything of."""
    code = "".join(block.code for block in pages.blocks(page, text) if not block.mark.startswith("not compiled"))
    found = []
    for match in TEMPLATE.finditer(code):
        name = match[1] or match[2] or match[3]
        others = re.sub(rf"^static_assert.*$|\b(?:struct|class) {name}\b|^ +{name}\(.*$|//.*$", "", code[:match.start()] + code[match.end():],
                        flags=re.MULTILINE)
        if f"{pages.name_of(page)}::{name}" not in uses and not re.search(rf"\b{name}\b[<({{]", others):
            found.append(name)
    return found


class Blocks(unittest.TestCase):
    def test_every_block_says_its_language(self):
        for page, text in all_pages():
            for match in FENCE.finditer(text):
                self.assertIn(match[2], LANGUAGES, f"{page}:{text.count(chr(10), 0, match.start()) + 1}")

    def test_commands_parse_and_name_scripts_and_presets_that_are_there(self):
        presets = json.loads((ROOT / "CMakePresets.json").read_text(encoding="utf-8"))
        known = {preset["name"] for preset in presets["configurePresets"]}
        found = 0
        for place, text in blocks("bash"):
            found += 1
            self.assertEqual(syntax_error(["bash", "-n"], text), "", place)
            for script in re.findall(r"\bbash (scripts/\S+)", text):
                self.assertTrue((ROOT / script).is_file(), f"{place}: {script}")
            self.assertLessEqual(set(re.findall(r"--preset (\S+)", text)), known, place)
        self.assertGreaterEqual(found, 8)

    def test_python_parses(self):
        found = list(blocks("python"))
        self.assertGreaterEqual(len(found), 4)
        for place, text in found:
            compile(text, place, "exec")

    def test_cmake_parses_and_finds_the_package_as_the_consumer_does(self):
        consumer = (ROOT / "tests/consumers/installed/CMakeLists.txt").read_text(encoding="utf-8")
        found = list(blocks("cmake"))
        self.assertGreaterEqual(len(found), 2)
        for place, text in found:
            self.assertEqual(cmake_error(text), "", place)
            for call in re.findall(r"find_package\(longshore[^)]*\)", text):
                self.assertIn(call, consumer, place)

    def test_templates_are_instantiated(self):
        uses = (ROOT / "tests/documentation/pages.cpp").read_text(encoding="utf-8")
        for page, text in all_pages():
            self.assertEqual(not_instantiated(page, text, uses), [], f"{page}: pages.cpp is to make something of these")

    # ---- that these checks see what is wrong
    def test_what_is_wrong_is_seen(self):
        self.assertIn("syntax error", syntax_error(["bash", "-n"], "if true; then\n"))
        self.assertIn("Parse error", cmake_error("set(a b\n"))
        self.assertEqual(cmake_error('message(FATAL_ERROR "not run")\n'), "")
        text = "```cpp\ntemplate <class T>\nstruct A {\n  A(int);\n};\ntemplate <class T>\nvoid b(T a) {\n}\nauto c(auto d) {\n}\n" \
               "static_assert(A<int>::x);\n```\n"
        self.assertEqual(not_instantiated("docs/a.md", text, ""), ["A", "b", "c"])
        self.assertEqual(not_instantiated("docs/a.md", text, "docs_a::b<int> docs_a::c"), ["A"])
        self.assertEqual(not_instantiated("docs/a.md", text.replace("auto c", "using D = A<int>;\nauto c"), "docs_a::b docs_a::c"), [])


if __name__ == "__main__":
    unittest.main()

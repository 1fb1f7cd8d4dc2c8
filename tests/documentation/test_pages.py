# SPDX-License-Identifier: Apache-2.0
"""The blocks of C++ are taken out of pages as they shall be, and the reference shows what a header declares."""
import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts/lib"))
import docs  # noqa: E402  pylint: disable=wrong-import-position
import pages  # noqa: E402  pylint: disable=wrong-import-position
import reference  # noqa: E402  pylint: disable=wrong-import-position

DECLARATIONS = "struct A {\n  int b;\n};\n"
STATEMENTS = "A a;\na.b = 1;\n"


def block(text, before=""):
    return f"Words.\n\n{before}```cpp\n{text}```\n\n"


class Pages(unittest.TestCase):
    def unit(self, *texts):
        return pages.unit([("docs/a-b.md", "".join(texts))])

    def test_declarations_stay_and_statements_become_a_function(self):
        made = self.unit(block(DECLARATIONS), block(STATEMENTS), block("int main() {\n}\n"))
        self.assertIn(f'namespace docs_a_b {{\n#line 4 "docs/a-b.md"\n{DECLARATIONS}void block_1() {{\n#line 12 "docs/a-b.md"\n'
                      f'{STATEMENTS}}}\n#line 19 "docs/a-b.md"\nint main() {{\n}}\n}}\n', made)

    def test_what_is_a_declaration(self):
        for text in ("template <class T>\nT a();\n", "using A = int;\n", "static_assert(true);\n", "void a() {\n}\n",
                     "ls::Split a(const std::vector<int>& b,\n           int c) {\n  return {};\n}\n", "// A.\nstruct A {};\n"):
            self.assertNotIn("block_0", self.unit(block(text)), text)
        for text in ("a(b);\n", "int a = 1;\n", "for (int a : b) {\n  c(a);\n}\n", "const auto a = b([&](int c) {\n  d(c);\n});\n",
                     "if (a) {\n}\n"):
            self.assertIn("void block_0() {", self.unit(block(text)), text)

    def test_includes_come_first_and_once(self):
        made = self.unit(block("#include <list>\n\n" + DECLARATIONS), block("#include <list>\n#include <iostream>\nstruct B {};\n"))
        self.assertEqual((made.count("#include <list>\n"), made.count("#include <iostream>\n")), (1, 1))
        self.assertLess(made.index("#include <list>"), made.index("namespace docs_a_b"))

    def test_marks(self):
        continued = self.unit(block("A a;\n"), block("a.b = 1;\n", "<!-- continues -->\n"))
        self.assertEqual(continued.count("void block_"), 1)
        self.assertIn("a.b = 1;\n}\n", continued)
        self.assertNotIn("A a;", self.unit(block("A a;\n", "<!-- not compiled: a reason -->\n")))
        self.assertIn("A a;", self.unit(block("A a;\n", "<!-- not compiled: -->\n")))  # without a reason it is compiled
        with self.assertRaisesRegex(SystemExit, "docs/a-b.md:5: continues nothing: the block before it holds no statements"):
            self.unit(block("a.b = 1;\n", "<!-- continues -->\n"))

    def test_every_block_of_the_repository_is_taken(self):
        for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "examples").rglob("*.md"))]:
            text = page.read_text(encoding="utf-8")
            self.assertEqual(len(list(pages.blocks(page.name, text))), text.count("\n```cpp\n"), page)


class Site(unittest.TestCase):
    def test_links_lead_to_pages_to_the_reference_or_nowhere(self):
        page, known = ROOT / "docs/a.md", {ROOT / "docs/a.md", ROOT / "docs/b.md", ROOT / "README.md", ROOT / "docs/decisions/README.md"}
        for link, there in (("[b](b.md#c)", "[b](b.md#c)"), ("[r](../README.md)", "[r](../README.md)"),
                            ("[d](decisions)", "[d](decisions/README.md)"), ("[e](https://e.org/f)", "[e](https://e.org/f)"),
                            ("[g](#h)", "[g](#h)"), ("![p](pictures/p.svg)", "![p](pictures/p.svg)"), ("[s](../scripts/test)", "s"),
                            ("[v](../include/longshore/core/view.hpp)", "[v](reference/core.md#coreviewhpp)"),
                            ("[k](../include/longshore/kernels)", "[k](reference/kernels.md)"), ("[i](../include/longshore)", "i"),
                            ("```cpp\na[b](c);\n```", "```cpp\na[b](c);\n```")):
            self.assertEqual(docs.on_the_site(link, page, known), there)


class Reference(unittest.TestCase):
    def test_a_declaration_is_shown_without_bodies_and_private_parts(self):
        text = """/// What it is.
///
///   y = x_0 * w
///
/// Cost: O(N). Source: A.
///
/// @param a  (B) `b`
/// @throws ShapeError if c
template <class T>
class A : public B<T> {
 public:
  A() = default;
  explicit A(int b) : a_{b}, c(1) { d(); }
  void operator()(auto&, ...) const = delete;  // A: no
  /// Says it.
  int says() const { return a_; }  // (B)
  friend bool operator==(const A&, const A&) { return true; }
  friend class B<T>;
  T c;  // (N, D)

 private:
  /// Hidden.
  int hidden() { return 1; }
  int a_ = 0;  // hidden too
};
"""
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "a.hpp"
            path.write_text("namespace longshore::inline LONGSHORE_ABI {\n\n" + text + "\n}\n", encoding="utf-8")
            page = reference.page_of("core", [reference.Header(path, "longshore/core/a.hpp")])
        self.assertIn("""template <class T>
class A : public B<T> {
 public:
  A() = default;
  explicit A(int b);
  /// Says it.
  int says() const;  // (B)
  friend bool operator==(const A&, const A&);
  T c;  // (N, D)
};
```""", page)
        self.assertIn("What it is.\n\n```{code-block} text\n:force:\n\ny = x_0 * w\n```\n\n**Cost:** O(N).\n\n**Source:** A.\n\n"
                      "*Parameters*\n\n- `a`: (B) `b`\n\n*Throws*\n\n- `ShapeError`: if c\n", page)

    def test_every_name_of_the_library_is_there(self):
        with tempfile.TemporaryDirectory() as folder:
            count = reference.write(pathlib.Path(folder))
            text = "".join(page.read_text(encoding="utf-8") for page in pathlib.Path(folder).glob("*.md"))
        self.assertGreater(count, 800)
        tree = reference.Tree(ROOT)
        for header in tree.headers:
            if header.folder:
                self.assertIn(f"## {header.folder}/{header.stem}.hpp\n", text)
            for declaration in reference.declarations(header):
                if declaration.doc:
                    self.assertIn(f"### `{declaration.name}`\n", text, header.name)


if __name__ == "__main__":
    unittest.main()

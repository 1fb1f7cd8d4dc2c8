# SPDX-License-Identifier: Apache-2.0
"""Each house check is run on a small tree that breaks its rule, and must say so in the right words."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest
import unittest.mock

import check_docs
import check_form
import check_format
import check_golden
import check_id_table
import check_layers
import check_mirror
import check_names
import check_promises
import check_readme
import check_registry
import check_trust
import check_umbrella
import check_version
import headers_alone
import symbols
from tree import Tree

LICENCE = "// SPDX-License-Identifier: Apache-2.0\n"
NAMESPACE = "namespace longshore::inline LONGSHORE_ABI {\n}  // namespace longshore::inline LONGSHORE_ABI\n"
VERSION = """#define LONGSHORE_VERSION_MAJOR 1
#define LONGSHORE_VERSION_MINOR 2
#define LONGSHORE_VERSION_PATCH 3
#define LONGSHORE_VERSION_STRING "1.2.3"
"""


def header(*includes, body=NAMESPACE):
    lines = "".join(f"#include <{include}>\n" for include in includes)
    return f"{LICENCE}#pragma once\n\n{lines}\n{body}"


class Checks(unittest.TestCase):
    def setUp(self):
        # the small trees have none of these headers
        for table in (check_registry.NOT_BLOCKS, check_registry.EXEMPT, check_id_table.WITHOUT, check_docs.COSTLESS, check_docs.SOURCELESS,
                      check_docs.CALLED_BACK):
            patch = unittest.mock.patch.dict(table, clear=True)
            patch.start()
            self.addCleanup(patch.stop)

    def complaints(self, check, files):
        """What the check says about a tree with these files, given as {path: text}."""
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for path, text in files.items():
                file = root / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
            return list(check(Tree(root)))

    def assert_says(self, sentence, check, files):
        found = self.complaints(check, files)
        self.assertTrue(any(sentence in complaint for complaint in found), f"'{sentence}' is not among {found}")

    def assert_silent(self, check, files):
        self.assertEqual(self.complaints(check, files), [])

    # ---- layers
    def test_a_lower_layer_that_includes_a_higher_one_is_named_with_the_include(self):
        self.assert_says("longshore/core/view.hpp:4: #include <longshore/kernels/gru.hpp>: core may not know kernels",
                         check_layers.check, {"include/longshore/core/view.hpp": header("longshore/kernels/gru.hpp"),
                                              "include/longshore/kernels/gru.hpp": header()})

    def test_blocks_of_different_folders_do_not_know_each_other(self):
        self.assert_says("fusers may not know pooling", check_layers.check,
                         {"include/longshore/fusers/gate.hpp": header("longshore/pooling/mean.hpp"),
                          "include/longshore/pooling/mean.hpp": header()})

    def test_every_block_may_include_layers_and_embeddings(self):
        self.assert_silent(check_layers.check,
                           {"include/longshore/fusers/gate.hpp": header("longshore/layers/mlp.hpp", "longshore/version.hpp"),
                            "include/longshore/layers/mlp.hpp": header("longshore/embeddings/table.hpp", "vector"),
                            "include/longshore/embeddings/table.hpp": header("Kokkos_Core.hpp"),
                            "include/longshore/version.hpp": VERSION})

    def test_metrics_include_only_core_and_io(self):
        self.assert_says("metrics may not know data; it may include metrics, core, io", check_layers.check,
                         {"include/longshore/metrics/auc.hpp": header("longshore/data/log.hpp"),
                          "include/longshore/data/log.hpp": header("longshore/io/csv.hpp"),
                          "include/longshore/io/csv.hpp": header()})

    def test_data_may_use_xtensor_but_not_the_rest_of_interop(self):
        files = {"include/longshore/interop/xtensor.hpp": header(), "include/longshore/interop/eigen.hpp": header()}
        self.assert_silent(check_layers.check,
                           files | {"include/longshore/data/log.hpp": header("longshore/interop/xtensor.hpp")})
        self.assert_says("data may not know interop", check_layers.check,
                         files | {"include/longshore/data/log.hpp": header("longshore/interop/eigen.hpp")})
        self.assert_says("core may not know interop", check_layers.check,
                         files | {"include/longshore/core/view.hpp": header("longshore/interop/xtensor.hpp")})

    def test_a_library_outside_its_folders_is_named(self):
        for include, sentence in (("Eigen/Core", "Eigen is for linalg, interop, factorization only"),
                                  ("xtensor/xarray.hpp", "xtensor is for data, metrics"),
                                  ("nlohmann/json.hpp", "nlohmann-json is for io only"),
                                  ("zlib.h", "zlib is for io only"), ("xxhash.h", "xxHash is for io only"),
                                  ("boost/crc.hpp", "a library that is not in the table")):
            self.assert_says(f"#include <{include}>: {sentence}", check_layers.check,
                             {"include/longshore/core/view.hpp": header(include)})

    def test_relative_missing_and_umbrella_includes_are_refused(self):
        self.assert_says("write the full path", check_layers.check,
                         {"include/longshore/core/a.hpp": LICENCE + '#pragma once\n#include "b.hpp"\n'})
        self.assert_says("there is no such header", check_layers.check,
                         {"include/longshore/core/a.hpp": header("longshore/core/b.hpp")})
        self.assert_says("no header includes an umbrella header", check_layers.check,
                         {"include/longshore/core/a.hpp": header("longshore/longshore.hpp"),
                          "include/longshore/longshore.hpp": header()})

    def test_a_folder_without_a_layer_is_named(self):
        self.assert_says("the folder tricks has no line in the table of layers", check_layers.check,
                         {"include/longshore/tricks/a.hpp": header()})

    # ---- form
    def test_the_form_of_a_header(self):
        name = "include/longshore/core/a.hpp"
        good = header()
        self.assert_silent(check_form.check, {name: good})
        for bad, sentence in ((good.replace("SPDX", "SPXD"), "the first line must be '// SPDX"),
                              (good.replace("#pragma once", ""), "'#pragma once' must follow"),
                              (good.replace("inline LONGSHORE_ABI", "detail"), "nothing is in 'namespace longshore::inline"),
                              (good + "// x\n" * 250, "more than 250: split it by idea"),
                              (good + "//" + "x" * 119 + "\n", "121 columns, more than 120"),
                              (good + "// x \n", "white space at the end of the line"),
                              (good + "// TODO later\n", "a TODO needs the number of its issue"),
                              (good + "// x", "no line break at the end of the file")):
            self.assert_says(sentence, check_form.check, {name: bad})

    def test_an_instruction_set_that_units_are_not_told_apart_by_is_named(self):
        files = {"include/longshore/core/abi.hpp": header(body="#if defined(__AVX2__)\n#endif\n"),
                 "include/longshore/linalg/a.hpp": header(body=NAMESPACE + "#if defined(__AVX2__)  // not __FMA__\n#endif\n")}
        self.assert_silent(check_form.check, files)
        self.assert_says("longshore/linalg/a.hpp: asks for __AVX512BW__, by which core/abi.hpp does not tell units apart",
                         check_form.check, files | {"include/longshore/linalg/a.hpp": header(
                             body=NAMESPACE + "#if defined(__AVX512BW__)\n#endif\n")})

    def test_the_umbrella_may_be_long(self):
        self.assert_silent(check_form.check, {"include/longshore/longshore.hpp": header() + "// x\n" * 250})

    # ---- names
    def test_types_of_one_name_in_one_program_are_named(self):
        event = "namespace test {\nstruct Event {\n};\n}  // namespace test\n"
        hidden = "namespace {\nstruct Event {\n};\n}  // namespace\n"
        plain = "template <class Real>\nstruct Case {\n};\n"
        self.assert_silent(check_names.check, {
            "tests/support/a.hpp": event, "tests/support/b.hpp": event.replace("Event", "Record"),
            "tests/reference/a.hpp": event.replace("test", "reference"), "tests/core/test_a.cpp": hidden + plain,
            "tests/core/test_b.cpp": hidden, "tests/data/test_a.cpp": plain})
        for first, second, text in (("support/a.hpp", "support/b.hpp", event), ("core/test_a.cpp", "core/test_b.cpp", plain),
                                    ("reference/a.hpp", "core/test_a.cpp", event)):
            name = "Case" if text == plain else "test::Event"
            self.assert_says(f"{name} is declared in tests/{first} and in tests/{second}", check_names.check,
                             {f"tests/{first}": text, f"tests/{second}": text})

    def test_a_test_file_without_the_licence_line_is_named(self):
        self.assert_says("tests/core/test_a.cpp: the first line must be", check_form.check,
                         {"include/longshore/core/a.hpp": header(), "tests/core/test_a.cpp": "int x;\n"})

    # ---- umbrella
    def test_a_header_is_in_the_umbrella_that_its_libraries_decide(self):
        files = {"include/longshore/longshore.hpp": header("longshore/core/a.hpp"),
                 "include/longshore/io.hpp": header("longshore/io/b.hpp", "longshore/io/c.hpp"),
                 "include/longshore/core/a.hpp": header("Eigen/Core"),
                 "include/longshore/io/b.hpp": header("longshore/io/c.hpp"),
                 "include/longshore/io/c.hpp": header("nlohmann/json.hpp")}
        self.assert_silent(check_umbrella.check, files)
        self.assert_says("longshore/longshore.hpp: add #include <longshore/core/d.hpp>, which needs only Kokkos",
                         check_umbrella.check, files | {"include/longshore/core/d.hpp": header()})
        self.assert_says("longshore/io.hpp: add #include <longshore/io/d.hpp>, which needs nlohmann-json",
                         check_umbrella.check, files | {"include/longshore/io/d.hpp": header("longshore/io/b.hpp")})
        self.assert_says("longshore/io.hpp: remove #include <longshore/core/a.hpp>", check_umbrella.check,
                         files | {"include/longshore/io.hpp": header("longshore/core/a.hpp")})

    def test_a_missing_umbrella_and_a_wrong_order_are_named(self):
        self.assert_says("longshore/io.hpp is missing", check_umbrella.check, {"include/longshore/core/a.hpp": header()})
        self.assert_says("not in alphabetical order", check_umbrella.check,
                         {"include/longshore/longshore.hpp": header("longshore/core/b.hpp", "longshore/core/a.hpp"),
                          "include/longshore/core/a.hpp": header(), "include/longshore/core/b.hpp": header()})

    # ---- version
    def test_versions_agree(self):
        files = {"include/longshore/version.hpp": VERSION, "CHANGELOG.md": "## 1.2.3\n"}
        environment = unittest.mock.patch.dict(os.environ, {"LONGSHORE_CMAKE_VERSION": "1.2.3"})
        environment.start()
        self.addCleanup(environment.stop)
        self.assert_silent(check_version.check, files)
        self.assert_says("LONGSHORE_VERSION_STRING is 1.2.4", check_version.check,
                         files | {"include/longshore/version.hpp": VERSION.replace('"1.2.3"', '"1.2.4"')})
        self.assert_says("no section '## 1.2.3'", check_version.check, files | {"CHANGELOG.md": "## 1.2.2\n"})
        os.environ["LONGSHORE_CMAKE_VERSION"] = "1.2.2"
        self.assert_says("CMake built version 1.2.2, longshore/version.hpp has 1.2.3", check_version.check, files)

    # ---- trust
    def test_code_that_runs_what_a_file_says_is_named(self):
        for line, sentence in (('void* x = dlopen("a", 1);', "loads a library"), ('std::system("ls");', "starts a shell"),
                               ('popen("ls", "r");', "starts a program"), ("execvp(x, y);", "starts a program"),
                               ("load_pickle(); read(pickle);", "reads Python objects"),
                               ("std::printf(text);", "takes its format from a variable"),
                               ("std::fprintf(stderr, text);", "takes its format from a variable"),
                               ("std::vsnprintf(to, 10, format, list);", "takes its format from a variable"),
                               ("std::sprintf(to, format);", "takes its format from a variable"),
                               ("std::snprintf(to, 10, format);", "takes its format from a variable")):
            self.assert_says(f"longshore/core/a.hpp:5: {sentence}", check_trust.check,
                             {"include/longshore/core/a.hpp": header(body=line + "\n")})

    def test_comments_and_fixed_formats_are_no_code(self):
        self.assert_silent(check_trust.check, {"include/longshore/core/a.hpp": header(
            body='// never system(x) or dlopen\nstd::snprintf(to, 10, "%d", i);\nstd::fprintf(stderr, "x");\n')})

    # ---- ids
    def test_a_function_that_takes_ids_and_is_not_in_the_table_is_named(self):
        lookup = header(body=NAMESPACE + "void look_up(std::span<const Id> rows, int n);\n")
        files = {"include/longshore/data/a.hpp": lookup, "include/longshore/kernels/b.hpp": lookup,
                 "tests/support/id_functions/data.hpp": LICENCE + 'add("data/a.hpp", call);\n'}
        self.assert_silent(check_id_table.check, files)
        self.assert_says("longshore/data/c.hpp: a function takes ids (rows)", check_id_table.check,
                         files | {"include/longshore/data/c.hpp": lookup})
        self.assert_says("names longshore/data/d.hpp, which does not exist", check_id_table.check,
                         files | {"tests/support/id_functions/data.hpp": LICENCE + '"data/a.hpp" "data/d.hpp"'})
        self.assert_says("id_functions/core.hpp names data/a.hpp, which belongs in data.hpp", check_id_table.check,
                         files | {"tests/support/id_functions/core.hpp": LICENCE + '"data/a.hpp"'})
        with unittest.mock.patch.dict(check_id_table.WITHOUT, {"longshore/data/e.hpp": "none"}):
            self.assert_says("WITHOUT names longshore/data/e.hpp, which does not exist", check_id_table.check, files)

    # ---- mirror
    def test_a_header_without_tests_and_a_test_without_header_are_named(self):
        files = {"include/longshore/core/a.hpp": header(), "include/longshore/core/abi.hpp": header(),
                 "include/longshore/version.hpp": VERSION, "tests/core/test_a.cpp": LICENCE + "#include <longshore/core/a.hpp>\n"}
        self.assert_silent(check_mirror.check, files)
        self.assert_says("tests/core/test_a.cpp does not include longshore/core/a.hpp", check_mirror.check,
                         files | {"tests/core/test_a.cpp": LICENCE})
        self.assert_says("tests/core/test_a.cpp does not include longshore/core/a.hpp", check_mirror.check,
                         files | {"tests/core/test_a.cpp": LICENCE + "// #include <longshore/core/a.hpp>\n"})
        self.assert_says("longshore/core/b.hpp has no tests: tests/core/test_b.cpp is missing", check_mirror.check,
                         files | {"include/longshore/core/b.hpp": header()})
        self.assert_says("tests/core/test_c.cpp mirrors no header", check_mirror.check,
                         files | {"tests/core/test_c.cpp": LICENCE})

    # ---- registry
    proofs = {"concept": "static_assert(true);", "hand": "CHECK(true);", "reference": "check::close(a, b);",
              "golden": 'check::golden<Real>("scorers/dot_scorer");', "edges": "rules::edges<Real>(a);", "gradients": "check::gradients(a);",
              "refused": "CHECK_THROWS_WITH_AS(a, b, c);", "threads": "rules::same_bits<float>(a);"}

    def cases(self, block, kinds=tuple(check_registry.KINDS)):
        return {kind: f'TEST_CASE("{block}: {kind}: a sentence, {{") {{\n  {{ {self.proofs[kind]} }}\n}}\n' for kind in kinds}

    def scorer(self, cases, body=NAMESPACE):
        return {"include/longshore/scorers/dot_scorer.hpp": header(body=body), "tests/golden/blocks/scorers/dot_scorer.py": "",
                "tests/refuse/scorers_dot_scorer_rank.cpp": "// expects: x\nDotScorer<float> some;\n",
                "tests/scorers/test_dot_scorer.cpp": "using Some = Case<DotScorer>;\n" + "".join(cases)}

    def test_a_block_without_a_kind_of_proof_is_named(self):
        cases = self.cases("DotScorer")
        cases["gradients"] = 'TEST_CASE_TEMPLATE_DEFINE(\n    "DotScorer: gradients: (P1) x", T, id) { check::gradients(a); }\n'
        files = self.scorer(cases.values())
        self.assert_silent(check_registry.check, files)
        for kind in check_registry.KINDS:
            self.assert_says(f"longshore/scorers/dot_scorer.hpp: no test case '<Block>: {kind}: ...'", check_registry.check,
                             self.scorer(case for other, case in cases.items() if other != kind))
        for path, sentence in (("refuse/scorers_dot_scorer_rank.cpp", "nothing that must not compile: tests/refuse/scorers_dot_scorer*.cpp"),
                               ("golden/blocks/scorers/dot_scorer.py", "no golden values: tests/golden/blocks/scorers/dot_scorer.py")):
            self.assert_says(f"{sentence} is missing", check_registry.check,
                             {other: text for other, text in files.items() if other != f"tests/{path}"})
        self.assertEqual(len(self.complaints(check_registry.check,
                                             {"include/longshore/scorers/dot_scorer.hpp": header()})), 10)

    def test_the_files_of_another_block_prove_nothing(self):
        files = self.scorer(self.cases("DotScorer").values(),
                            NAMESPACE.replace("{\n", "{\ntemplate <class Real>\nstruct DotScorer {};\n", 1))
        self.assert_silent(check_registry.check, files)
        test, refused = "tests/scorers/test_dot_scorer.cpp", "tests/refuse/scorers_dot_scorer_rank.cpp"
        for use in ("DotScorer<Real, Space> score;", "ls::DotScorer{}(context);", "Case<Real, Space, DotScorer>;"):
            self.assert_silent(check_registry.check, files | {test: files[test].replace("Case<DotScorer>;", use)})
        for use in ("Case<MaxScorer>;", "Case<MyDotScorer>;", "Case<DotScorers>;", "// DotScorer<float>\n", 'text("DotScorer<float>");',
                    "ls::DotScorer;", "Dotscorer<float>;"):
            self.assert_says(f"longshore/scorers/dot_scorer.hpp: {test} uses no DotScorer", check_registry.check,
                             files | {test: files[test].replace("Case<DotScorer>;", use)})
            self.assert_says("nothing that must not compile: tests/refuse/scorers_dot_scorer*.cpp uses no DotScorer", check_registry.check,
                             files | {refused: files[refused].replace("DotScorer<float> some;", use)})
        for values in ("scorers/max_scorer", "fusers/dot_scorer", "scorers/dot_scorer_2"):
            other = files[test].replace("scorers/dot_scorer", values) + 'void f() { check::golden<Real>("scorers/dot_scorer"); }\n'
            self.assert_says(f'the golden case in {test} does not read "scorers/dot_scorer"', check_registry.check, files | {test: other})

    def test_cases_that_do_not_run_or_may_fail_are_none(self):
        cases = self.cases("DotScorer")
        text = "".join(cases.values())
        decorated = [text.replace('{")', f'{{" * doctest::{decorator})')
                     for decorator in ("skip()", "may_fail()", "should_fail()", "expected_failures(1)")]
        for bad in ("/*\n" + text + "*/\n", "#if 0\n" + text + "#endif\n",
                    "".join(f"// {line}\n" for line in text.split("\n")), *decorated):
            found = self.complaints(check_registry.check, self.scorer([bad]))
            self.assertEqual(sum("no test case '<Block>: " in complaint for complaint in found), len(cases), bad)

    def test_a_case_that_calls_nothing_that_proves_its_kind_is_named(self):
        cases = self.cases("DotScorer")
        for kind, call in self.proofs.items():
            quoted = call.replace('"', "'")
            for body in ("", f"// {call}", f'use("{quoted}");'):
                bad = cases | {kind: f'TEST_CASE("DotScorer: {kind}: x") {{ {body}\n}}\nvoid helper() {{ {call} }}\n'}
                self.assert_says(f"no case '<Block>: {kind}: ...' in tests/scorers/test_dot_scorer.cpp calls what proves it",
                                 check_registry.check, self.scorer(bad.values()))

    def test_a_proof_that_may_be_left_out_does_not_count(self):
        cases = self.cases("DotScorer")
        for kind, call in self.proofs.items():
            for body in (f"if (false) {call}", f"if (a)\n  b();\nelse\n  {call}", f"if constexpr (a) {{ {{ {call} }} }}",
                         f"\n#if NEVER\n{call}\n#endif\n", f"\n#ifdef A\n#else\n{call}\n#endif\n", f"return;\n{call}",
                         f"if (a) return;\n{call}", f"for (int i = 0; i < 0; ++i) {call}", f"for (int i : {{}}) {{ {call} }}",
                         f"for (const int i : std::vector<int>{{}}) {call}", f"while (a) {{ {call} }}",
                         f"switch (a) {{ case 1: {call} }}", f"const bool b = false && {call}"):
                bad = cases | {kind: f'TEST_CASE("DotScorer: {kind}: x") {{ {body}\n}}\n'}
                self.assert_says(f"no case '<Block>: {kind}: ...' in tests/scorers/test_dot_scorer.cpp calls what proves it",
                                 check_registry.check, self.scorer(bad.values()))
            hidden = cases | {kind: f"#ifdef NEVER\n{cases[kind]}#endif\n"}
            self.assert_says(f"no case '<Block>: {kind}: ...' in tests/scorers/test_dot_scorer.cpp calls what proves it",
                             check_registry.check, self.scorer(hidden.values()))
            good = f"#if A\nb();\n#endif\nif (a) {{ b(); }}\nconst auto f = [&](int i) {{ return i; }};\nfor (int i : {{1, 2}}) {{ f(i); }}\n{call}"
            self.assert_silent(check_registry.check,
                               self.scorer((cases | {kind: f'TEST_CASE("DotScorer: {kind}: x") {{\n{good}\n}}\n'}).values()))
        for kind in ("hand", "edges", "refused"):  # these have loops of their own
            body = f"for (const auto& [a, b] : {{std::pair{{1, 2}}, {{3, 4}}}})\n  for (int i = 0; i < 10; ++i) {{ {self.proofs[kind]} }}"
            self.assert_silent(check_registry.check,
                               self.scorer((cases | {kind: f'TEST_CASE("DotScorer: {kind}: x") {{\n{body}\n}}\n'}).values()))

    def test_a_block_is_known_however_it_is_called_and_wherever_it_is(self):
        def body(*types):
            return NAMESPACE.replace("{\n", "{\n" + "".join(types), 1)
        cases = self.cases("DotScorer").values()
        operators = ("template <class C>\n  X operator()(C& c, const X& x) const { return x; }", "X operator()(auto&& c, X x) const { return x; }",
                     "template <class... Inputs>\n  X operator()(const Inputs&... inputs) const { return {}; }",
                     "X operator()(Training<Space>& c, X x) const { return x; }", "X operator()(Inference<Space, Inline>& c) const;")
        sneaky = ["struct Sneaky {\n  " + operator + "\n};\n" for operator in operators]
        sneaky += ["struct Sneaky : DotScorer {};\n", "inline constexpr auto Sneaky = [](auto& c, int x) { return x; };\n",
                   "class Sneaky {\n public:\n  " + operators[0] + "\n};\n"]
        for text in sneaky:
            self.assert_says("Sneaky is a block that the header is not named after", check_registry.check, self.scorer(cases, body(text)))
        inner = "struct Outer {\n  struct Sneaky {\n    " + operators[0] + "\n  };\n};\n"
        self.assert_says("Sneaky is a block inside of another type", check_registry.check, self.scorer(cases, body(inner)))
        device = "struct Outer {\n  struct Step {\n    template <class T>\n    KOKKOS_INLINE_FUNCTION void operator()(T& w) const {}\n  };\n};\n"
        self.assert_silent(check_registry.check, self.scorer(cases, body(device)))
        parts = "\n  void visit(auto&& visitor) { visitor(1); }\n};\n"
        model = {"include/longshore/models/sneaky.hpp": header(body=body("struct Sneaky {\n  " + operators[0] + parts))}
        for kind in check_registry.KINDS:
            self.assert_says(f"longshore/models/sneaky.hpp: no test case '<Block>: {kind}: ...'", check_registry.check, model)
        for folder in ("core", "kernels", "serving"):
            for operator in (operators[0], operators[1].replace("&&", "&"), operators[3]):
                self.assert_says("Sneaky is a block in a folder that holds none", check_registry.check,
                                 {f"include/longshore/{folder}/sneaky.hpp": header(body=body("struct Sneaky {\n  " + operator + parts))})

    def test_a_second_block_in_a_header_is_named(self):
        block = ("template <class Real, class Space>\nstruct {name} {{\n  Matrix<Real, Space> operator()({context}) const {{ return x; }}\n"
                 "  void visit(auto&& visitor) {{ visitor(1); }}\n}};\n")
        rule = "struct {name} {{\n  Step step(double) const {{ return {{}}; }}\n  int moments() const {{ return 1; }}\n}};\n"
        term = "template <class Real>\nstruct {name} {{\n  Real operator()(std::int64_t i) const {{ return a[i]; }}\n}};\n"
        def body(*types):
            return NAMESPACE.replace("{\n", "{\n" + "".join(types), 1)
        named = block.format(name="DotScorer", context="auto& context, const X& x")
        cases = self.cases("DotScorer").values()
        self.assert_silent(check_registry.check, self.scorer(cases, body(term.format(name="Term"), named)))
        for other in (block.format(name="Other", context="auto& context, const X& x"),
                      block.format(name="Other", context="Context& context"), rule.format(name="Other")):
            self.assert_says("longshore/scorers/dot_scorer.hpp:11: Other is a block that the header is not named after",
                             check_registry.check, self.scorer(cases, body(named, other)))
        check_registry.NOT_BLOCKS["longshore/scorers/dot_scorer.hpp"] = "a reason"
        self.assert_says("NOT_BLOCKS names longshore/scorers/dot_scorer.hpp, which holds the block DotScorer", check_registry.check,
                         self.scorer([], body(named)))
        self.assert_silent(check_registry.check, self.scorer([], body(named.replace("(auto&& visitor) { visitor(1); }", "(auto&&) {}"))))

    def test_cases_of_another_block_do_not_count_and_optimizers_need_no_gradients(self):
        text = "".join(self.cases("Adam", [kind for kind in check_registry.KINDS if kind != "gradients"]).values())
        text = "const Adam rule{.rate = 1};\nuse(Adam{});\n" + text.replace("scorers/dot_scorer", "optimizers/adam")
        files = {"include/longshore/optimizers/adam.hpp": header(), "tests/refuse/optimizers_adam.cpp": "// expects: x\nuse(Adam{});\n",
                 "tests/golden/blocks/optimizers/adam.py": "", "tests/optimizers/test_adam.cpp": text}
        self.assert_silent(check_registry.check, files)
        self.assert_says("no test case '<Block>: hand: ...'", check_registry.check,
                         {"include/longshore/optimizers/sgd.hpp": header(), "tests/optimizers/test_sgd.cpp": text})

    def test_helper_headers_that_no_longer_exist_are_named(self):
        check_registry.NOT_BLOCKS["longshore/layers/gone.hpp"] = "a reason"
        check_registry.EXEMPT["longshore/layers/old.hpp", "golden"] = "a reason"
        files = {"include/longshore/core/a.hpp": header()}
        self.assert_says("NOT_BLOCKS names longshore/layers/gone.hpp, which does not exist", check_registry.check, files)
        self.assert_says("EXEMPT names longshore/layers/old.hpp and golden", check_registry.check, files)

    def test_a_helper_header_needs_no_proofs_of_a_block(self):
        check_registry.NOT_BLOCKS["longshore/layers/part.hpp"] = "a reason"
        self.assert_silent(check_registry.check, {"include/longshore/layers/part.hpp": header()})

    # ---- promises
    def test_a_promise_without_a_test_is_named(self):
        files = {"include/longshore/core/a.hpp": header(),
                 "tests/core/test_a.cpp": "".join(f'TEST_CASE("A: {promise}: x") {{}}\n' for promise in
                                                  check_promises.PROMISES if promise != "P1")}
        missing = ["P1 (every block has a correct gradient): no test is named after it"]
        self.assertEqual(self.complaints(check_promises.check, files), missing)
        for path, text in (("tests/core/test_b.cpp", 'TEST_CASE_TEMPLATE(\n    "A: P1, x", Where, A) {}\n'),
                           ("tests/programs/b.cpp", LICENCE + "// P1: x\nint main() {}\n"),
                           ("tests/house/check_b.py", '# SPDX\n"""P1: x."""\n'),
                           ("tests/CMakeLists.txt", "add_longshore_test(NAME b LABELS house P1\n   COMMAND b)\n")):
            self.assert_silent(check_promises.check, files | {path: text})
        for path, text in (("tests/core/test_b.cpp", '// P1\nTEST_CASE("A: x") { CHECK("P1"); }\n'),
                           ("tests/core/test_b.cpp", '// TEST_CASE("A: P1: x") {}\n/* TEST_CASE("A: P1: x") {} */\n'),
                           ("tests/core/test_b.cpp", 'TEST_CASE("A: P1: x" * doctest::skip()) {}\n'),
                           ("tests/core/b.cpp", 'TEST_CASE("A: P1: x") {}\n'),
                           ("tests/programs/b.cpp", LICENCE + "int main() {}  // P1\n"),
                           ("tests/house/check_b.py", '# SPDX\n"""P10: x."""\n# P1\n'),
                           ("tests/house/test_b.py", '# SPDX\n"""P1: x."""\n'),
                           ("tests/CMakeLists.txt", "# P1\nadd_longshore_test(NAME P1 LABELS house COMMAND P1)  # P1\n"),
                           ("scripts/test", "# P1: x\nsuite a\n")):
            self.assertEqual(self.complaints(check_promises.check, files | {path: text}), missing, text)

    def test_a_header_that_is_not_compiled_alone_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "include/longshore/core").mkdir(parents=True)
            for name in ("a", "b"):
                (root / f"include/longshore/core/{name}.hpp").write_text(header(), encoding="utf-8")
            unit = "build x/headers_alone_kokkos_verify_interface_header_sets/longshore/core/%s.hpp.cxx.o: CXX y\n  DEFINES = \n  FLAGS = %s\n"
            tree = Tree(root)
        complaints = headers_alone.complaints
        self.assertEqual(list(complaints(tree, unit % ("a", "-Wall -Werror") + unit % ("b", "-Wall -Werror"), ["-Wall"])), [])
        self.assertEqual(list(complaints(tree, unit % ("a", "-Wall -O1"), ["-Wall", "-Werror"])),
                         ["longshore/core/a.hpp is compiled alone without -Werror", "longshore/core/b.hpp is not compiled alone"])

    def test_the_presets_of_the_sanitizers_have_them(self):
        presets = json.loads((pathlib.Path(__file__).resolve().parents[2] / "CMakePresets.json").read_text(encoding="utf-8"))
        flags = {preset["name"]: " ".join(map(str, preset.get("cacheVariables", {}).values()))
                 for preset in presets["configurePresets"]}
        for name, words in (("asan-ubsan", ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-DLONGSHORE_BOUNDS_CHECK",
                                            "-DKOKKOS_ENABLE_DEBUG_BOUNDS_CHECK"]),
                            ("tsan", ["-fsanitize=thread"]), ("fuzz", ["-fsanitize=address,undefined"]),
                            ("coverage", ["-fcoverage-mapping"])):
            for word in words:
                self.assertIn(word, flags[name].split(), name)

    # ---- format
    def test_files_that_would_be_formatted_otherwise_are_named(self):
        program = shutil.which("clang-format-16")
        if program is None:
            self.skipTest("no clang-format-16")
        bad = {"include/longshore/core/a.hpp": LICENCE + "int x;\nint  y;\n", ".clang-format": "BasedOnStyle: Google\n",
               "tests/core/test_a.cpp": "int x;\n", "examples/a/main.cpp": "int  x;\n"}
        self.assertEqual([complaint.split(": not")[0] for complaint in
                          self.complaints(lambda tree: check_format.check(tree, program), bad)],
                         ["examples/a/main.cpp:1", "include/longshore/core/a.hpp:3"])

    # ---- golden values
    def test_golden_values_are_those_that_were_listed(self):
        def values(number, torch="2.0.0"):
            text = json.dumps({"__metadata__": {"torch": torch, "numpy": "2.1.0", "seed": "1"}}).encode()
            return len(text).to_bytes(8, "little") + text + bytes([number])

        with tempfile.TemporaryDirectory() as folder:
            golden = pathlib.Path(folder) / "tests/golden"
            (golden / "blocks/fusers").mkdir(parents=True)
            (golden / "fusers").mkdir()
            for name in ("a", "b"):
                (golden / f"blocks/fusers/{name}.py").write_text("", encoding="utf-8")
                (golden / f"fusers/{name}.safetensors").write_bytes(values(1))
            sums = check_golden.manifest(golden)
            self.assertEqual(sums.split("\n")[0], "# torch 2.0.0, numpy 2.1.0, seed 1")

            def complaints():
                return list(check_golden.check(Tree(folder)))

            (golden / "SHA256SUMS").write_text(sums, encoding="utf-8")
            self.assertEqual(complaints(), [])
            (golden / "fusers/a.safetensors").write_bytes(values(2))
            self.assertEqual(complaints(), ["tests/golden/fusers/a.safetensors is not the file that tests/golden/SHA256SUMS lists"])
            (golden / "fusers/a.safetensors").unlink()
            self.assertEqual(complaints(),
                             ["tests/golden/SHA256SUMS lists fusers/a.safetensors, which is missing",
                              "tests/golden/blocks/fusers/a.py has no values: tests/golden/fusers/a.safetensors is missing"])
            (golden / "fusers/a.safetensors").write_bytes(values(1))
            (golden / "SHA256SUMS").write_text(sums.replace("torch 2.0.0", "torch 2.0.1"), encoding="utf-8")
            self.assertIn("tests/golden/fusers/a.safetensors was made by torch 2.0.0, numpy 2.1.0, seed 1, "
                          "tests/golden/SHA256SUMS says torch 2.0.1, numpy 2.1.0, seed 1", complaints())
            (golden / "SHA256SUMS").unlink()
            self.assertIn("tests/golden/fusers/b.safetensors is not in tests/golden/SHA256SUMS: tests/golden/generate.py "
                          "writes both", complaints())

    # ---- pages
    def test_a_link_that_leads_nowhere_and_a_decision_outside_the_index_are_named(self):
        files = {"README.md": "# A part: `x`\n[a](docs/a.md) [b](https://b.org/c) [c](#a-part-x) `[d](gone.md)`\n```\n# no\n[e](gone.md)\n```\n",
                 "docs/a.md": "[up](../README.md#a-part-x)\n## B\n## B\n[b](#b-1)\n",
                 "docs/decisions/README.md": "[one](one.md)", "docs/decisions/one.md": "text"}
        self.assert_silent(check_docs.check, files)
        self.assert_says("README.md: the link to docs/b.md leads nowhere", check_docs.check,
                         files | {"README.md": "[b](docs/b.md)"})
        for page, link, sentence in (("README.md", "(#no)", "README.md: the link to #no leads to no heading"),
                                     ("examples/a/README.md", "(../../docs/a.md#b-2)",
                                      "examples/a/README.md: the link to ../../docs/a.md#b-2 leads to no heading"),
                                     ("scripts/a.md", "(b.md)", "scripts/a.md: the link to b.md leads nowhere")):
            self.assert_says(sentence, check_docs.check, files | {page: f"[x]{link}"})
        for fence in ("```c++", "```C++", "``` cpp", "  ```cpp", "```cpp {1}", "```hpp"):
            self.assert_says("docs/a.md:1: a block of C++ begins with ```cpp at the left margin, or it is not compiled",
                             check_docs.check, files | {"docs/a.md": f"{fence}\nint a;\n```\n"})
        self.assert_silent(check_docs.check, files | {"docs/a.md": "## A\n```cpp\nint a;\n```\n```python\na\n```\n",
                                                      "README.md": "[a](docs/a.md#a)"})
        self.assert_says("docs/decisions/README.md: two.md is not in the index", check_docs.check,
                         files | {"docs/decisions/two.md": "text"})

    # ---- docstrings
    def test_a_public_name_without_a_docstring_is_named(self):
        def tree(text):
            return {"include/longshore/text/path.hpp": header(body=NAMESPACE.replace("{\n", "{\n\n" + text + "\n", 1))}
        for text in ("/// A.\nstruct A {};\n", "struct A;\n\n/// A.\nstruct A {};\n", "/// A.\nvoid a();\nvoid a(int);\n",
                     "/// A.\nvoid a();\n\nvoid b() = delete;  // B: no\n", "static_assert(true);\n",
                     "/// A.\ntemplate <class T>\nconcept A = requires(T a) { a.b(); } || requires(T a) { a.c(); };\n"):
            self.assert_silent(check_docs.check, tree(text))
        for text, name in (("struct A {};\n", "A"), ("/// A.\n\nstruct A {};\n", "A"), ("// A.\nvoid a();\n", "a"),
                           ("enum class A { a };\n", "A"), ("inline constexpr int a = 1;\n", "a"),
                           ("/// A.\nstruct A {};\ntemplate <class T>\nconcept B = true;\n", "B"),
                           ("template <class T>\nusing A = int;\n", "A")):
            self.assert_says(f": {name} has no docstring", check_docs.check, tree(text))

    def test_a_public_function_of_a_type_without_a_docstring_is_named(self):
        def tree(member, folder="text"):
            body = NAMESPACE.replace("{\n", "{\n\n/// A. Cost: O(1).\nclass A {\n public:\n" + member + "\n private:\n  int hidden() { a(); b(); }\n};\n\n", 1)
            return {f"include/longshore/{folder}/path.hpp": header(body=body)}
        for member in ("  int size() const { return size_; }\n", "  static constexpr int most() { return 4; }\n",
                       "  A() = default;\n  explicit A(int size) : size_(size) {}\n", "  A(A&& other) noexcept { a(); b(); }\n  ~A() { a(); b(); }\n",
                       "  A& operator=(const A& other) {\n    a();\n    return *this;\n  }\n", "  void visit(auto&& visitor) {\n    a();\n    b();\n  }\n",
                       "  /// B.\n  void b(int x);\n  void b(double x) {\n    a();\n    b();\n  }\n", "  void b() = delete;  // A: no\n",
                       "  void operator()(int i) const {\n    a();\n    b();\n  }\n", "  std::function<void(int)> b = {};\n",
                       "  template <class Team>\n  void row(const Team& team, int r) const {\n    a();\n    b();\n  }\n",
                       "  /// B.\n  struct B {\n    int b() const { return b_; }\n  };\n"):
            self.assert_silent(check_docs.check, tree(member))
        for member, name in (("  int size() const {\n    a();\n    return size_;\n  }\n", "A::size"),
                             ("  int at(int i) const { return i; }\n", "A::at"), ("  void clear() { size_ = 0; }\n", "A::clear"),
                             ("  explicit A(int size) : size_(size) { a(); }\n", "A::A"),
                             ("  void operator()(auto& context, int x) const { a(context, x); }\n", "A::operator()"),
                             ("  int b(auto& context) const { return a(context); }\n", "A::b"),
                             ("  /// B.\n  struct B {\n    void b(int x) { a(x); }\n  };\n", "B::b")):
            self.assert_says(f"longshore/text/path.hpp:{12 if name == 'B::b' else 10}: {name} has no docstring", check_docs.check, tree(member))
        self.assert_silent(check_docs.check, tree("  int at(int i) const { return i; }\n", "linalg"))
        self.assert_says("A::at has no docstring", check_docs.check, tree("  int at(int i) const { a(); return i; }\n", "linalg"))
        check_docs.CALLED_BACK["longshore/text/path.hpp"] = "a reason"
        self.assert_silent(check_docs.check, tree("  void clear() { size_ = 0; }\n"))
        self.assert_says("names longshore/text/path.hpp, which does not exist", check_docs.check, tree("", "core"))

    def test_a_docstring_without_cost_or_source_is_named(self):
        def tree(doc, name="MaxFuser", path="fusers/max_fuser.hpp"):
            return {f"include/longshore/{path}": header(body=NAMESPACE.replace("{", "{" + f"""

{doc}template <class Real, class Space = Host<int, "a // }}">>
struct {name} {{
  int features = 0;
}};
""", 1))}
        good = "/// The larger one.\n///\n/// Cost: O(B D).\n/// Source: elementary.\n"
        self.assert_silent(check_docs.check, tree(good))
        self.assert_says("fusers/max_fuser.hpp:11: the docstring of MaxFuser has no 'Cost:'", check_docs.check,
                         tree(good.replace("Cost", "Price")))
        self.assert_says("fusers/max_fuser.hpp:11: the docstring of MaxFuser has no 'Source:'", check_docs.check,
                         tree(good.replace("Source", "From")))
        self.assert_says("the docstring of MaxFuser has no 'Cost:'", check_docs.check, tree(good + "int other = 0;\n"))
        self.assert_says("fusers/max_fuser.hpp: no docstring has a 'Cost:'", check_docs.check,
                         tree(good.replace("Cost", "Price"), "Other"))
        self.assert_silent(check_docs.check, tree("/// Where it is.\n", "Path", "text/path.hpp"))
        self.assert_silent(check_docs.check, tree("/// Sizes.\n", "PadSettings", "kernels/pad_settings.hpp"))
        check_registry.NOT_BLOCKS["longshore/fusers/max_fuser.hpp"] = "a reason"
        self.assert_silent(check_docs.check, tree(good.replace("Source", "From")))

    def test_every_function_that_dispatches_says_its_cost_and_every_metric_its_source(self):
        kernels = """namespace longshore::inline LONGSHORE_ABI {
/// Forward. Cost: O(N).
template <class Real, class Executor>
void pad_forward(const Executor& executor, const Real* x) {
  if (x) executor.run({x, 1});
}

/// Backward.
template <class Real, class Executor>
  requires(sizeof(Real) > 1)
void pad_backward(const Executor& executor, const Real* x) {}
}  // namespace longshore::inline LONGSHORE_ABI
"""
        self.assertEqual(self.complaints(check_docs.check, {"include/longshore/kernels/pad.hpp": header(body=kernels)}),
                         ["longshore/kernels/pad.hpp:13: the docstring of pad_backward has no 'Cost:'"])
        metric = NAMESPACE.replace("{", "{\n/// A share. Cost: O(B).\ninline RankingMetric hits(int k) { return {k}; }", 1)
        files = {"include/longshore/metrics/hits.hpp": header(body=metric)}
        self.assert_says("hits.hpp:7: the docstring of hits has no 'Source:'", check_docs.check, files)
        check_docs.SOURCELESS["longshore/metrics/hits.hpp"] = "a reason"
        self.assert_silent(check_docs.check, files)
        check_docs.COSTLESS["longshore/metrics/gone.hpp"] = "a reason"
        self.assert_says("names longshore/metrics/gone.hpp, which does not exist", check_docs.check, files)

    def test_an_exception_that_the_docstring_does_not_promise_is_named(self):
        code = """namespace longshore::inline LONGSHORE_ABI {
/// A table.
class Table {
 public:
  /// @throws ShapeError if there are no rows
  explicit Table(int rows) : rows_(rows) { expects(rows > 0, "Table: no rows"); }

  /// A row.
  int operator()(int i) const {
    expects<DataError>(i < rows_, "Table: no row ", i);
    return i;
  }
  static constexpr const char* opening = R"({"a": ")";

 private:
  int hidden(int i) const { expects(i > 0); return i; }
  int rows_;
};
}  // namespace longshore::inline LONGSHORE_ABI
"""
        files = {"include/longshore/text/table.hpp": header(body=code)}
        self.assertEqual(self.complaints(check_docs.check, files),
                         ["longshore/text/table.hpp:13: operator() throws DataError, its docstring has no '@throws DataError'"])
        promise = code.replace("  /// A row.\n", "  /// A row.\n  ///\n  /// @throws DataError if there is none\n")
        self.assert_silent(check_docs.check, {"include/longshore/text/table.hpp": header(body=promise)})

    def test_a_letter_that_the_notation_does_not_have_is_named(self):
        files = {"docs/notation.md": "| letter | axis |\n|---|---|\n| B | rows |\n| D | features |\n",
                 "include/longshore/text/a.hpp": header(body=NAMESPACE + "/// @param x (B, 1 or C, D), but f(A * B)\n")}
        self.assertEqual(self.complaints(check_docs.check, files),
                         ["longshore/text/a.hpp:7: docs/notation.md has no C, of the shape (B, 1 or C, D)"])
        files["docs/notation.md"] += "| C | candidates |\n"
        self.assert_silent(check_docs.check, files)

    def test_the_table_of_blocks_equals_the_tree(self):
        body = NAMESPACE.replace("{", "{\n/// Cost: O(1). Source: a.\nstruct MaxFuser {};", 1)
        good = "[`MaxFuser`](include/longshore/fusers/max_fuser.hpp)"
        files = {"README.md": f"| `fusers` | {good} (greatest) |\n| `other` | `MaxFuser` |\n",
                 "include/longshore/fusers/max_fuser.hpp": header(body=body)}
        self.assert_silent(check_docs.check, files)
        self.assert_says("README.md: the row fusers of the table of blocks does not name MaxFuser", check_docs.check,
                         files | {"README.md": "| `fusers` | none |\n"})
        self.assert_says("names MinFuser, which no header there is named after", check_docs.check,
                         files | {"README.md": f"| `fusers` | {good}, `MinFuser` |\n"})
        self.assert_says("README.md: MaxFuser in the row fusers of the table of blocks is no link to its header", check_docs.check,
                         files | {"README.md": "| `fusers` | `MaxFuser` |\n"})
        files["include/longshore/kernels/max_fuser.hpp"] = files["include/longshore/fusers/max_fuser.hpp"]
        files["include/longshore/fusers/min_fuser.hpp"] = header(body=body.replace("Max", "Min"))
        for target in ("include/longshore/kernels/max_fuser.hpp", "include/longshore/fusers/min_fuser.hpp", "README.md"):
            self.assert_says(f"README.md: MaxFuser in the row fusers of the table of blocks leads to {target}, which is not its header",
                             check_docs.check, files | {"README.md": f"| `fusers` | [`MaxFuser`]({target}) |\n"})

    # ---- README
    def test_a_readme_whose_program_is_not_the_example_is_named(self):
        example = LICENCE + '#include <a>\n#include "picture.hpp"  // example only\n\nint x;\n'
        files = {check_readme.EXAMPLE: example, "README.md": "Text\n```cpp\n#include <a>\n\nint x;\n```\n```cpp\nint y;\n```\n"}
        self.assert_silent(check_readme.check, files)
        for old, new, sentence in (("int x;\n", "", "line 3 of the program is not that of examples/your_own_pipeline/main.cpp: '' in "
                                                     "the place of 'int x;'"),
                                   ("#include <a>", "#include <b>", "line 1 of the program"),
                                   ("int x;", "int x;\nint z;", "'int z;' in the place of ''")):
            self.assert_says(sentence, check_readme.check, files | {"README.md": files["README.md"].replace(old, new)})
        self.assert_says("no block of C++ shows", check_readme.check, files | {"README.md": "Text\n"})

    def test_the_program_is_written_into_the_readme(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / check_readme.EXAMPLE).parent.mkdir(parents=True)
            (root / check_readme.EXAMPLE).write_text(LICENCE + "#include <a>\nint x;  // \\1\nf();  // example only\n", encoding="utf-8")
            (root / "README.md").write_text("Text\n```cpp\nold\n```\n```cpp\nint y;\n```\n", encoding="utf-8")
            check_readme.fix(root)
            self.assertEqual((root / "README.md").read_text(encoding="utf-8"),
                             "Text\n```cpp\n#include <a>\nint x;  // \\1\n```\n```cpp\nint y;\n```\n")

    # ---- symbols
    CONSTANTS = """#include <string>
#define LONGSHORE_ABI v1
namespace longshore::inline LONGSHORE_ABI {
inline const std::string label = "a label that is longer than a short string";
template <class T>
struct Launch {
  static inline const std::string label = "a label of this kernel, which is set before main";
  static constexpr int width = 4;
};
struct Names {
  static constexpr const char* count = "count";
  static inline const int* const first = &Launch<int>::width;
};
inline int sum(int all) {
  const int count = all - 1, hidden = all + 1;  // so named on purpose: a const local makes no static of its name const
  static const int table[] = {1, 2, 3, 4};
  return count + hidden + table[all & 3] + *Names::first + Names::count[0];
}
inline int use() { return sum(Launch<float>::width) + static_cast<int>(label.size() + Launch<int>::label.size()); }
"""

    # What the check must name, and how; each is in a namespace of its own.
    PLANTED = {
        "inline int next() { static int count = 0; return ++count; }": "mutable object {}next()::count",
        "template <class T> T get() { static T hidden = 1; return ++hidden; }\ninline int one() { return get<int>(); }":
            "mutable object {}get<int>()::hidden",
        "inline int count = 0;\ninline int next() { return ++count; }": "mutable object {}count",
        "struct Pool { static inline int count = 0; };\ninline int next() { return ++Pool::count; }":
            "mutable object {}Pool::count",
        "template <class T> struct Pool { static inline std::string label; };\n"
        "inline auto size() { return Pool<int>::label.size(); }": "mutable object {}Pool<int>::label[abi:cxx11]",
        'inline const char* name = "x";\ninline void next() { ++name; }': "mutable object {}name",
        "inline thread_local int first = 0;\ninline int next() { return ++first; }": "mutable object {}first",
        "static int hidden = 0;\ninline int more() { return ++hidden; }": "mutable object {}hidden",
        "inline auto size() { static const std::string sum(9, 'x'); return sum.size(); }": "mutable object {}size()::sum[abi:cxx11]",
        "int f(int x) { return x; }": "strong definition of {}f(int)",
        "template <class T> int f(T x) { return x; }\ntemplate <> int f<int>(int x) { return x + 1; }":
            "strong definition of int {}f<int>(int)",
        "template <class T> struct S { T f() const; };\ntemplate <> int S<int>::f() const { return 1; }":
            "strong definition of {}S<int>::f() const",
        "extern const int size;\nconst int size = 3;": "strong definition of {}size",
    }

    def symbols_say(self, code):
        """What the check says about an object file that includes a header with CONSTANTS and this code."""
        compiler = shutil.which("g++") or self.skipTest("g++ is missing")
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            path = root / "include/longshore/core/a.hpp"
            path.parent.mkdir(parents=True)
            path.write_text(f"{self.CONSTANTS}{code}\n}}\n", encoding="utf-8")
            (root / "a.cpp").write_text('#include "include/longshore/core/a.hpp"\n', encoding="utf-8")
            subprocess.run([compiler, "-std=c++20", "-fkeep-inline-functions", "-c", "a.cpp", "-o", "a.o"], cwd=root, check=True)
            return sorted(symbols.complaints(list(symbols.symbols_of(root / "a.o")), symbols.constants(Tree(root))))

    def test_constants_and_weak_functions_are_no_state(self):
        self.assertEqual(self.symbols_say("template <class T> T twice(T x) { return x + x; }\n"
                                          "inline int eight() { return twice(4) + use(); }"), [])

    def test_mutable_objects_and_strong_definitions_are_named(self):
        cases = {f"p{number}": case for number, case in enumerate(self.PLANTED.items())}
        found = self.symbols_say("\n".join(f"namespace {name} {{\n{code}\n}}" for name, (code, _) in cases.items()))
        for name, (code, sentence) in cases.items():
            said = [line for line in found if f"longshore::v1::{name}::" in line]
            self.assertTrue(said, code)
            for line in said:
                self.assertTrue(line.replace("guard variable for ", "").startswith(
                    f"a.o: {sentence.format(f'longshore::v1::{name}::')}: "), (code, said))


if __name__ == "__main__":
    unittest.main(verbosity=1)

# SPDX-License-Identifier: Apache-2.0
"""The scripts end with a one-line cause, from any folder, and name what is to be installed where they may not."""
import os
import pathlib
import shlex
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


def run(command, folder="/", **environment):
    """(status, lines of standard output, lines of standard error)"""
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
                            env=os.environ | {"LONGSHORE_SKIP_PACKAGES": "1"} | environment)
    return result.returncode, result.stdout.rstrip("\n").split("\n"), result.stderr.rstrip("\n").split("\n")


class Scripts(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.copy = pathlib.Path(self.folder.name) / "a clone"  # of the scripts alone, so that nothing is built
        shutil.copytree(ROOT / "scripts", self.copy / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
        (self.copy / "tests/support").mkdir(parents=True)
        shutil.copy(ROOT / "tests/support/batches.py", self.copy / "tests/support")
        (self.copy / "examples/long_short").mkdir(parents=True)  # knows the options of the example
        for name in ("options.cpp", "branch_choice.hpp"):
            shutil.copy(ROOT / "examples/long_short" / name, self.copy / "examples/long_short")

    def script(self, name, *arguments, **environment):
        return run(["bash", str(self.copy / "scripts" / name), *arguments], **environment)

    def bash(self, text, **environment):
        """Runs a text after the libraries of the scripts."""
        libraries = "".join(f"source '{self.copy}/scripts/lib/{name}.sh'; " for name in ("common", "packages", "kokkos"))
        return run(["bash", "-c", libraries + text, "some-script"], **environment)

    def test_arguments_that_are_wrong_end_with_a_cause(self):
        for name, arguments, cause in (
                ("setup", ["--nonsense"], "scripts/setup: failed: unknown argument --nonsense"),
                ("test", ["--nonsense"], "scripts/test: failed: unknown argument --nonsense: --full and -DKokkos_ROOT=DIR are known"),
                ("docs", ["--nonsense"], "scripts/docs: failed: unknown argument --nonsense: none is known"),
                ("demo", ["--data"], "scripts/demo: failed: --data needs a value"),
                ("demo", ["--fuse", "gate"], "scripts/demo: failed: the example has no option --fuse"),
                ("demo", ["--fuser=gate", "--full"], "scripts/demo: failed: the example has no option --full"),
                ("docs", ["--full"], "scripts/docs: failed: unknown argument --full: none is known"),
                ("demo", ["--out"], "scripts/demo: failed: --out needs a value"),
                ("demo", ["--fuser", "--plain"], "scripts/demo: failed: --fuser needs a value"),
                ("demo", ["u.data"], "scripts/demo: failed: u.data belongs to no option; a log of your own is given as --data u.data"),
                ("demo", ["--plain", "a"], "scripts/demo: failed: a belongs to no option; a log of your own is given as --data a"),
                ("demo", ["--epochs", "2", "3"], "scripts/demo: failed: 3 belongs to no option; a log of your own is given as --data 3"),
                ("demo", ["-x"], "scripts/demo: failed: the example has no option -x"),
                ("demo", ["--fuser", "nonsense"], "scripts/demo: failed: --fuser nonsense is none of: concat, weighted, mean, max, "
                                                  "product, gate, vector-gate, attention"),
                ("demo", ["--loss=mean max"], "scripts/demo: failed: --loss mean max is none of: bce, bpr, sampled-softmax, mse, softmax"),
                ("demo", ["--seed=-3"], "scripts/demo: failed: --seed -3 is no whole number from 0 on"),
                ("demo", ["--seed", "9" * 23], f"scripts/demo: failed: --seed {'9' * 23} is no whole number from 0 on"),
                ("demo", ["--patience=2147483648"], "scripts/demo: failed: --patience 2147483648 is no whole number from 0 on"),
                ("demo", ["-DKokkos_ROOT="], "scripts/demo: failed: -DKokkos_ROOT= names no folder: give one, or leave the argument out"),
                ("demo", ["--epochs", "0"], "scripts/demo: failed: --epochs 0 is no whole number from 1 to 1000000"),
                ("demo", ["--epochs", "1.5"], "scripts/demo: failed: --epochs 1.5 is no whole number from 1 to 1000000"),
                ("demo", ["--dropout", "1"], "scripts/demo: failed: --dropout 1 is no number from 0 to 0.99"),
                ("demo", ["--deviation", "0"], "scripts/demo: failed: --deviation 0 is no number above 0"),
                ("demo", ["--rate", "nan"], "scripts/demo: failed: --rate nan is no number from 0 on"),
                ("demo", ["--table="], "scripts/demo: failed: --table  is none of: auto, dense, sparse"),
                ("demo", ["--short=gru+"], "scripts/demo: failed: --short gru+ is none of: none, ENCODER, POOLING, ENCODER+POOLING, where "
                                           "ENCODER is one of: lstm gru self-attention transformer, and POOLING one of: last mean sum "
                                           "max decayed-mean decayed-sum attention dan target"),
                ("quality", ["--nonsense"], "scripts/quality: failed: unknown argument --nonsense: synthetic, twin, better, why "
                                           "and --seeds=N (2 to 99) are known"),
                ("quality", ["twin", "--seeds=1"], "scripts/quality: failed: unknown argument --seeds=1: synthetic, twin, better, why "
                                                   "and --seeds=N (2 to 99) are known"),
                ("bench", [], "scripts/bench: failed: the peers are not installed: add --peers, or name a Python with torch, "
                              "onnx, onnxruntime, faiss, implicit, numpy, safetensors and matplotlib by LONGSHORE_PYTHON"),
                ("build-cost", ["--nonsense"],
                 "scripts/build-cost: failed: unknown argument --nonsense: -DKokkos_ROOT=DIR and parts are known"),
                ("check-cuda", ["--nonsense"],
                 "scripts/check-cuda: failed: unknown argument --nonsense: -DKokkos_ROOT=DIR and parts are known"),
                ("demo", ["--data", "/no/such"], "scripts/demo: failed: cannot read the file /no/such given with --data"),
                ("demo", ["--data", "/"], "scripts/demo: failed: cannot read the file / given with --data"),
                ("demo", ["--data=/no/such"], "scripts/demo: failed: cannot read the file /no/such given with --data"),
                ("bench", ["--filte=x"], "scripts/bench: failed: unknown argument --filte=x: --peers, --scaling, --filter, "
                                         "--threads, --quick, --json, --page and -DKokkos_ROOT=DIR are known"),
                ("bench", ["--filter", "--quick", "--json"], "scripts/bench: failed: --json needs a value")):
            status, _, errors = self.script(name, *arguments, Kokkos_ROOT=self.folder.name, LONGSHORE_PYTHON="/no/such")
            self.assertEqual((status, errors), (1, [cause]))
            if name != "check-cuda" and arguments:  # and before anything that is installed or built, such as a Kokkos
                self.assertEqual(self.script(name, *arguments, Kokkos_ROOT="/no/such")[2], [cause])

    def build_cost(self, part):
        return run(["python3", str(self.copy / "scripts/lib/build_cost.py"), str(ROOT), "g++", "/no/such", self.folder.name, part])

    def test_build_cost_measures_or_says_why_not(self):
        status, lines, _ = self.build_cost("Eigen alone")
        self.assertEqual(status, 0)
        kind, *name, units, seconds, megabytes = lines[-1].split()
        self.assertEqual((kind, name, units), ("include", ["Eigen", "alone"], "1"))
        self.assertGreater(float(seconds), 0)
        self.assertGreater(float(megabytes), 10)
        status, _, errors = self.build_cost("no such row")
        self.assertEqual((status, errors[0].split(";")[0]), (1, "no row has no such row in its name"))
        status, _, errors = self.build_cost("Kokkos alone")
        self.assertEqual(status, 1)
        self.assertIn("Kokkos_Core.hpp", "".join(errors))

    def stub(self, name, text):
        """A program of this name that comes before others; gives the PATH."""
        path = self.copy / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        path.chmod(0o755)
        return f"{path.parent}:{os.environ['PATH']}"

    def example(self, text):
        """What scripts/demo takes for its built example; gives the PATH on which cmake builds nothing."""
        program = self.copy / ".cache/build-native/examples/long_short/long_short"
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        program.chmod(0o755)
        return self.stub("cmake", f'touch "{self.copy}/.cache/build-native/build.ninja"')

    # ---- which Kokkos is taken
    def fake_kokkos(self, name, has_package=True):
        folder = pathlib.Path(self.folder.name) / name
        package = folder / "lib/cmake/Kokkos"
        package.mkdir(parents=True)
        if has_package:
            (package / "KokkosConfig.cmake").write_text("add_library(Kokkos::kokkos INTERFACE IMPORTED)\n", encoding="utf-8")
        return folder

    def configured(self, *arguments, **environment):
        """(the sentence about a missing Kokkos, the Kokkos_DIR that was found) of one build folder that is configured again"""
        project, build = pathlib.Path(self.folder.name) / "project", pathlib.Path(self.folder.name) / "build"
        project.mkdir(exist_ok=True)
        (project / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.22)\nproject(some NONE)\n"
            f'include("{ROOT}/cmake/LongshoreDependencies.cmake")\n'
            'string(REGEX MATCH "[^\n]*Kokkos[^\n]*" first "${longshore_missing}")\nmessage("<${first}|${Kokkos_DIR}>")\n', encoding="utf-8")
        others = [f"-DCMAKE_DISABLE_FIND_PACKAGE_{name}=ON" for name in ("Eigen3", "xtensor", "nlohmann_json", "ZLIB", "xxHash")]
        status, lines, errors = run(["cmake", "-S", project, "-B", build, "-DCMAKE_FIND_PACKAGE_NO_PACKAGE_REGISTRY=ON", *others,
                                     *arguments], **({"Kokkos_ROOT": ""} | environment))
        said = "\n".join(errors)
        self.assertEqual(status, 0, said)
        return tuple(said.split("<")[-1].split(">")[0].replace(self.folder.name, "").split("|"))

    def test_cmake_takes_the_kokkos_of_the_given_root_and_no_other(self):
        one, two, none = self.fake_kokkos("kokkos"), self.fake_kokkos("kokkos-cuda"), self.fake_kokkos("wrong", False)
        system = f"-DCMAKE_PREFIX_PATH={self.fake_kokkos('system')}"
        found = lambda name: ("", f"/{name}/lib/cmake/Kokkos")
        refused = ("longshore: the given Kokkos_ROOT /wrong holds no Kokkos, only /system/lib/cmake/Kokkos was found: give the "
                   "folder of its installation, or no Kokkos_ROOT to take that one.", "")
        self.assertEqual(self.configured(f"-DKokkos_ROOT={one}", system), found("kokkos"))
        self.assertEqual(self.configured(f"-DKokkos_ROOT={two}"), found("kokkos-cuda"))
        self.assertEqual(self.configured(), found("kokkos-cuda"))
        for _ in range(2):  # again with what the first time left
            self.assertEqual(self.configured(f"-DKokkos_ROOT={none}"), refused)
        self.assertEqual(self.configured(f"-DKokkos_ROOT={one}"), found("kokkos"))
        shutil.rmtree(pathlib.Path(self.folder.name) / "build")
        self.assertEqual(self.configured(system, Kokkos_ROOT=str(none)), refused)
        self.assertEqual(self.configured(Kokkos_ROOT=str(two)), found("kokkos-cuda"))
        self.assertEqual(self.configured(), found("kokkos-cuda"))  # make configures again without the variable
        (pathlib.Path(self.folder.name) / "link").symlink_to(one)
        self.assertEqual(self.configured(f"-DKokkos_ROOT={self.folder.name}/link")[0], "")
        shutil.rmtree(pathlib.Path(self.folder.name) / "build")
        for _ in range(2):
            self.assertEqual(self.configured(f"-DKokkos_DIR={one}/lib/cmake/Kokkos", Kokkos_ROOT=str(two)), found("kokkos"))
        shutil.rmtree(pathlib.Path(self.folder.name) / "build")
        self.assertEqual(self.configured(system), found("system"))

    def test_another_root_configures_again_and_a_failure_is_not_forgotten(self):
        path = self.stub("cmake", 'echo "cmake $*" >>"$CALLS"; case "$*" in *wrong*) exit 1;; *--preset*) '
                                  f'mkdir -p "{self.copy}/.cache/build-native"; touch "{self.copy}/.cache/build-native/build.ninja";; esac')
        calls = pathlib.Path(self.folder.name) / "calls"
        for root, expected in (("/opt/kokkos-cuda", 1), ("/opt/kokkos", 1), ("/opt/kokkos", 0), ("/wrong", 1), ("/wrong", 1),
                               ("/opt/kokkos", 1)):
            calls.write_text("", encoding="utf-8")
            status = self.bash(f"source '{self.copy}/scripts/lib/native.sh'; kokkos_root={root}; build_example", PATH=path,
                               CALLS=str(calls))[0]
            lines = calls.read_text(encoding="utf-8").splitlines()
            self.assertEqual((status, lines.count(f"cmake --preset native -DKokkos_ROOT={root}")), (int(root == "/wrong"), expected))
            self.assertEqual(sum("--build" in line for line in lines), int(root != "/wrong"))

    def test_golden_values_are_not_begun_without_all_packages_that_their_modules_import(self):
        command = "pip install implicit numpy safetensors scikit-learn scipy torch"
        program = ROOT / "tests/golden/generate.py"
        status, said, why = run(["python3", "-I", "-S", str(program), "--out", self.folder.name + "/golden"])  # -S: no packages
        self.assertEqual((status, said, why), (1, [""], ["generate.py needs packages that are missing here: " + command]))
        self.assertFalse(pathlib.Path(self.folder.name, "golden").exists())
        for page in (program, ROOT / "CONTRIBUTING.md"):
            self.assertIn(command, page.read_text(encoding="utf-8"))

    def test_the_last_line_of_a_step_that_fails_has_its_cause(self):
        for said, cause in (("-- The compiler\nCMake Error at a.cmake:3 (message):\n  longshore: Kokkos was not\n  found.\n\n\n-- Done",
                             "longshore: Kokkos was not found."),
                            ("[1/2] cc\na.hpp:3:4: error: no such name\nb.hpp:1:1: error: another", "a.hpp:3:4: error: no such name"),
                            ("Get:1\nE: Unable to locate package x\nmore", "E: Unable to locate package x"),
                            ("Traceback\n  File x\nValueError: y", "ValueError: y"), ("one\ntwo\n\n", "two")):
            status, _, errors = self.bash(f"step x 'Doing it' bash -c 'echo \"$0\"; exit 3' {shlex.quote(said)}")
            self.assertEqual((status, errors[-1]), (1, f"scripts/some-script: failed: Doing it: {cause} (whole output: .cache/logs/x.log)"))

    def test_the_demo_ends_as_the_example_does(self):
        for status, said in ((0, [""]), (130, ["long_short: why"]), (1, ["long_short: why"]),
                             (139, ["long_short: why", "scripts/demo: failed: the example ended with status 139"])):
            path = self.example(f"{'echo long_short: why >&2' if status else ''}\nexit {status}")
            self.assertEqual(self.script("demo", Kokkos_ROOT=self.folder.name, PATH=path)[::2], (1 if status == 139 else status, said))

    def test_the_demo_hands_the_options_on(self):
        path = self.example('printf "%s|" "$@"')
        log = self.copy / "scripts/a log.csv"
        log.touch()
        given = ["--long", "none", "--short=transformer+target", "--plain", "--rate", "1e-3", "--title", "", "--header", "user", "item",
                 "--data", str(log), "--fuser", "vector-gate", "--cut-out=true", "--header=a,b", "c"]
        self.assertEqual(self.script("demo", *given, Kokkos_ROOT=self.folder.name, PATH=path)[1][-1],
                         "--long=none|--short=transformer+target|--plain|--rate=1e-3|--title||--header=user|--header=item|"
                         f"--data={log}|--fuser=vector-gate|--cut-out=true|--header=a,b|--header=c|")

    def test_the_demo_lets_threads_sleep_unless_it_is_told_otherwise(self):
        path = self.example('echo "$OMP_PROC_BIND|$GOMP_SPINCOUNT|$OMP_WAIT_POLICY"')
        for given, said in (({}, "false|2000|"), ({"OMP_PROC_BIND": "true", "GOMP_SPINCOUNT": "7"}, "true|7|"),
                            ({"OMP_WAIT_POLICY": "active"}, "false||active")):
            unset = {name: "" for name in ("OMP_PROC_BIND", "GOMP_SPINCOUNT", "OMP_WAIT_POLICY")}
            self.assertEqual(self.script("demo", Kokkos_ROOT=self.folder.name, PATH=path, **{**unset, **given})[1][-1], said)

    def test_help_is_the_head_of_the_script_and_comes_before_anything_is_made(self):
        for path in sorted((self.copy / "scripts").iterdir()):
            if path.is_file():
                status, lines, errors = self.script(path.name, "--full", "--help", Kokkos_ROOT="/no/such")
                self.assertEqual((status, errors), (0, [""]), path.name)
                self.assertIn(f"  bash scripts/{path.name} ", "\n".join(lines))
                self.assertEqual(f"# {lines[0]}", path.read_text(encoding="utf-8").split("\n")[1])
                self.assertEqual([line for line in lines if len(line) > 80], [], path.name)
        self.assertFalse((self.copy / ".cache").exists())

    # ---- check-cuda
    def check_cuda(self, said, *arguments, status=0):
        """Runs it on one kernel test with an nvcc that says this and ends with this status."""
        for path, text in (("README.md", "```cpp\nint main() {}\n```\n"), ("include/longshore/a.hpp", ""),
                           ("tests/kernels/test_a.cpp", "int a;\n"), ("bin/nvcc", f"#!/bin/sh\ncat <<'EOF'\n{said}\nEOF\nexit {status}\n"),
                           ("kokkos/include/KokkosCore_config.h", "#define KOKKOS_ENABLE_CUDA\n")):
            (self.copy / path).parent.mkdir(parents=True, exist_ok=True)
            (self.copy / path).write_text(text, encoding="utf-8")
        (self.copy / "bin/nvcc").chmod(0o755)
        return self.script("check-cuda", f"-DKokkos_ROOT={self.copy}/kokkos", *(arguments or ["kernels"]),
                           PATH=f"{self.copy}/bin:{os.environ['PATH']}")

    PTXAS = """ptxas info    : 0 bytes gmem
ptxas info    : Compiling entry function '_Z10CountZerosv' for 'sm_90'
ptxas info    : Function properties for _Z10CountZerosv
    8 bytes stack frame, %d bytes spill stores, 4 bytes spill loads
ptxas info    : Used 40 registers, used 1 barriers
ptxas info    : Compiling entry function '_Z1gv' for 'sm_90'
ptxas info    : Function properties for _Z1gv
    0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
ptxas info    : Used 24 registers"""
    NO_SPILLS = PTXAS.replace("%d bytes spill stores, 4", "0 bytes spill stores, 0")
    UNFIT = "scripts/check-cuda: failed: a unit does not compile for sm_90, spills, or has a stack without a reason"

    def test_kernels_and_registers_are_counted(self):
        status, lines, _ = self.check_cuda(self.NO_SPILLS)
        self.assertEqual((status, lines[1].split()[:5]), (0, ["tests/kernels/test_a.cpp", "2", "40", "0", "8"]))
        self.assertEqual(lines[2:], ["   0 bytes spilled, 8 of stack: CountZeros()",
                                     "      Kokkos' own scan keeps its partial sum there",
                                     "1 units, 2 different kernels (all in .cache/check-cuda/kernels.txt), at most 40 registers, "
                                     "0 bytes spilled, 1 functions with a stack, 0 failed"])
        table = (self.copy / ".cache/check-cuda/kernels.txt").read_text(encoding="utf-8").split("\n")
        self.assertEqual([line.split() for line in table[1:3]], [["40", "0", "8", "CountZeros()"], ["24", "0", "0", "g()"]])

    def test_everything_is_the_headers_the_readme_and_the_tests(self):
        status, lines, _ = self.check_cuda(self.NO_SPILLS, "headers", "README.md", "tests/kernels/test_a.cpp")
        self.assertEqual((status, [line.split()[0] for line in lines if not line.startswith(" ")][1:4]),
                         (0, ["headers", "README.md", "tests/kernels/test_a.cpp"]))
        status, _, errors = self.check_cuda("", "kernel")
        self.assertEqual((status, errors[-1]), (1, "scripts/check-cuda: failed: a part is unknown (see the line above)"))
        self.assertIn("unknown part kernel: headers, README.md, a folder", errors[0])

    def test_the_files_of_a_folder_are_compiled_together_but_for_those_with_macros(self):
        (self.copy / "tests/kernels").mkdir(parents=True)
        for name, text in (("b", '#include "../support/b.hpp"\nint b;\n'), ("c", "#define C\n"), ("d", "#include <d>\n")):
            (self.copy / f"tests/kernels/test_{name}.cpp").write_text(text, encoding="utf-8")
        status, lines, _ = self.check_cuda(self.NO_SPILLS, "tests/kernels/")
        self.assertEqual((status, [line.split("  ")[0] for line in lines[1::3]][:2]),
                         (0, ["tests/kernels/test_c.cpp", "tests/kernels, 2: 3 files"]))
        tests = self.copy / "tests/kernels"
        self.assertEqual((self.copy / ".cache/check-cuda/units/kernels_0.cpp").read_text(encoding="utf-8"),
                         '#include "tests/support/b.hpp"\n#include <d>\n' + "".join(
                             f'namespace test_{name} {{\n#include "{tests}/test_{name}.cpp"\n}}  // namespace test_{name}\n'
                             for name in "abd"))

    def test_spills_errors_and_warnings_of_our_files_fail_and_are_shown(self):
        ours = f"{self.copy}/include/longshore/a.hpp(3): warning #177-D: variable x was declared but never referenced"
        without_reason = self.NO_SPILLS.replace("_Z10CountZerosv", "_Z1fv")
        for said, status, shown in ((without_reason, 0, "      NO REASON IS GIVEN"),
                                    (self.PTXAS % 12, 0, "   16 bytes spilled, 8 of stack: CountZeros()"),
                                    ("a.hpp(3): error: no such name", 2, "   a.hpp(3): error: no such name"),
                                    (self.NO_SPILLS + "\n" + ours, 0, f"   {ours}"),
                                    ("ptxas /tmp/a.ptx, line 5; warning : x", 0, "   ptxas /tmp/a.ptx, line 5; warning : x"),
                                    ("nothing to recognise", 1, "   nothing to recognise")):
            found, lines, errors = self.check_cuda(said, status=status)
            self.assertEqual((found, errors[-1]), (1, self.UNFIT), said)
            self.assertIn(shown, lines)

    def test_warnings_of_a_library_are_its_own(self):
        self.assertEqual(self.check_cuda("/usr/include/eigen3/Eigen/Core(3): warning #20012-D: x")[0], 0)

    def test_a_missing_nvcc_or_kokkos_is_named_and_not_a_success(self):
        paths = "/usr/bin:/bin"
        if shutil.which("nvcc", path=paths) is None:
            status, _, errors = self.script("check-cuda", PATH=paths, CUDA_HOME="/no/such")
            self.assertEqual((status, errors), (77, ["scripts/check-cuda: skipped: there is no nvcc: install the CUDA toolkit 13 "
                                                     "or put its bin folder on the PATH"]))
        self.check_cuda("")
        there = f"{self.copy}/bin:{paths}"
        status, _, errors = self.script("check-cuda", PATH=there, Kokkos_ROOT="")
        self.assertEqual((status, errors), (77, ["scripts/check-cuda: skipped: no Kokkos with CUDA is given: -DKokkos_ROOT=DIR or "
                                                 "the variable Kokkos_ROOT"]))
        (self.copy / "kokkos/include/KokkosCore_config.h").write_text("/* #undef KOKKOS_ENABLE_CUDA */\n", encoding="utf-8")
        status, _, errors = self.script("check-cuda", f"-DKokkos_ROOT={self.copy}/kokkos", PATH=there)
        self.assertEqual((status, errors), (77, [f"scripts/check-cuda: skipped: the Kokkos in {self.copy}/kokkos is not built with "
                                                 "CUDA (Kokkos_ENABLE_CUDA=ON)"]))

    def test_a_given_kokkos_is_used_and_a_wrong_one_is_named(self):
        self.assertEqual(self.script("setup", f"-DKokkos_ROOT={self.folder.name}", Kokkos_ROOT="/no/such")[:2],
                         (0, [f"== Using Kokkos from {self.folder.name}"]))
        status, _, errors = self.script("setup", Kokkos_ROOT="/no/such")
        self.assertEqual((status, errors), (1, ["scripts/setup: failed: the given Kokkos_ROOT /no/such is not a folder"]))

    def path_without(self, *programs):
        """A PATH of what the scripts call until they build, but for these and sudo."""
        for name in {"bash", "basename", "cat", "cmake", "dirname", "g++", "grep", "head", "id", "mkdir", "ninja", "nproc", "python3",
                     "sed"} - set(programs):
            self.stub(name, f'exec {shutil.which(name) or "/bin/true"} "$@"')
        return str(self.copy / "bin")

    def test_a_compiler_that_is_missing_and_may_not_be_installed_is_named(self):
        for name, missing, arguments in (("setup", "g++", []), ("demo", "ninja", []), ("test", "cmake", []), ("setup", "clang++-16", ["--full"]),
                                         ("test", "clang++-16", ["--full"])):
            shutil.rmtree(self.copy / "bin", ignore_errors=True)
            for root in ("", self.folder.name):  # whether or not a Kokkos is to be built
                status, _, errors = self.script(name, *arguments, PATH=self.path_without(missing), Kokkos_ROOT=root)
                self.assertEqual((status, errors), (1, [f"scripts/{name}: failed: there is no {missing}, and LONGSHORE_SKIP_PACKAGES "
                                                        "forbids to install it"]))

    def test_what_full_needs_is_named_with_the_rest(self):
        path = self.path_without()
        self.stub("dpkg-query", "exit 1")
        self.stub("id", "echo 1000")
        for arguments, named in (([], False), (["--full"], True)):
            status, lines, errors = self.script("setup", *arguments, PATH=path, LONGSHORE_SKIP_PACKAGES="")
            said = "\n".join(lines + errors)
            self.assertEqual((status, "libeigen3-dev" in said, " clang-16 " in said), (1, True, named), said)

    def test_another_system_is_told_what_to_install(self):
        status, lines, errors = self.bash("is_debian_12() { false; }; install_packages one-dev two-dev",
                                          LONGSHORE_SKIP_PACKAGES="")
        self.assertEqual(status, 1)
        self.assertIn("   one-dev two-dev", lines)
        self.assertIn("install the above, then run again with LONGSHORE_SKIP_PACKAGES=1", errors[-1])

    def test_without_the_right_to_install_the_command_is_named(self):
        status, _, errors = self.bash("is_debian_12() { true; }; as_root() { return 127; }; install_packages no-such-dev bash",
                                      LONGSHORE_SKIP_PACKAGES="")
        if shutil.which("dpkg-query") is None:
            self.skipTest("no dpkg")
        self.assertEqual(status, 1)
        self.assertIn("as root: apt-get update && apt-get install --no-install-recommends no-such-dev", errors[-1])

    def test_nothing_is_installed_when_nothing_is_missing(self):
        if shutil.which("dpkg-query") is None:
            self.skipTest("no dpkg")
        self.assertEqual(self.bash("is_debian_12() { true; }; as_root() { return 127; }; install_packages bash dpkg",
                                   LONGSHORE_SKIP_PACKAGES="")[0], 0)

    def test_the_right_to_install_is_asked_for_only_where_it_is_needed(self):
        text = "is_debian_12() { true; }; as_root() { echo asked; return 127; }; missing_packages() { echo $MISSING; }; " \
               "install_if_allowed doxygen; echo end"
        for environment, expected in (({"MISSING": "doxygen"}, ["end"]), ({"LONGSHORE_SKIP_PACKAGES": "", "MISSING": ""}, ["end"]),
                                      ({"LONGSHORE_SKIP_PACKAGES": "", "MISSING": "doxygen"}, ["asked", "end"])):
            self.assertEqual(self.bash(text, **environment)[:2], (0, expected))

    def test_a_cdpath_changes_nothing(self):
        status, lines, errors = run(["bash", "a clone/scripts/setup", "--nonsense"], self.folder.name, CDPATH=f".:{self.folder.name}")
        self.assertEqual((status, lines, errors), (1, [""], ["scripts/setup: failed: unknown argument --nonsense"]))
        self.assertEqual([path.name for path in pathlib.Path(self.folder.name).iterdir()], ["a clone"])

    def test_a_build_folder_of_before_a_move_is_made_anew(self):
        build = self.copy / ".cache/build-native"
        for home, kept in ((self.copy, True), ("/somewhere/else", False)):
            build.mkdir(parents=True, exist_ok=True)
            (build / "CMakeCache.txt").write_text(f"A:B=C\nCMAKE_HOME_DIRECTORY:INTERNAL={home}\n", encoding="utf-8")
            status, lines, _ = self.bash('forget_moved "$cache/build-native"; forget_moved "$cache/nothing"')
            self.assertEqual((status, build.exists()), (0, kept))
        self.assertEqual(lines, ["== The repository was at /somewhere/else when .cache/build-native was made: making it anew"])

    def test_a_step_stops_at_the_first_failing_line_and_shows_its_log(self):
        status, lines, errors = self.bash("work() { echo before; false; echo after; }; step work 'Working' work; echo on")
        self.assertEqual((status, lines), (1, ["== Working"]))
        self.assertEqual(errors, ["before", "scripts/some-script: failed: Working: before (whole output: .cache/logs/work.log)"])

    def test_a_step_that_works_says_how_long_it_took(self):
        status, lines, _ = self.bash("step work 'Working' true; echo on")
        self.assertEqual((status, lines), (0, ["== Working", "   done in 0 s", "on"]))

    def test_source_entries_are_derived_and_the_systems_stay(self):
        status, lines, _ = self.bash("""
            mkdir -p "$cache/etc/sources.list.d" && cd "$cache/etc"
            printf 'deb [arch=amd64] mirror:/list bookworm main\\n# deb commented\\ndeb-src x y z\\n' >sources.list
            printf 'Types: deb\\nURIs: mirror:/list\\nSuites: bookworm\\n' >sources.list.d/debian.sources
            source_entries "$cache/etc" "$cache/out" && cat "$cache/out/sources.list" "$cache/out/debian.sources" sources.list""")
        self.assertEqual((status, lines), (0, ["deb-src [arch=amd64] mirror:/list bookworm main", "deb-src x y z",
                                               "Types: deb-src", "URIs: mirror:/list", "Suites: bookworm",
                                               "deb [arch=amd64] mirror:/list bookworm main", "# deb commented",
                                               "deb-src x y z"]))


if __name__ == "__main__":
    unittest.main()

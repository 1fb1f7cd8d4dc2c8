# SPDX-License-Identifier: Apache-2.0
"""Builds the pipeline of a consumer in one way, trains it and reads back what it saved.

    consume.py WAY --source DIR --binary DIR --kokkos-dir DIR --compiler FILE --generator NAME [--conan FILE]

Status 77, which ctest takes for skipped, with a sentence where the way is not open here.
"""
import argparse
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tarfile

HERE = pathlib.Path(__file__).resolve().parent
DEBUG_FLAGS = "-O0"  # the programs compile in half the time


def skip(sentence):
    print(f"skipped: {sentence}")
    sys.exit(77)


def run(*command, fails=False, **options):
    """The output of a command that must succeed, or must fail. Long outputs are shown in part."""
    print("$", shlex.join(map(str, command)), flush=True)
    result = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **options)
    lines = result.stdout.split("\n")
    print("\n".join(lines if len(lines) < 150 else lines[:20] + ["..."] + lines[-100:]), flush=True)
    if (result.returncode != 0) != fails:
        sys.exit(f"status {result.returncode} of {shlex.join(map(str, command))}")
    return result.stdout


class Consumer:
    def __init__(self, arguments):
        self.source, self.binary = arguments.source, arguments.binary
        self.kokkos_dir, self.compiler = arguments.kokkos_dir, arguments.compiler
        self.generator, self.conan_program = arguments.generator, arguments.conan
        self.folder = arguments.binary / f"consumer-{arguments.way}"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()

    # ---- CMake
    def configure(self, project, build, *arguments):
        return self.configure_without_kokkos(project, build, f"-DKokkos_DIR={self.kokkos_dir}", *arguments)

    def configure_without_kokkos(self, project, build, *arguments):
        """Says nothing of where Kokkos is."""
        environment = {name: value for name, value in os.environ.items() if name not in ("Kokkos_ROOT", "CMAKE_PREFIX_PATH")}
        return run("cmake", "-S", project, "-B", build, "-G", self.generator, f"-DCMAKE_CXX_COMPILER={self.compiler}",
                   "-DCMAKE_BUILD_TYPE=Debug", f"-DCMAKE_CXX_FLAGS_DEBUG={DEBUG_FLAGS}",
                   "-DCMAKE_FIND_PACKAGE_NO_PACKAGE_REGISTRY=ON", *arguments, env=environment)

    def install(self):
        """Installs the package of the build tree; gives its prefix."""
        prefix = self.folder / "prefix"
        run("cmake", "--install", self.binary, "--prefix", prefix)
        return prefix

    def check(self, program):
        run(sys.executable, HERE / "read_back.py", program)

    def installed(self):
        build, package = self.folder / "build", f"-Dlongshore_ROOT={self.install()}"
        # The package remembers its Kokkos. C++17 in the user's project does no harm: the package asks for C++20.
        self.configure_without_kokkos(HERE / "installed", build, package, "-DCMAKE_CXX_STANDARD=17")
        self.expect_kokkos(build, self.kokkos_dir)
        run("cmake", "--build", build)
        self.check(build / "consumer")
        # Another one that the user names comes first, also in a build tree that has found the remembered one.
        root = next(path for path in self.kokkos_dir.parents if (path / "include").exists())
        other = self.folder / "other"
        other.symlink_to(root)
        its_dir = other / self.kokkos_dir.relative_to(root)
        self.configure_without_kokkos(HERE / "installed", build, f"-DKokkos_ROOT={other}")
        self.expect_kokkos(build, its_dir)
        for number, argument in enumerate((f"-DKokkos_ROOT={other}", f"-DKokkos_DIR={its_dir}", f"-DCMAKE_PREFIX_PATH={other}")):
            fresh = self.folder / f"build-{number}"
            self.configure_without_kokkos(HERE / "installed", fresh, package, argument)
            self.expect_kokkos(fresh, its_dir)

    @staticmethod
    def expect_kokkos(build, folder):
        found = re.search(r"^Kokkos_DIR:\w+=(.*)$", (build / "CMakeCache.txt").read_text(encoding="utf-8"), re.MULTILINE)
        if not found or pathlib.Path(found[1]) != folder:
            sys.exit(f"Kokkos was found in {found and found[1]}, expected {folder}")

    def subdirectory(self):
        build = self.folder / "build"
        self.configure(HERE / "subdirectory", build, f"-DLONGSHORE_CHECKOUT={self.source}")
        run("cmake", "--build", build)
        self.check(build / "consumer")

    def fetch_content(self):
        """The project that docs/install.md prints, with an archive; and that of a checkout, which is configured only."""
        project, build = self.folder / "project", self.folder / "build"
        project.mkdir()
        text = printed_project(self.source / "docs/install.md", "FetchContent")
        (project / "CMakeLists.txt").write_text(text, encoding="utf-8")
        for file in (HERE / "pipeline").iterdir():
            shutil.copy(file, project)
        archive = project / re.search(r'URL "\$\{CMAKE_SOURCE_DIR\}/([^"]*)"', text)[1]
        with tarfile.open(archive, "w:gz") as packed:
            for name in ("CMakeLists.txt", "cmake", "include", "LICENSE"):
                packed.add(self.source / name, f"longshore-0.1/{name}")
        self.configure(project, build)
        run("cmake", "--build", build)
        self.check(build / "my_program")
        self.configure(HERE / "fetch_content", self.folder / "checkout", f"-DLONGSHORE_CHECKOUT={self.source}")

    def examples(self):
        """Each example, its folder copied out, is a project of its own against an installed package, too."""
        prefix = self.install()
        for example in sorted(path.parent for path in (self.source / "examples").glob("*/CMakeLists.txt")):
            project, build = self.folder / "examples" / example.name, self.folder / example.name
            shutil.copytree(example, project)
            self.configure(project, build, f"-Dlongshore_ROOT={prefix}")
            run("cmake", "--build", build)
            if not os.access(build / project.name, os.X_OK):
                sys.exit(f"{example} does not build a program {example.name}")

    def quiet(self):
        """A parent project that takes the library sees nothing of it but its two targets."""
        places = {"package": [f"-Dlongshore_ROOT={self.install()}"], "build tree": [f"-Dlongshore_DIR={self.binary}"],
                  "subdirectory": [f"-DLONGSHORE_CHECKOUT={self.source}"], "fetch_content": [f"-DLONGSHORE_CHECKOUT={self.source}"]}
        build, prefix = self.folder / "build", self.folder / "parent"
        for place, arguments in ({"nothing": []} | places).items():
            shutil.rmtree(build, ignore_errors=True)
            way = "package" if place == "build tree" else place
            text = self.configure(HERE / "quiet", build, f"-DWAY={way}", *arguments)
            if place == "nothing":
                silence = text
            elif text != silence:
                sys.exit(f"as {place} the library prints something")
            if "Total Tests: 0" not in run("ctest", "-N", cwd=build):
                sys.exit(f"as {place} the library brings tests")
            run("cmake", "--install", build, "--prefix", prefix)
            if any(prefix.rglob("*")):
                sys.exit(f"as {place} the library brings install rules: {list(prefix.rglob('*'))}")
            options = re.findall(r"^(LONGSHORE_\w+):", run("cmake", "-L", "-N", build), re.MULTILINE)
            if set(options) - {"LONGSHORE_CHECKOUT"}:
                sys.exit(f"as {place} the library shows its own options: {options}")

    # ---- the command line that README.md prints
    def plain(self):
        command = printed_command(self.source / "README.md")
        root = self.kokkos_dir.parents[2]
        if not (root / "include/Kokkos_Core.hpp").exists() or not list((root / "lib").glob("libkokkoscore.*")):
            skip(f"the command of README.md is for a Kokkos in a folder of its own; this one has {self.kokkos_dir}")
        if not re.search(r"^g\+\+", pathlib.Path(self.compiler).name):
            skip(f"the command of README.md is for g++, this build is with {self.compiler}")
        for file in (HERE / "pipeline").iterdir():
            shutil.copy(file, self.folder)
        folders = os.environ | {"LONGSHORE": str(self.source), "KOKKOS": str(root)}
        run("bash", "-c", command, cwd=self.folder, env=folders)
        self.check(self.folder / "my_program")
        everything = self.folder / "everything.cc"
        everything.write_text("#include <longshore/longshore.hpp>\n", encoding="utf-8")
        # C++17 and what is missing are refused with a sentence, not with a page.
        for sentence, there, instead in (
                ("Longshore needs C++20: compile with -std=c++20", "-std=c++20", "-std=c++17"),
                ("Longshore needs Kokkos 3.4.01 or newer: give the compiler the include folder of one", "$KOKKOS/include", "/absent"),
                ("Longshore needs Eigen 3.4 or newer: give the compiler its folder, such as -isystem /usr/include/eigen3",
                 "/usr/include/eigen3", "/absent")):
            if there not in command:
                sys.exit(f"the command of README.md has no {there}")
            wrong = command.replace(there, instead).replace("*.cpp", "everything.cc -fsyntax-only")
            expect_sentence(sentence, run("bash", "-c", wrong, cwd=self.folder, env=folders, fails=True))

    # ---- Conan
    def conan(self, *arguments, **options):
        if not self.conan_program or not pathlib.Path(self.conan_program).exists():
            skip("there is no Conan; scripts/test installs it into .cache/conan where Python packages can be installed")
        home = {name: value for name, value in os.environ.items() if name not in ("Kokkos_ROOT", "CC", "CXX")}
        home |= {"CONAN_HOME": str(self.folder / "home"), "CXX": self.compiler}
        return run(self.conan_program, *arguments, env=home, **options)

    def profile(self, root=None):
        root = root or next(path for path in self.kokkos_dir.parents if (path / "include").exists())
        compilers = {"cpp": self.compiler}
        flags = {"CMAKE_CXX_FLAGS_DEBUG": DEBUG_FLAGS}
        return ["--no-remote", "-pr:a", self.source / "conan/system", "-o", f"kokkos/*:root={root}", "-s", "build_type=Debug",
                "-c", f"tools.build:compiler_executables={compilers}", "-c", "tools.cmake.cmaketoolchain:user_presets=",
                "-c", f"tools.cmake.cmaketoolchain:extra_variables={flags}"]

    def conan_create(self):
        self.conan("export", self.source / "conan/kokkos-system")
        text = self.conan("create", self.source, *self.profile(), "--build=missing",
                          "-c", f"tools.cmake.cmake_layout:test_folder={self.folder / 'test_package'}")
        if "tensors moved" not in text:  # else the test_package would pass without running
            sys.exit("the test_package did not run its program")

    def conan_editable(self):
        library, build = self.folder / "library", self.folder / "build"
        self.conan("export", self.source / "conan/kokkos-system")
        self.conan("editable", "add", self.source, "-of", library)
        self.conan("build", self.source, "-of", library, *self.profile(), "--build=missing")
        self.conan("build", HERE / "editable", "-of", build, *self.profile())
        self.check(build / "build/Debug/consumer")

    def conan_refused(self):
        """What validate() says."""
        self.conan("export", self.source / "conan/kokkos-system")
        self.conan("export", self.source)
        old = self.folder / "old"
        package = old / "lib/cmake/Kokkos"
        package.mkdir(parents=True)
        (package / "KokkosConfig.cmake").write_text("", encoding="utf-8")
        (package / "KokkosConfigVersion.cmake").write_text('set(PACKAGE_VERSION "3.3.01")\n', encoding="utf-8")
        gcc, clang = (["-s", f"compiler={name}", "-s", f"compiler.version={version}", "-s", "compiler.libcxx=libstdc++11"]
                      for name, version in (("gcc", 11), ("clang", 14)))
        other = gcc if "clang" in pathlib.Path(self.compiler).name else clang  # whose standard the profile does not give
        header = (self.source / "include/longshore/version.hpp").read_text(encoding="utf-8")
        reference = "longshore/" + re.search(r'VERSION_STRING "(.*)"', header).group(1)
        said = ""
        for sentence, root, arguments in (
                ("Longshore needs C++20, compiler.cppstd is 17: add -s compiler.cppstd=20", None, ["-s", "compiler.cppstd=17"]),
                ("Longshore needs gcc 12 or newer, this one is gcc 11", None, [*gcc, "-s", "compiler.cppstd=20"]),
                ("Longshore needs C++20, compiler.cppstd is not given: add -s compiler.cppstd=20", None, other),
                ("Longshore needs clang 16 or newer, this one is clang 14", None, [*clang, "-s", "compiler.cppstd=20"]),
                ("Longshore needs Kokkos 3.4.01 or newer, this one is 3.3.01", old, []),
                (f'no Kokkos is installed in "{self.folder}": name the folder of its installation with -o "kokkos/*:root=DIR"',
                 self.folder, [])):
            said += self.conan("install", f"--requires={reference}", "--build=missing", *self.profile(root), *arguments, fails=True)
            expect_sentence(sentence, said[said.rfind("Computing necessary packages"):])
        page = (self.source / "docs/conan.md").read_text(encoding="utf-8")
        for command in re.findall(r"^conan (?:create|build|install) .*$", page, re.MULTILINE):
            if "--no-remote" not in command:  # as these tests run it: without it Conan asks servers
                sys.exit(f"docs/conan.md prints a command that needs a network: {command}")
        printed = re.findall(r"^\| .* \| (.* needs .*|no Kokkos .*) \|$", page, re.MULTILINE)
        wrong = [sentence for sentence in printed if sentence.replace("DIR", str(self.folder), 1) not in said and sentence not in said]
        if wrong or len(printed) < 4:
            sys.exit(f"docs/conan.md has {len(printed)} sentences, of which the recipes never say {wrong}")


def printed_project(page, word):
    """The one block of CMake of a page that is a whole project and has the word."""
    blocks = re.findall(r"^```cmake\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    projects = [block for block in blocks if re.search(r"^project\(", block, re.MULTILINE) and word in block]
    if len(projects) != 1:
        sys.exit(f"{page} has {len(projects)} projects with {word}, 1 is expected")
    return projects[0]


def printed_command(readme):
    """The one command line of README.md that compiles a program with g++."""
    blocks = re.findall(r"^```bash\n(.*?)^```$", readme.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    commands = [line for block in blocks for line in block.replace("\\\n", " ").split("\n") if line.startswith("g++ ")]
    if len(commands) != 1:
        sys.exit(f"README.md has {len(commands)} command lines that begin with g++, 1 is expected")
    return commands[0]


def expect_sentence(sentence, output):
    """The output has the sentence, and little else that is called an error."""
    if sentence not in re.sub(r"\s+", " ", output):
        sys.exit(f"refused, but not with: {sentence}")
    errors = re.findall(r"^.*\berror\b.*$", output, re.MULTILINE | re.IGNORECASE)
    if len(errors) > 3:
        sys.exit(f"{len(errors)} errors beside the sentence: {sentence}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ways = ("installed", "subdirectory", "fetch_content", "examples", "quiet", "plain", "conan_create", "conan_editable",
            "conan_refused")
    parser.add_argument("way", choices=ways)
    for name in ("source", "binary", "kokkos-dir"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--generator", required=True)
    parser.add_argument("--conan")
    consumer = Consumer(parser.parse_args())
    getattr(consumer, parser.parse_args().way)()
    shutil.rmtree(consumer.folder)  # what failed stays


if __name__ == "__main__":
    main()

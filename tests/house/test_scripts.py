# SPDX-License-Identifier: Apache-2.0
"""The scripts end with a one-line cause, from any folder, and name what is to be installed where they may not."""
import os
import pathlib
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
                ("demo", ["--data"], "scripts/demo: failed: --data needs a value"),
                ("demo", ["--out"], "scripts/demo: failed: --out needs a value"),
                ("quality", ["--nonsense"], "scripts/quality: failed: unknown argument --nonsense: synthetic, twin and better are known"),
                ("demo", ["--data", "/no/such"], "scripts/demo: failed: cannot read the file /no/such given with --data"),
                ("demo", ["--data=/no/such"], "scripts/demo: failed: cannot read the file /no/such given with --data")):
            status, _, errors = self.script(name, *arguments, Kokkos_ROOT=self.folder.name)
            self.assertEqual((status, errors), (1, [cause]))

    def test_a_given_kokkos_is_used_and_a_wrong_one_is_named(self):
        self.assertEqual(self.script("setup", f"-DKokkos_ROOT={self.folder.name}", Kokkos_ROOT="/no/such")[:2],
                         (0, [f"== Using Kokkos from {self.folder.name}"]))
        status, _, errors = self.script("setup", Kokkos_ROOT="/no/such")
        self.assertEqual((status, errors), (1, ["scripts/setup: failed: the given Kokkos_ROOT /no/such is not a folder"]))

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

    def test_a_step_stops_at_the_first_failing_line_and_shows_its_log(self):
        status, lines, errors = self.bash("work() { echo before; false; echo after; }; step work 'Working' work; echo on")
        self.assertEqual((status, lines), (1, ["== Working"]))
        self.assertEqual(errors, ["before", "scripts/some-script: failed: Working (whole output: .cache/logs/work.log)"])

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

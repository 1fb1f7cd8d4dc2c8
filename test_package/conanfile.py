# SPDX-License-Identifier: Apache-2.0
"""Builds the consumer of tests/consumers/pipeline against the package, trains it and reads back what it saved."""
import os
import sys

from conan import ConanFile
from conan.tools.build import can_run
from conan.tools.cmake import CMake, cmake_layout


class TestPackage(ConanFile):
    settings = "os", "arch", "compiler", "build_type"
    generators = "CMakeToolchain", "CMakeDeps"

    def layout(self):
        cmake_layout(self)

    def requirements(self):
        self.requires(self.tested_reference_str)

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def test(self):
        if can_run(self):
            reader = os.path.join(self.source_folder, os.pardir, "tests", "consumers", "read_back.py")
            self.run(f'"{sys.executable}" "{reader}" "{os.path.join(self.cpp.build.bindir, "consumer")}"', env="conanrun")

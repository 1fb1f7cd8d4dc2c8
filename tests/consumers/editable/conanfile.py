# SPDX-License-Identifier: Apache-2.0
"""A user's project beside a checkout of Longshore that `conan editable add` made known."""
from conan import ConanFile
from conan.tools.cmake import CMake, cmake_layout


class Consumer(ConanFile):
    settings = "os", "arch", "compiler", "build_type"
    generators = "CMakeToolchain", "CMakeDeps"

    def layout(self):
        cmake_layout(self)

    def requirements(self):
        self.requires("longshore/[>=0.1 <0.2]")

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

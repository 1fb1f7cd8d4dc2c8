# SPDX-License-Identifier: Apache-2.0
"""Longshore as a Conan 2 package; docs/conan.md says how to use it."""
import os
import re

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.build import valid_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load
from conan.tools.scm import Version

required_conan_version = ">=2.0"

OLDEST_KOKKOS = "3.4.01"
OLDEST_COMPILERS = {"gcc": "12", "clang": "16"}


class Longshore(ConanFile):
    name = "longshore"
    description = "Building blocks for recommenders that model long-term taste and short-term intent"
    license = "Apache-2.0"
    topics = ("recommender", "kokkos", "header-only")
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    exports_sources = "CMakeLists.txt", "cmake/*", "include/*", "LICENSE"
    no_copy_source = True

    def set_version(self):
        if self.version:
            return
        header = load(self, os.path.join(self.recipe_folder, "include", "longshore", "version.hpp"))
        self.version = re.search(r'define LONGSHORE_VERSION_STRING "([^"]*)"', header).group(1)

    def layout(self):
        cmake_layout(self)
        self.cpp.build.builddirs = ["."]  # editable mode: the CMake package of the build tree

    def requirements(self):
        # Whether it runs on OpenMP, CUDA, ... is how Kokkos was built: there is no option for it here.
        self.requires("kokkos/[>=4.5 <6]", transitive_headers=True, transitive_libs=True)
        self.requires("eigen/[>=3.4 <6]", transitive_headers=True)
        self.requires("xtensor/[>=0.24 <0.28]", transitive_headers=True)
        # longshore::io
        self.requires("nlohmann_json/[>=3.11 <4]", transitive_headers=True)
        self.requires("zlib/[>=1.2.11 <2]", transitive_headers=True, transitive_libs=True)
        self.requires("xxhash/[>=0.8 <1]", transitive_headers=True)

    def package_id(self):
        self.info.clear()

    def validate(self):
        if not valid_min_cppstd(self, 20):
            standard = self.settings.get_safe("compiler.cppstd") or "not given"
            raise ConanInvalidConfiguration(f"Longshore needs C++20, compiler.cppstd is {standard}: add -s compiler.cppstd=20")
        compiler, version = str(self.settings.compiler), str(self.settings.compiler.version)
        oldest = OLDEST_COMPILERS.get(compiler)
        if oldest and Version(version) < oldest:
            raise ConanInvalidConfiguration(f"Longshore needs {compiler} {oldest} or newer, this one is {compiler} {version}")
        kokkos = self.dependencies["kokkos"]
        # An installed Kokkos that conan/kokkos-system points at has its version as an option.
        version = str(kokkos.options.get_safe("version") or kokkos.ref.version)
        if Version(version) < OLDEST_KOKKOS:
            raise ConanInvalidConfiguration(f"Longshore needs Kokkos {OLDEST_KOKKOS} or newer, this one is {version}")

    def generate(self):
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["LONGSHORE_BUILD_TESTS"] = False  # scripts/test builds and runs them
        toolchain.cache_variables["LONGSHORE_BUILD_EXAMPLES"] = False
        toolchain.cache_variables["LONGSHORE_REMEMBER_KOKKOS"] = False  # one package serves every Kokkos
        toolchain.generate()
        CMakeDeps(self).generate()

    def build(self):
        CMake(self).configure()  # nothing is compiled; this checks the dependencies and makes the CMake package

    def package(self):
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))
        CMake(self).install()

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
        # Consumers load the installed longshoreConfig.cmake, which loads Kokkos' own: CMakeDeps would make another one
        # that knows nothing of its launch compiler and its architectures.
        self.cpp_info.set_property("cmake_find_mode", "none")
        self.cpp_info.builddirs = [os.path.join("lib", "cmake", "longshore")]

# SPDX-License-Identifier: Apache-2.0
"""An installed Kokkos of any backend as the Conan package kokkos/system: nothing is built or copied.

`-o "kokkos/*:root=DIR"`, or the environment variable Kokkos_ROOT, names the folder of its installation.
"""
import os
import pathlib
import re

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration


class KokkosSystem(ConanFile):
    name, version = "kokkos", "system"
    options = {"root": [None, "ANY"], "version": [None, "ANY"]}  # the version is read from the installation

    def _config(self):
        root = pathlib.Path(str(self.options.root))
        return next((path for lib in ("lib", "lib64", "lib/*") for path in root.glob(f"{lib}/cmake/Kokkos/KokkosConfig.cmake")), None)

    def configure(self):
        if not self.options.root:
            self.options.root = os.environ.get("Kokkos_ROOT")
        if self._config():
            text = self._config().with_name("KokkosConfigVersion.cmake").read_text(encoding="utf-8")
            self.options.version = re.search(r'PACKAGE_VERSION "?([\d.]+)', text).group(1)

    def validate(self):
        if not self._config():
            raise ConanInvalidConfiguration(f'no Kokkos is installed in "{self.options.root or ""}": name the folder of its '
                                            'installation with -o "kokkos/*:root=DIR" or the environment variable Kokkos_ROOT')

    def package_info(self):
        self.cpp_info.bindirs = self.cpp_info.includedirs = self.cpp_info.libdirs = []
        self.cpp_info.set_property("cmake_find_mode", "none")  # its own KokkosConfig.cmake, with flags and launch compiler
        self.cpp_info.builddirs = [str(self._config().parent)]

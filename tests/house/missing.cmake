# SPDX-License-Identifier: Apache-2.0
# Configuring without a dependency, or with one that is too old, ends with a sentence that says what to do.
set(folder ${BINARY}/missing)
file(REMOVE_RECURSE ${folder})

# expect(SENTENCE ARGUMENT...): configuring with these arguments fails and prints the sentence.
function(expect sentence)
  file(REMOVE_RECURSE ${folder}/build)
  execute_process(COMMAND ${CMAKE_COMMAND} -E env --unset=Kokkos_ROOT ${CMAKE_COMMAND} -S ${SOURCE} -B ${folder}/build
                          -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${COMPILER} ${ARGN}
                  RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  string(REGEX REPLACE "[ \n]+" " " output "${output}")
  string(FIND "${output}" "${sentence}" position)
  if(status EQUAL 0)
    message(FATAL_ERROR "configured, but must fail with: ${sentence}")
  elseif(position EQUAL -1)
    message("${output}")
    message(FATAL_ERROR "failed, but not with: ${sentence}")
  endif()
  message(STATUS "${sentence}")
endfunction()

# A folder that looks like a package of the given version.
function(pretend name version target)
  file(WRITE ${folder}/${name}/${name}Config.cmake "add_library(${target} INTERFACE IMPORTED)\n")
  file(WRITE ${folder}/${name}/${name}ConfigVersion.cmake
       "set(PACKAGE_VERSION ${version})\nset(PACKAGE_VERSION_COMPATIBLE TRUE)\n")
endfunction()

set(nothing -DKokkos_ROOT=${folder} -DCMAKE_FIND_PACKAGE_NO_PACKAGE_REGISTRY=ON)
pretend(Kokkos 3.3.01 Kokkos::kokkos)
pretend(Eigen3 3.3.9 Eigen3::Eigen)
pretend(xtensor 0.23.10 xtensor)
expect("Kokkos was not found: give the folder of its installation with -DKokkos_ROOT=DIR" ${nothing}
       -DCMAKE_DISABLE_FIND_PACKAGE_Kokkos=ON)
expect("Kokkos 3.3.01 is too old" -DKokkos_DIR=${folder}/Kokkos)
expect("Eigen was not found: install Eigen 3.4 or newer" -DKokkos_DIR=${Kokkos_DIR} -DCMAKE_DISABLE_FIND_PACKAGE_Eigen3=ON)
expect("Eigen 3.3.9 is too old" -DKokkos_DIR=${Kokkos_DIR} -DEigen3_DIR=${folder}/Eigen3)
expect("xtensor was not found: install xtensor 0.24 or newer" -DKokkos_DIR=${Kokkos_DIR}
       -DCMAKE_DISABLE_FIND_PACKAGE_xtensor=ON)
expect("xtensor 0.23.10 is too old" -DKokkos_DIR=${Kokkos_DIR} -Dxtensor_DIR=${folder}/xtensor)
expect("longshore::io: ZLIB::ZLIB was not found (Debian: zlib1g-dev)" -DKokkos_DIR=${Kokkos_DIR}
       -DCMAKE_DISABLE_FIND_PACKAGE_ZLIB=ON)
expect("the tests need doctest, which was not found: install it (Debian: doctest-dev)" -DKokkos_DIR=${Kokkos_DIR}
       -DCMAKE_DISABLE_FIND_PACKAGE_doctest=ON)
expect("the example long_short needs CLI11, which was not found: install it (Debian: libcli11-dev)"
       -DKokkos_DIR=${Kokkos_DIR} -DCMAKE_DISABLE_FIND_PACKAGE_CLI11=ON -DLONGSHORE_BUILD_TESTS=OFF)

# C++17: the compiler itself says it, whatever builds.
file(WRITE ${folder}/seventeen.cpp "#include <longshore/core/abi.hpp>\n")
execute_process(COMMAND ${COMPILER} -std=c++17 -I ${SOURCE}/include -fsyntax-only ${folder}/seventeen.cpp
                RESULT_VARIABLE status ERROR_VARIABLE output)
if(status EQUAL 0 OR NOT output MATCHES "Longshore needs C\\+\\+20: compile with -std=c\\+\\+20")
  message(FATAL_ERROR "C++17 must be refused with a sentence, not with: ${output}")
endif()
file(REMOVE_RECURSE ${folder})

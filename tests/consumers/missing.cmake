# SPDX-License-Identifier: Apache-2.0
# A missing dependency, or one that is too old, ends with a sentence that says what to do, not with a page: in the build of
# the library, where an installed one is looked for, and where a compiler reads the headers.
set(folder ${BINARY}/missing)
file(REMOVE_RECURSE ${folder})
set(project ${SOURCE})

# expect(SENTENCE ARGUMENT...): configuring with these arguments fails with one error, which has the sentence.
function(expect sentence)
  file(REMOVE_RECURSE ${folder}/build)
  execute_process(COMMAND ${CMAKE_COMMAND} -E env --unset=Kokkos_ROOT ${CMAKE_COMMAND} -S ${project} -B ${folder}/build
                          -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${COMPILER} ${ARGN}
                  RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  string(REGEX REPLACE "[ \n]+" " " output "${output}")
  string(FIND "${output}" "${sentence}" position)
  string(REGEX MATCHALL "CMake Error" errors "${output}")
  list(LENGTH errors errors)
  if(status EQUAL 0)
    message(FATAL_ERROR "configured, but must fail with: ${sentence}")
  elseif(position EQUAL -1)
    message("${output}")
    message(FATAL_ERROR "failed, but not with: ${sentence}")
  elseif(errors GREATER 1)
    message("${output}")
    message(FATAL_ERROR "${errors} errors, 1 is expected: ${sentence}")
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
expect("the example factorization needs CLI11, which was not found: install it (Debian: libcli11-dev)"
       -DKokkos_DIR=${Kokkos_DIR} -DCMAKE_DISABLE_FIND_PACKAGE_CLI11=ON -DLONGSHORE_BUILD_TESTS=OFF)

# A compiler without C++20, which CMake knows by the standards that it lists.
file(WRITE ${folder}/old_compiler.cmake "set(CMAKE_CXX_COMPILE_FEATURES cxx_std_14 cxx_std_17)\n")
set(old_compiler -DCMAKE_PROJECT_INCLUDE=${folder}/old_compiler.cmake -DKokkos_DIR=${Kokkos_DIR})
expect("longshore: C++20 is needed, which ${COMPILER} (" ${old_compiler})

# The same from an installed package.
execute_process(COMMAND ${CMAKE_COMMAND} --install ${BINARY} --prefix ${folder}/prefix OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
set(project ${SOURCE}/tests/consumers/installed)
set(installed -Dlongshore_ROOT=${folder}/prefix -DCMAKE_FIND_PACKAGE_NO_PACKAGE_REGISTRY=ON)
expect("Kokkos was not found: give the folder of its installation with -DKokkos_ROOT=DIR" ${installed}
       -DCMAKE_DISABLE_FIND_PACKAGE_Kokkos=ON)
expect("Kokkos 3.3.01 is too old" ${installed} -DKokkos_DIR=${folder}/Kokkos)
expect("Eigen was not found: install Eigen 3.4 or newer" ${installed} -DKokkos_DIR=${Kokkos_DIR}
       -DCMAKE_DISABLE_FIND_PACKAGE_Eigen3=ON)
expect("longshore: C++20 is needed, which ${COMPILER} (" ${installed} ${old_compiler})

# expect_error(SENTENCE ARGUMENT...): compiling with these arguments fails, and says no more than the sentence.
function(expect_error sentence)
  execute_process(COMMAND ${COMPILER} ${ARGN} -I ${SOURCE}/include -fsyntax-only ${folder}/program.cpp
                  RESULT_VARIABLE status ERROR_VARIABLE output)
  string(REGEX MATCHALL "error:" errors "${output}")
  list(LENGTH errors errors)
  string(FIND "${output}" "${sentence}" position)
  if(status EQUAL 0 OR position EQUAL -1 OR errors GREATER 2)  # the sentence, and that the compiler stops
    message(FATAL_ERROR "refused must be, with one error that says: ${sentence}; ${errors} came:\n${output}")
  endif()
  message(STATUS "${sentence}")
endfunction()
file(WRITE ${folder}/program.cpp "#include <longshore/core/kokkos.hpp>\n")
file(WRITE ${folder}/old/Kokkos_Core.hpp "#define KOKKOS_VERSION 30400\n")
expect_error("Longshore needs C++20: compile with -std=c++20" -std=c++17 -I ${folder}/old)
expect_error("Longshore needs Kokkos 3.4.01 or newer" -std=c++20 -I ${folder}/old)
file(REMOVE_RECURSE ${folder})

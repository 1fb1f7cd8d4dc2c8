# SPDX-License-Identifier: Apache-2.0
# Finds what Longshore stands on, for its own build and for find_package(longshore). Two texts come back, a sentence a
# line: longshore_missing, what is wanting for longshore::longshore, and longshore_io_missing, what longshore::io wants.
set(longshore_missing "")
set(longshore_io_missing "")

if(CMAKE_CXX_COMPILER_LOADED AND NOT "cxx_std_20" IN_LIST CMAKE_CXX_COMPILE_FEATURES)
  string(APPEND longshore_missing "longshore: C++20 is needed, which ${CMAKE_CXX_COMPILER} \
(${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}) does not know: give a newer one with -DCMAKE_CXX_COMPILER=FILE.\n")
endif()

# find_package(longshore) reads this in the scope of its caller, whose settings stay as they were.
foreach(longshore_name IN ITEMS CMAKE_CXX_EXTENSIONS CMAKE_REQUIRED_QUIET CMAKE_MESSAGE_LOG_LEVEL)
  unset(longshore_kept_${longshore_name})
  if(DEFINED ${longshore_name})
    set(longshore_kept_${longshore_name} "${${longshore_name}}")
  endif()
endforeach()
set(CMAKE_REQUIRED_QUIET ON)  # package files test the compiler, and some tell more than their QUIET allows
set(CMAKE_MESSAGE_LOG_LEVEL NOTICE)

# ---- Kokkos 3.4.01 or newer. No version argument: its older package files accept only their own minor version.
# find_package prefers a Kokkos_DIR that it found before to another Kokkos_ROOT, and one of the system to a Kokkos_ROOT
# without any. So a Kokkos_DIR of another root is forgotten, and what is found must lie in the given root; only a
# Kokkos_DIR that is given itself may lie elsewhere.
set(longshore_kokkos_root ${Kokkos_ROOT})
if(NOT longshore_kokkos_root)
  file(TO_CMAKE_PATH "$ENV{Kokkos_ROOT}" longshore_kokkos_root)
endif()
set(longshore_kokkos_elsewhere FALSE)
if(NOT TARGET Kokkos::kokkos)
  get_property(longshore_type CACHE Kokkos_DIR PROPERTY TYPE)
  if(longshore_kokkos_root AND DEFINED CACHE{LONGSHORE_KOKKOS_ROOT} AND NOT longshore_type STREQUAL "UNINITIALIZED"
     AND NOT "$CACHE{LONGSHORE_KOKKOS_ROOT}" STREQUAL "${longshore_kokkos_root}")
    unset(Kokkos_DIR CACHE)
  endif()
  set(LONGSHORE_KOKKOS_ROOT "${longshore_kokkos_root}" CACHE INTERNAL "Where Kokkos was looked for last")
  set(longshore_kokkos_given ${Kokkos_DIR})
  set(CMAKE_CXX_EXTENSIONS OFF)  # else Kokkos 3.4 warns, and turns them off in the user's cache
  find_package(Kokkos CONFIG QUIET HINTS ${longshore_kokkos_hint})  # the hint is longshoreConfig.cmake's
  if(TARGET Kokkos::kokkos AND longshore_kokkos_root AND NOT longshore_kokkos_given)
    set(longshore_kokkos_elsewhere TRUE)
    file(REAL_PATH "${Kokkos_DIR}" longshore_real)
    foreach(folder IN LISTS longshore_kokkos_root)
      cmake_path(IS_PREFIX folder "${Kokkos_DIR}" NORMALIZE longshore_inside)
      file(REAL_PATH "${folder}" folder)
      cmake_path(IS_PREFIX folder "${longshore_real}" NORMALIZE longshore_really_inside)
      if(longshore_inside OR longshore_really_inside)
        set(longshore_kokkos_elsewhere FALSE)
      endif()
    endforeach()
  endif()
endif()
if(longshore_kokkos_elsewhere)
  string(APPEND longshore_missing "longshore: the given Kokkos_ROOT ${longshore_kokkos_root} holds no Kokkos, only ${Kokkos_DIR} was found: give the folder of its installation, or no Kokkos_ROOT to take that one.\n")
  unset(Kokkos_DIR CACHE)
elseif(NOT TARGET Kokkos::kokkos)
  string(APPEND longshore_missing "longshore: Kokkos was not found: give the folder of its installation with \
-DKokkos_ROOT=DIR (Kokkos 3.4.01 or newer), or run scripts/setup, which builds one.\n")
elseif(Kokkos_VERSION AND Kokkos_VERSION VERSION_LESS 3.4.1)
  string(APPEND longshore_missing "longshore: Kokkos ${Kokkos_VERSION} is too old (found in ${Kokkos_DIR}): 3.4.01 or \
newer is needed; give the folder of a newer one with -DKokkos_ROOT=DIR.\n")
else()
  # Debian 12 exports the include folder /usr/lib/include, which does not exist; the right one is in Kokkos_INCLUDE_DIRS.
  get_target_property(longshore_kokkos_folders Kokkos::kokkos INTERFACE_INCLUDE_DIRECTORIES)
  foreach(folder IN LISTS longshore_kokkos_folders)
    if(Kokkos_INCLUDE_DIRS AND NOT folder MATCHES "\\$<" AND NOT EXISTS "${folder}")
      set_target_properties(Kokkos::kokkos PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${Kokkos_INCLUDE_DIRS}")
      break()
    endif()
  endforeach()
endif()

# ---- Eigen 3.4 or newer. No version argument: asking for 3.4 would refuse Eigen 5.
if(NOT TARGET Eigen3::Eigen)
  find_package(Eigen3 CONFIG QUIET)
endif()
if(NOT TARGET Eigen3::Eigen)
  string(APPEND longshore_missing "longshore: Eigen was not found: install Eigen 3.4 or newer (Debian: libeigen3-dev) or \
give its folder with -DEigen3_ROOT=DIR.\n")
elseif(Eigen3_VERSION AND Eigen3_VERSION VERSION_LESS 3.4)
  string(APPEND longshore_missing "longshore: Eigen ${Eigen3_VERSION} is too old: 3.4 or newer is needed.\n")
endif()

# ---- xtensor 0.24 or newer
if(NOT TARGET xtensor)
  find_package(xtensor CONFIG QUIET)
endif()
if(NOT TARGET xtensor)
  string(APPEND longshore_missing "longshore: xtensor was not found: install xtensor 0.24 or newer (Debian: \
libxtensor-dev) or give its folder with -Dxtensor_ROOT=DIR.\n")
elseif(xtensor_VERSION AND xtensor_VERSION VERSION_LESS 0.24)
  string(APPEND longshore_missing "longshore: xtensor ${xtensor_VERSION} is too old: 0.24 or newer is needed.\n")
endif()

# ---- files: JSON, gzip, checksums
if(NOT TARGET nlohmann_json::nlohmann_json)
  find_package(nlohmann_json CONFIG QUIET)
endif()
if(NOT TARGET ZLIB::ZLIB)
  find_package(ZLIB QUIET)
endif()
if(NOT TARGET xxHash::xxhash)
  find_package(xxHash CONFIG QUIET)
endif()
if(NOT TARGET xxHash::xxhash)  # Debian has no CMake package; the header alone is used
  find_path(LONGSHORE_XXHASH_INCLUDE xxhash.h)
  mark_as_advanced(LONGSHORE_XXHASH_INCLUDE)
  if(LONGSHORE_XXHASH_INCLUDE)
    add_library(xxHash::xxhash INTERFACE IMPORTED GLOBAL)
    set_target_properties(xxHash::xxhash PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${LONGSHORE_XXHASH_INCLUDE}")
  endif()
endif()
foreach(longshore_pair IN ITEMS "nlohmann_json::nlohmann_json|nlohmann-json3-dev" "ZLIB::ZLIB|zlib1g-dev"
        "xxHash::xxhash|libxxhash-dev")
  string(REGEX MATCH "^(.*)\\|(.*)$" longshore_pair "${longshore_pair}")
  if(NOT TARGET ${CMAKE_MATCH_1})
    string(APPEND longshore_io_missing "longshore::io: ${CMAKE_MATCH_1} was not found (Debian: ${CMAKE_MATCH_2}).\n")
  endif()
endforeach()

foreach(longshore_name IN ITEMS CMAKE_CXX_EXTENSIONS CMAKE_REQUIRED_QUIET CMAKE_MESSAGE_LOG_LEVEL)
  unset(${longshore_name})
  if(DEFINED longshore_kept_${longshore_name})
    set(${longshore_name} "${longshore_kept_${longshore_name}}")
  endif()
endforeach()

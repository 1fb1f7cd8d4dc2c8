# shellcheck shell=bash
# Builds the main example for this machine. Sourced after setup, whose names it uses; leaves its path in $example.
# shellcheck disable=SC2034,SC2154

example=$cache/build-native/examples/long_short/long_short

build_example() {
  local folder=$cache/build-native
  if [[ ! -f $folder/build.ninja ]] || ! grep -qF "Kokkos_ROOT:UNINITIALIZED=$kokkos_root" "$folder/CMakeCache.txt"; then
    step configure-native "Configuring the example" \
      cmake --preset native -DLONGSHORE_BUILD_BENCH=OFF -DKokkos_ROOT="$kokkos_root"
  fi
  step build-native "Building the example, optimised for this machine" \
    cmake --build --preset native -j "$jobs" --target long_short
}

# shellcheck shell=bash
# Builds programs optimised for this machine. Sourced after setup, whose names it uses; the main example is $example.
# shellcheck disable=SC2034,SC2154

example=$cache/build-native/examples/long_short/long_short

# build_native TARGET NAME: the target of the native preset, called NAME in what is said.
build_native() {
  local folder=$cache/build-native
  local note=$folder/kokkos_root.txt  # with which it was configured last, and without an error
  if [[ ! -f $folder/build.ninja || $(cat "$note" 2>/dev/null) != "$kokkos_root" ]]; then
    rm -f "$note"
    step configure-native "Configuring" cmake --preset native -DKokkos_ROOT="$kokkos_root"
    printf '%s\n' "$kokkos_root" >"$note"
  fi
  step build-native "Building $2, optimised for this machine" cmake --build --preset native -j "$jobs" --target "$1"
}

build_example() { build_native long_short "the example"; }

# shellcheck shell=bash
# Builds programs optimised for this machine. Sourced after setup, whose names it uses; the main example is $example.
# shellcheck disable=SC2034,SC2154

example=$cache/build-native/examples/long_short/long_short

# build_native TARGET NAME: the target of the native preset, called NAME in what is said.
build_native() {
  local folder=$cache/build-native
  local note=$folder/kokkos_root.txt  # with which it was configured last, and without an error
  forget_moved "$folder"
  if [[ ! -f $folder/build.ninja || $(cat "$note" 2>/dev/null) != "$kokkos_root" ]]; then
    rm -f "$note"
    step configure-native "Configuring" cmake --preset native -DKokkos_ROOT="$kokkos_root"
    printf '%s\n' "$kokkos_root" >"$note"
  fi
  step build-native "Building $2, optimised for this machine" cmake --build --preset native -j "$jobs" --target "$1"
}

build_example() { build_native long_short "the example"; }

# with_threads COMMAND...: runs it with OpenMP's threads not bound to places, which programs beside it may need. A thread
# without work turns 2000 times before it sleeps, not libgomp's 300,000: beside other programs that is 10 times as fast
# and more, and alone 6 % slower.
with_threads() {
  local settings=("OMP_PROC_BIND=${OMP_PROC_BIND:-false}")
  if [[ -z ${OMP_WAIT_POLICY:-} ]]; then settings+=("GOMP_SPINCOUNT=${GOMP_SPINCOUNT:-2000}"); fi
  env "${settings[@]}" "$@"
}

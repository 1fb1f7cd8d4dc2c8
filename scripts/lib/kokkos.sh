# shellcheck shell=bash
# Kokkos, built once into .cache. Debian 12's binary package is Serial only; its source package trilinos holds the same
# Kokkos. Sourced after common.sh.

# source_entries FROM TO: the package entries of an apt folder as entries of source packages, both file formats.
source_entries() {
  local from=$1 to=$2 entry
  mkdir -p "$to"
  for entry in "$from/sources.list" "$from"/sources.list.d/*.list; do
    if [[ -r $entry ]]; then sed -nE 's/^deb(-src)?[[:space:]]/deb-src /p' "$entry" >"$to/$(basename "$entry")"; fi
  done
  for entry in "$from"/sources.list.d/*.sources; do
    if [[ -r $entry ]]; then sed -E 's/^Types:.*/Types: deb-src/' "$entry" >"$to/$(basename "$entry")"; fi
  done
}

# apt-get with entries, lists and archives of its own: the system's configuration stays as it is.
private_apt() {
  local apt=$cache/apt
  mkdir -p "$apt/lists/partial" "$apt/archives/partial"
  apt-get -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$apt/sources" -o Dir::State::Lists="$apt/lists" \
    -o Dir::Cache="$apt" -o APT::Sandbox::User="$(id -un)" "$@"
}

# Leaves Kokkos' source in .cache/kokkos-source.
fetch_kokkos() {
  local download=$cache/download
  rm -rf "$download" "$cache/kokkos-source"
  mkdir -p "$download"
  source_entries /etc/apt "$cache/apt/sources"
  private_apt update || echo "some sources could not be read; going on with the others"
  (cd "$download" && private_apt source --download-only trilinos)
  local archives=("$download"/trilinos_*.orig.tar.*)
  tar -C "$download" -xf "${archives[0]}" --wildcards '*/packages/kokkos'
  mv "$download"/*/packages/kokkos "$cache/kokkos-source"
  rm -rf "$download" "$cache/apt"
}

kokkos_version() {
  sed -nE 's/^ *set\(Kokkos_VERSION_(MAJOR|MINOR|PATCH) ([0-9]+)\)/\2/Ip' "$1/CMakeLists.txt" | paste -sd.
}

# compile_kokkos PREFIX COMPILER OPENMP: installs Kokkos below PREFIX.
compile_kokkos() {
  local prefix=$1 compiler=$2 openmp=$3 build=$1-build
  rm -rf "$prefix" "$build"
  cmake -S "$cache/kokkos-source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$prefix" \
    -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_CXX_STANDARD=20 -DCMAKE_CXX_EXTENSIONS=OFF \
    -DCMAKE_POSITION_INDEPENDENT_CODE=ON -DKokkos_ENABLE_SERIAL=ON -DKokkos_ENABLE_OPENMP="$openmp" -DKokkos_ENABLE_TESTS=OFF \
    -Wno-dev
  cmake --build "$build" -j "$jobs"
  cmake --install "$build"
  rm -rf "$build"
}

# provide_kokkos PREFIX COMPILER OPENMP: builds Kokkos, with OpenMP ON or OFF, unless PREFIX holds the right one;
# note.txt says which one it holds.
provide_kokkos() {
  local prefix=$1 compiler=$2 openmp=$3 spaces="Serial and OpenMP" note
  if [[ $openmp == OFF ]]; then spaces=Serial; fi
  if [[ ! -f $cache/kokkos-source/CMakeLists.txt ]]; then
    command -v apt-get >/dev/null || fail "no apt-get to fetch Kokkos with; set Kokkos_ROOT to a Kokkos of your own"
    step kokkos-source "Fetching the source of Kokkos from Debian's trilinos package (170 MB)" fetch_kokkos
  fi
  note="Kokkos $(kokkos_version "$cache/kokkos-source"), $spaces, C++20, $("$compiler" --version | head -n 1)"
  if [[ -f $prefix/lib/libkokkoscore.a && $(cat "$prefix/note.txt" 2>/dev/null) == "$note" ]]; then return; fi
  step "$(basename "$prefix")" "Building $note" compile_kokkos "$prefix" "$compiler" "$openmp"
  printf '%s\n' "$note" >"$prefix/note.txt"
}

# shellcheck shell=bash
# Installs missing Debian packages, or says which ones to install. Sourced after common.sh.

# What the library, its tests, its examples and these scripts need.
needed_packages=(g++ cmake ninja-build python3 python3-venv xz-utils libeigen3-dev libxtensor-dev doctest-dev nlohmann-json3-dev
  libxxhash-dev zlib1g-dev libcli11-dev)
# What scripts/docs needs.
documentation_packages=(doxygen python3-sphinx python3-myst-parser furo)
# What scripts/test --full needs besides.
full_packages=(clang-16 clang-format-16 clang-tidy-16 libclang-rt-16-dev libomp-16-dev llvm-16 libtrilinos-kokkos-dev
  valgrind)

is_debian_12() {
  [[ -r /etc/os-release ]] && grep -q '^ID=debian$' /etc/os-release && grep -q '^VERSION_ID="12"$' /etc/os-release
}

missing_packages() {
  local package
  for package in "$@"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || printf '%s\n' "$package"
  done
}

# as_root COMMAND...: runs it with the right to install; status 127 where there is none.
as_root() {
  if [[ $(id -u) == 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null && { [[ -t 0 ]] || sudo -n true 2>/dev/null; }; then
    sudo "$@"
  else
    return 127
  fi
}

apt_install() {
  export DEBIAN_FRONTEND=noninteractive
  as_root apt-get update && as_root apt-get install -y --no-install-recommends "$@"
}

# need_programs PROGRAM...: ends where one is missing, which happens if nothing may be installed.
need_programs() {
  local program
  for program in "$@"; do
    command -v "$program" >/dev/null ||
      fail "there is no $program${LONGSHORE_SKIP_PACKAGES:+, and LONGSHORE_SKIP_PACKAGES forbids to install it}"
  done
}

# install_packages PACKAGE...: installs those that are missing.
install_packages() {
  if [[ -n ${LONGSHORE_SKIP_PACKAGES:-} ]]; then return; fi
  if ! is_debian_12; then
    say "This is not Debian 12: nothing is installed here. Install what these Debian packages hold:"
    printf '   %s\n' "$*" "Kokkos 3.4.01 or newer with OpenMP; its folder goes into the environment variable Kokkos_ROOT"
    fail "install the above, then run again with LONGSHORE_SKIP_PACKAGES=1"
  fi
  local -a missing
  mapfile -t missing < <(missing_packages "$@")
  if [[ ${#missing[@]} == 0 ]]; then return; fi
  if ! as_root true; then
    fail "no right to install; as root: apt-get update && apt-get install --no-install-recommends ${missing[*]}"
  fi
  step packages "Installing from Debian: ${missing[*]}" apt_install "${missing[@]}"
}

# install_if_allowed PACKAGE...: installs those that are missing where nobody forbids it and the right is there.
install_if_allowed() {
  if [[ -n ${LONGSHORE_SKIP_PACKAGES:-} ]] || ! is_debian_12 || [[ -z $(missing_packages "$@") ]]; then return; fi
  if as_root true; then install_packages "$@"; fi
}

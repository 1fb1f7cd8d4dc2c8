# shellcheck shell=bash
# What the scripts share: where things lie, how they speak, how a failure ends. Sourced, never run.
set -euo pipefail
unset CDPATH  # with it, cd prints where it went

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache=$root/.cache
logs=$cache/logs
jobs=${LONGSHORE_JOBS:-$(nproc)}

# --help prints the comment at the head of the script, and what its function more_help adds, before anything is done.
for argument in "$@"; do
  if [[ $argument == --help || $argument == -h ]]; then
    sed -n '2,/^[^#]/{/^[^#]/d; /^# shellcheck /d; s/^# \{0,1\}//p;}' "$0"
    if declare -F more_help >/dev/null; then more_help; fi
    exit 0
  fi
done

mkdir -p "$logs"

say() { printf '== %s\n' "$*"; }

# fail CAUSE: the last line that a failing script prints.
fail() {
  printf '%s: failed: %s\n' "scripts/$(basename "$0")" "$*" >&2
  exit 1
}

# Keeps the standard input in a log; on a terminal it shows how far a build is.
progress() {
  local line
  if [[ ! -t 1 ]]; then cat >"$1"; return; fi
  tee "$1" | while IFS= read -r line; do
    if [[ $line =~ ^\[[0-9]+/[0-9]+\] || $line =~ ^\ *[0-9]+/[0-9]+\ Test ]]; then printf '\r\033[K   %.70s' "$line"; fi
  done
  printf '\r\033[K'
}

# logged NAME COMMAND...: runs the command with its output in .cache/logs/NAME.log and leaves its status in $status.
# Never part of a condition: there bash would go on after a failing line of a function.
logged() {
  local log=$logs/$1.log
  shift
  set +e
  (set -e; "$@") 2>&1 | progress "$log"
  status=${PIPESTATUS[0]}
  set -e
}

# attempt NAME SENTENCE COMMAND...: says the sentence, runs the command and says how long it took; leaves its status in
# $status. When the command fails, shows the first errors and the end of its log.
attempt() {
  local name=$1 sentence=$2 started=$SECONDS
  shift 2
  say "$sentence"
  logged "$name" "$@"
  if [[ $status != 0 ]]; then
    grep -E -m 5 'error:|Error|undefined reference|^E:' "$logs/$name.log" >&2 || true
    tail -n 15 "$logs/$name.log" >&2
    return
  fi
  printf '   done in %d s\n' "$((SECONDS - started))"
}

# cause_of LOG: its first error in one line: what CMake said, a compiler, apt or Python; else its last line.
cause_of() {
  awk '
    cmake && NF == 0 && text != "" { exit }
    cmake && NF { sub(/^ +/, ""); text = text (text == "" ? "" : " ") $0; next }
    !cmake && /^CMake Error/ { cmake = 1; next }
    /error: |^E: |Error: |undefined reference/ && first == "" { first = $0 }
    NF { last = $0 }
    END { cause = text != "" ? text : first != "" ? first : last; sub(/^ +/, "", cause); print cause }' "$1"
}

# forget_moved FOLDER: removes a build folder that CMake configured for a repository elsewhere, as before a move.
forget_moved() {
  local home
  home=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$1/CMakeCache.txt" 2>/dev/null || true)
  if [[ -n $home && ! $home -ef $root ]]; then
    say "The repository was at $home when .cache/$(basename "$1") was made: making it anew"
    rm -rf "$1"
  fi
}

# step NAME SENTENCE COMMAND...: an attempt that must succeed.
step() {
  attempt "$@"
  if [[ $status != 0 ]]; then fail "$2: $(cause_of "$logs/$1.log") (whole output: .cache/logs/$1.log)"; fi
}

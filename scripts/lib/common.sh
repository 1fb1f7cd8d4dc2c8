# shellcheck shell=bash
# What the scripts share: where things lie, how they speak, how a failure ends. Sourced, never run.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache=$root/.cache
logs=$cache/logs
jobs=${LONGSHORE_JOBS:-$(nproc)}
mkdir -p "$logs"

say() { printf '== %s\n' "$*"; }

# fail CAUSE: the last line that a failing script prints.
fail() {
  printf '%s: failed: %s\n' "scripts/$(basename "$0")" "$*" >&2
  exit 1
}

# step NAME SENTENCE COMMAND...: says the sentence, runs the command with its output in .cache/logs/NAME.log, and says
# how long it took. When the command fails, shows the first errors and the end of the log, and stops.
step() {
  local log=$logs/$1.log sentence=$2 started=$SECONDS status
  shift 2
  say "$sentence"
  set +e  # inside a condition bash would go on after a failing line of a function: run it in a shell that stops
  (set -e; "$@") >"$log" 2>&1
  status=$?
  set -e
  if [[ $status != 0 ]]; then
    grep -E -m 5 'error:|Error|undefined reference|^E:' "$log" >&2 || true
    tail -n 15 "$log" >&2
    fail "$sentence (whole output: ${log#"$root"/})"
  fi
  printf '   done in %d s\n' "$((SECONDS - started))"
}

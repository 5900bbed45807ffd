#!/usr/bin/env bash
# Writes the traces of this folder, what `heddle show` says of them, and what 60 drawn programs
# answer anew:
#
#     traces/corpus/regenerate.sh [HEDDLE]
#
# For changes that are meant to change them. Look at the difference before you commit it.
set -Eeuo pipefail

corpus=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
root=${corpus%/traces/corpus}
heddle=${1:-$root/tools/heddle}
litmus=$root/props/litmus/races/two-readers.litmus

for name in "${!HEDDLE_@}"; do
  unset "$name"
done
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

# find_failure NAME ARGUMENT...: the failure as a search finds it, and minimized.
find_failure() {
  local name=$1 code=0
  shift
  "$heddle" explore -q -o "$work/$name" "$@" "$litmus" >/dev/null || code=$?
  [[ $code == 1 ]] || { echo "expected a violation with $*, exit code $code" >&2 && exit 1; }
  for trace in "$work/$name"/failures/two-readers/*.trace; do
    case $trace in
      *.min.trace) cp -- "$trace" "$corpus/two-readers.trace" ;;
      *) cp -- "$trace" "$corpus/two-readers.$name.trace" ;;
    esac
  done
}

find_failure sleep --strategy sleep
find_failure dfs --strategy dfs
find_failure random-7 --strategy random --seed 7

for trace in "$corpus"/*.trace; do
  "$heddle" show "$trace" >"${trace%.trace}.show"
done

# All but the time that it took.
"$heddle" fuzz -q -o "$work/fuzz" --seed 1 --runs 60 | sed '/ executions in /{s/ executions in .*//;q}' \
  >"$corpus/drawn-60.fuzz"

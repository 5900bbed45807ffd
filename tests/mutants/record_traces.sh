#!/usr/bin/env bash
# Records anew what the corpus knows of planted bugs, a minimal trace for each that a litmus program
# shows:
#
#     record_traces.sh BUILD_DIR [PATCH...]
#
# Every trace is made on its mutant, so this takes minutes. Look at the difference before you commit
# it. A trace whose bug is no longer planted stays where it is; the build says so.
set -euo pipefail

# shellcheck source=tests/mutants/each_mutant.sh
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/each_mutant.sh"
corpus=$source_dir/traces/corpus/planted

mkdir -p "$corpus"

value() { # value KEY: what the head of the patch says; nothing if it doesn't.
  sed -n "/^--- /q; s/^# $1: *//p" "$patch"
}

for patch in "${patches[@]}"; do
  name=$(basename "$patch" .patch)
  litmus=$(value litmus)
  read -ra explore <<<"$(value explore)"
  mutated=$("$here/build_mutant.sh" "$source_dir" "$build" "$patch" "$work/$name" tools/heddle)
  code=0
  "$mutated" explore -q -o "$work/$name/out" "${explore[@]}" "$source_dir/$litmus" >/dev/null || code=$?
  traces=("$work/$name/out/failures/"*/*.min.trace)
  if [[ $code != 1 || ${#traces[@]} != 1 || ! -s ${traces[0]} ]]; then
    printf 'FAILED  %s: expected one violation, exit code %s\n' "$name" "$code" >&2
    exit 1
  fi
  cp -- "${traces[0]}" "$corpus/$name.trace"
  printf '%s: %s\n' "$name" "$(sed -n 's/^verdict //p' "${traces[0]}")"
  rm -rf -- "${work:?}/$name"
done

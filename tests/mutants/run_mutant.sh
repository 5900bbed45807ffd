#!/usr/bin/env bash
# One mutant from patch to verdict:
#
#     run_mutant.sh SOURCE_DIR PATCH HEDDLE COMMAND...
#
# COMMAND prints the path of the heddle command that has the patch in it, and may build it first.
set -euo pipefail

here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
source_dir=$1 patch=$2 heddle=$3
shift 3

value() { # value KEY: what the head of the patch says; nothing if it doesn't.
  sed -n "/^--- /q; s/^# $1: *//p" "$patch"
}

for key in mutant claim litmus preemptions expect; do
  if [[ -z $(value "$key") ]]; then
    printf 'FAILED  %s has no line "# %s: ..."\n' "${patch##*/}" "$key" >&2
    exit 1
  fi
done
if [[ ! -f $source_dir/$(value litmus) ]]; then
  printf 'FAILED  %s names a litmus file that is not there: %s\n' "${patch##*/}" "$(value litmus)" >&2
  exit 1
fi

printf 'mutant  %s\nclaim   %s\n' "$(value mutant)" "$(value claim)"
mutated=$("$@")
read -ra explore <<<"$(value explore)"
exec "$here/judge_mutant.sh" "$heddle" "$mutated" "$source_dir/$(value litmus)" "$(value expect)" \
  "$(value preemptions)" "${explore[@]}"

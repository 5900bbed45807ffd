#!/usr/bin/env bash
# One mutant from patch to verdict:
#
#     run_mutant.sh SOURCE_DIR PATCH HEDDLE COMMAND...
#
# COMMAND prints the path of a heddle that has the patch in it, and may build it first. If the patch
# is one of those in this folder, the path of the tests of the catalogue follows, with the patch in
# them as well.
set -euo pipefail

here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
source_dir=$(readlink -f -- "$1") patch=$2 heddle=$(readlink -f -- "$3")
shift 3

value() { # value KEY: what the head of the patch says; nothing if it doesn't.
  sed -n "/^--- /q; s/^# $1: *//p" "$patch"
}

keys=(mutant claim litmus preemptions expect)
for key in "${keys[@]}"; do
  if [[ -z $(value "$key") ]]; then
    printf 'FAILED  %s has no line "# %s: ..."\n' "${patch##*/}" "$key" >&2
    exit 1
  fi
done
litmus=$(value litmus)
if [[ ! -f $source_dir/$litmus ]]; then
  printf 'FAILED  %s names a litmus file that is not there: %s\n' "${patch##*/}" "$litmus" >&2
  exit 1
fi

printf 'mutant  %s\nclaim   %s\n' "$(value mutant)" "$(value claim)"
output=$("$@")
mapfile -t mutated <<<"$output"
read -ra explore <<<"$(value explore)"
# The corpus has traces of the bugs that are planted here, the test of their program must tell them,
# and drawn programs must find them; other mistakes, as in the model, have only the program that is
# named.
is_planted=no trace=- failed=0
if [[ $(dirname -- "$(readlink -f -- "$patch")") == "$here" ]]; then
  is_planted=yes trace=$source_dir/traces/corpus/planted/$(basename -- "$patch" .patch).trace
fi
"$here/judge_mutant.sh" "$heddle" "${mutated[0]}" "$source_dir/$litmus" "$(value expect)" \
  "$(value preemptions)" "$trace" "${explore[@]}" || failed=1
if [[ $is_planted == yes ]]; then
  "$here/judge_message.sh" "$heddle" "${mutated[0]}" "${mutated[1]}" "$litmus" "$(value expect)" \
    "$(value preemptions)" || failed=1
  "$here/judge_drawn.sh" "$heddle" "${mutated[0]}" "$(value preemptions)" || failed=1
fi
exit "$failed"

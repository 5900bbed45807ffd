#!/usr/bin/env bash
# Runs the test of one program of the catalogue with the core of a mutant, and judges what it says:
#
#     judge_message.sh HEDDLE MUTATED_HEDDLE MUTATED_TEST LITMUS EXPECT PREEMPTIONS
#
# The test must fail, not crash, and its message must be all that is needed: the smallest program as
# litmus text, what its threads did as a table, and a line to run it again, which shows the bug on
# the mutant and not on the core.
set -euo pipefail

heddle=$1 mutated=$2 mutated_test=$3 litmus=$4 expect=$5 preemptions=$6

# shellcheck source=tests/mutants/demands.sh
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/demands.sh"
export TEST_TMPDIR=$work

demand_in_message() { # demand_in_message WHAT TEXT
  local found=nothing
  [[ -n $2 && $'\n'$(<test.stdout)$'\n' == *$'\n'"$2"$'\n'* ]] && found="$(wc -l <<<"$2") lines"
  demand "$1" "in the message" "$found" "$([[ $found != nothing ]] && echo yes)"
}

judge_trace() { # judge_trace TRACE COMMAND...
  local trace=$1
  demand_in_message "message, smallest program" "$(sed -n 's/^| \{0,1\}//p' "$trace")"

  run replay "$mutated" "${@:2}"
  demand_code "mutant, replay of the message" 1
  demand_in_message "message, table of the threads" \
    "$(sed -n '/^ *#  /,/^  schedule /p' replay.stdout)"
  run innocent "$heddle" "${@:2}"
  demand_not_reproduced "core, replay of the message"

  run minimize "$mutated" minimize -o "$out" "$trace"
  demand "message, nothing is left to take away" "is minimal" \
    "$(grep -oE '(is minimal|minimized to .* calls?),' minimize.stdout || echo nothing)" \
    "$(grep -qE '^ *program of .* is minimal,$' minimize.stdout && echo yes)"
  demand_at_most "message, preemptions" "$preemptions" "$(preemptions_in minimize.stdout)"
}

# The test has the name of its file, with nothing but letters and digits.
file=${litmus##*props/litmus/}
run test "$mutated_test" --gtest_brief=1 \
  --gtest_filter="*.HoldsOnEveryInterleaving/${file//[^a-zA-Z0-9]/_}"
demand_code "mutant, test of its program" 1
demand_finding "message, finding" "$expect" test.stdout

mapfile -t lines < <(sed -n 's/^  replay    heddle //p' test.stdout)
read -ra replay <<<"${lines[0]:-}"
trace=${replay[1]:-}
demand "message, trace to replay" "a file" "${trace:-no line}" \
  "$([[ ${#lines[@]} == 1 && -s $trace ]] && echo yes)"
if [[ -s $trace ]]; then
  judge_trace "$trace" "${replay[@]}"
fi
end_demands

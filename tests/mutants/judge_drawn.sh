#!/usr/bin/env bash
# Lets drawn programs look for a mutant, without any program of the catalogue, and judges what they
# find:
#
#     judge_drawn.sh HEDDLE MUTATED_HEDDLE PREEMPTIONS
#
# The first failure among 10000 programs must come with a trace of a small program that happens again
# on the mutant and not on the core. PREEMPTIONS is what the program of the patch needs; a drawn one
# may need one more. Programs, unlike
# seconds, are the same on every machine; these take less than a minute of one core, and a few of
# them suffice for nearly every mutant. MUTANT_FUZZ_SEED is the seed, 1 if not given.
set -euo pipefail

here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
heddle=$1 mutated=$2 preemptions=$3 seed=${MUTANT_FUZZ_SEED:-1}
most_threads=3 most_calls=6

# shellcheck source=tests/mutants/demands.sh
source "$here/demands.sh"

at_most() { # at_most WHAT MOST FOUND
  demand "$1" "at most $2" "${3:-no number}" "$([[ -n $3 ]] && (($3 <= $2)) && echo yes)"
}

run drawn "$mutated" fuzz -q -o "$out" --seed "$seed" --runs 10000
demand_code "mutant, drawn programs" 1
grep -E '^first failure: ' drawn.stdout || true
read -r threads calls < <(sed -nE \
  's/^ *program of .*([0-9]+) threads? and ([0-9]+) calls?( is minimal)?,$/\1 \2/p' drawn.stdout) ||
  threads='' calls=''
at_most "smallest program, threads" "$most_threads" "$threads"
at_most "smallest program, calls" "$most_calls" "$calls"
at_most "smallest schedule, preemptions" "$((preemptions + 1))" "$(preemptions_in drawn.stdout)"

mapfile -t traces < <(find "$out/failures" -name '*.min.trace' 2>/dev/null)
demand "mutant, traces of drawn programs" 1 "${#traces[@]}" "$([[ ${#traces[@]} == 1 ]] && echo yes)"
if ((${#traces[@]} == 1)); then
  run replay "$mutated" replay "${traces[0]}"
  demand_code "mutant, replay of the smallest" 1
  run innocent "$heddle" replay "${traces[0]}"
  demand "core, replay of the smallest" "exit code 3 or 5" "$code" \
    "$( ((code == 3 || code == 5)) && echo yes)"
fi
end_demands

#!/usr/bin/env bash
# Lets drawn programs look for a mutant, without any program of the catalogue, and judges what they
# find:
#
#     judge_drawn.sh HEDDLE MUTATED_HEDDLE PREEMPTIONS
#
# Within 10000 programs a failure must come whose smallest program has few threads and calls and
# needs no more PREEMPTIONS than that of the patch, with a trace that happens again on the mutant and
# not on the core. Those before it show the bug in another way, as a wait that never gets to sleep
# does; but they must have been minimized as well. The line that repeats the failure must do so, and
# keep the property in mind that is asked for by name. Programs, unlike seconds, are the same on
# every machine; these take less than a minute of one core, and a few of them suffice for nearly
# every mutant. MUTANT_FUZZ_SEED is the seed, 1 if not given.
set -euo pipefail

here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
heddle=$1 mutated=$2 preemptions=$3 seed=${MUTANT_FUZZ_SEED:-1}
programs=10000 most_threads=3 most_calls=6

# shellcheck source=tests/mutants/demands.sh
source "$here/demands.sh"

# Looks for a failure from program FIRST on. Sets what is told of it, to nothing if it isn't: its
# number, and how large the smallest program and schedule are.
draw() { # draw FIRST
  rm -rf -- "$out"
  run drawn "$mutated" fuzz -q -o "$out" --seed "$seed" --first "$1" --runs "$((programs - $1))"
  index=$(sed -nE 's/^program ([0-9]+) of seed .*/\1/p' drawn.stdout)
  read -r threads calls < <(sed -nE \
    's/^ *program of .*([0-9]+) threads? and ([0-9]+) calls?( is minimal)?,$/\1 \2/p' \
    drawn.stdout) || threads='' calls=''
  needed=$(preemptions_in drawn.stdout)
}

is_too_large() { # Not so where any of the numbers is missing, which no other program makes good.
  [[ $code == 1 && -n $index && -n $threads && -n $calls && -n $needed ]] &&
    ((threads > most_threads || calls > most_calls || needed > preemptions))
}

# Follows the line that repeats the failure which FILE tells of. Without one nothing is run, as that
# would be a search of its own.
repeat() { # repeat NAME FILE ARGUMENT...
  local name=$1 line
  code=none
  : >"$name.stdout"
  read -ra line < <(sed -nE 's/^program .*, again: heddle fuzz (.*)/\1/p' "$2") || return 0
  shift 2
  run "$name" "$mutated" fuzz -q -o "$work/$name" "${line[@]}" "$@"
}

told_in() { # told_in FILE: which program failed, and the line that repeats it.
  grep '^program [0-9]* of seed ' "$1" || true
}

draw 0
while is_too_large && ((index + 1 < programs)); do
  printf '        program %d: %d threads, %d calls, %d preemptions\n' \
    "$index" "$threads" "$calls" "$needed"
  draw "$((index + 1))"
done
demand_code "mutant, drawn programs" 1
[[ -z $index ]] || printf '        that took %d programs\n' "$((index + 1))"
demand_at_most "smallest program, threads" "$most_threads" "$threads"
demand_at_most "smallest program, calls" "$most_calls" "$calls"
demand_at_most "smallest schedule, preemptions" "$preemptions" "$needed"

property=$(sed -nE 's/^([a-z-]+) broken: .*/\1/p' drawn.stdout)
repeat named drawn.stdout --property "$property"
demand_code "mutant, the line that repeats it, for $property" 1
repeat again named.stdout
named=$(told_in named.stdout)
repeated=$(told_in again.stdout)
demand "mutant, the line that repeats that" "the same, with --property $property" \
  "${repeated:-nothing}" \
  "$([[ $code == 1 && $named == *" --property $property" && $repeated == "$named" ]] && echo yes)"

mapfile -t traces < <(find "$out/failures" -name '*.min.trace' 2>/dev/null)
demand "mutant, traces of drawn programs" 1 "${#traces[@]}" "$([[ ${#traces[@]} == 1 ]] && echo yes)"
if ((${#traces[@]} == 1)); then
  run replay "$mutated" replay "${traces[0]}"
  demand_code "mutant, replay of the smallest" 1
  run innocent "$heddle" replay "${traces[0]}"
  demand_not_reproduced "core, replay of the smallest"
fi
end_demands

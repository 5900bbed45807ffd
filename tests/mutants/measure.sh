#!/usr/bin/env bash
# Measures how soon each way to search finds each planted bug:
#
#     measure.sh BUILD_DIR [PATCH...]
#
# Prints a table: the median, over 20 seeds, of the executions up to the first failure; "-" where
# half of the seeds or more need over 10000. A complete search has no seed. Takes a few minutes.
set -euo pipefail

# shellcheck source=tests/mutants/each_mutant.sh
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/each_mutant.sh"
strategies=(dpor sample surw pos pct urw random)
seeds=20

executions() { # executions STRATEGY SEED: up to the first failure; 10001 if there is none.
  local output
  rm -rf -- "$work/out" # What was saved would be tried first.
  output=$("$mutated" explore -q -o "$work/out" --strategy "$1" --runs 10000 --seed "$2" "$litmus" \
    2>/dev/null) && echo 10001 && return
  sed -n 's/^first failure: \([0-9]*\) execution.*/\1/p' <<<"$output"
}

median() { # median STRATEGY: of all seeds.
  local seed count=$seeds numbers
  [[ $1 == dpor ]] && count=1
  mapfile -t numbers < <(
    for ((seed = 1; seed <= count; ++seed)); do executions "$1" "$seed"; done | sort -n
  )
  ((${#numbers[@]} == count)) || return 1
  local middle=${numbers[count / 2]}
  ((middle <= 10000)) && echo "$middle" || echo -
}

printf '| bug | program |'
printf ' %s |' "${strategies[@]}"
printf '\n| --- | --- |'
printf ' ---: |%.0s' "${strategies[@]}"
printf '\n'
for patch in "${patches[@]}"; do
  name=$(basename "$patch" .patch)
  litmus=$source_dir/$(sed -n 's/^# litmus: *//p' "$patch")
  mutated=$("$here/build_mutant.sh" "$source_dir" "$build" "$patch" "$work/$name" tools/heddle)
  row="| $name | $(basename "$litmus" .litmus) |"
  for strategy in "${strategies[@]}"; do
    row+=" $(median "$strategy") |"
  done
  printf '%s\n' "$row"
  rm -rf -- "${work:?}/$name"
done

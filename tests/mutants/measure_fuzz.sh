#!/usr/bin/env bash
# Measures how soon drawn programs alone find each planted bug:
#
#     measure_fuzz.sh BUILD_DIR [PATCH...]
#
# Prints a table: the seconds that one core spends up to the first failure, minimizing included, and
# the programs; the property that it broke, and how large the smallest program and schedule are. "-"
# where FUZZ_RUNS (10000) programs were not enough. FUZZ_SEED is the seed, 1 if not given. Programs
# are the same on every machine; seconds are of the processor, so that others may use it as well.
set -euo pipefail

# shellcheck source=tests/mutants/each_mutant.sh
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/each_mutant.sh"
runs=${FUZZ_RUNS:-10000} seed=${FUZZ_SEED:-1}
TIMEFORMAT='%U %S'

printf '| bug | seconds | programs | property | threads | calls | events | preemptions |\n'
printf '| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: |\n'
missed=0
for patch in "${patches[@]}"; do
  name=$(basename "$patch" .patch)
  mutated=$("$here/build_mutant.sh" "$source_dir" "$build" "$patch" "$work/$name" tools/heddle)
  output=$work/$name/output
  seconds=$({ time "$mutated" fuzz -q -o "$work/out" --seed "$seed" --runs "$runs" \
    >"$output" 2>/dev/null || true; } 2>&1 | awk '{ printf "%.1f", $1 + $2 }')
  programs=$(sed -n 's/^first failure: \([0-9,]*\) programs\{0,1\}, .*/\1/p' "$output")
  property=$(sed -n 's/^\([a-z-]*\) broken: .*/\1/p' "$output")
  if [[ -z $programs ]]; then
    missed=$((missed + 1))
    seconds=- programs=-
  fi
  read -r threads calls < <(sed -nE \
    's/^ *program of .*([0-9]+) threads? and ([0-9]+) calls?( is minimal)?,$/\1 \2/p' "$output") ||
    threads=- calls=-
  read -r events preemptions < <(sed -nE \
    's/^ *schedule of .* minimized to ([0-9]+) events?, ([0-9]+) preemptions?.*/\1 \2/p' \
    "$output") || events=- preemptions=-
  printf '| %s | %s | %s | %s | %s | %s | %s | %s |\n' "$name" "$seconds" "$programs" \
    "${property:--}" "$threads" "$calls" "$events" "$preemptions"
  rm -rf -- "${work:?}/$name" "$work/out"
done
printf '\n%d of %d not found in %s programs\n' "$missed" "${#patches[@]}" "$runs"

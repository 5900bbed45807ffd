#!/usr/bin/env bash
# Measures how soon drawn programs alone find each planted bug:
#
#     measure_fuzz.sh BUILD_DIR [PATCH...]
#
# Prints a table: seconds and programs on one core up to the first failure, with what it takes to
# make that small, the property that it broke, and how large the smallest program and schedule are;
# "-" where FUZZ_BUDGET (60s) was not enough. FUZZ_SEED is the seed, 1 if not given.
set -euo pipefail

# shellcheck source=tests/mutants/each_mutant.sh
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/each_mutant.sh"
budget=${FUZZ_BUDGET:-60s} seed=${FUZZ_SEED:-1}

printf '| bug | seconds | programs | property | threads | calls | events | preemptions |\n'
printf '| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: |\n'
missed=0
for patch in "${patches[@]}"; do
  name=$(basename "$patch" .patch)
  mutated=$("$here/build_mutant.sh" "$source_dir" "$build" tools/heddle "$patch" "$work/$name")
  output=$("$mutated" fuzz -q -o "$work/out" --seed "$seed" --runs 100000000 --budget "$budget" \
    2>/dev/null) || true
  read -r programs seconds < <(sed -n \
    's/^first failure: \([0-9,]*\) programs\{0,1\}, .* in \([0-9.]*\) s$/\1 \2/p' <<<"$output") ||
    programs=- seconds=-
  property=$(sed -n 's/^\([a-z-]*\) broken: .*/\1/p; s/^HD702  the core crashed.*/crash/p' \
    <<<"$output")
  [[ $programs == - ]] && missed=$((missed + 1))
  read -r threads calls < <(sed -nE \
    's/^ *program of .*([0-9]+) threads? and ([0-9]+) calls?( is minimal)?,$/\1 \2/p' <<<"$output") ||
    threads=- calls=-
  read -r events preemptions < <(sed -nE \
    's/^ *schedule of .* minimized to ([0-9]+) events?, ([0-9]+) preemptions?.*/\1 \2/p' \
    <<<"$output") || events=- preemptions=-
  printf '| %s | %s | %s | %s | %s | %s | %s | %s |\n' "$name" "$seconds" "$programs" \
    "${property:--}" "$threads" "$calls" "$events" "$preemptions"
  rm -rf -- "${work:?}/$name" "$work/out"
done
printf '\n%d of %d not found within %s\n' "$missed" "${#patches[@]}" "$budget"

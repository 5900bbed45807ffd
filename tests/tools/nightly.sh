#!/usr/bin/env bash
# Draws programs for as long as it is told, other ones each day: nightly.sh HEDDLE BUDGET
#
# HEDDLE_SEED says another seed than the day. At most one program in a thousand may be too large for
# the model to judge; anything that is found fails the test, and its trace is kept in the build folder.
set -euo pipefail

heddle=$1 budget=$2 seed=${HEDDLE_SEED:-$(date +%Y%m%d)} code=0
unset HEDDLE_SEED
output=$("$heddle" fuzz --seed "$seed" --runs 1000000000 --budget "$budget" -j "$(nproc)" \
  -o "nightly-$seed") || code=$?
printf 'seed %s\n%s\n' "$seed" "$output"
((code == 2)) || exit "$code"
programs=$(sed -n 's/^budget: \([0-9,]*\) programs.*/\1/p' <<<"$output" | tr -d ,)
unknown=$(sed -n 's/.*; not judged: \([0-9]*\)$/\1/p' <<<"$output")
printf 'not judged: %s of %s programs; one in a thousand may be\n' "$unknown" "$programs"
((unknown * 1000 <= programs))

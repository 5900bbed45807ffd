#!/usr/bin/env bash
# Plants one mistake after the other in the core, and compares what a reduced search and others find
# in the histories of drawn programs (compare_searches.cc):
#
#     compare_searches.sh BUILD_DIR [PATCH...]
#
# All of this folder and of the one above it, if none is given; the core as it is comes first.
# HEDDLE_COMPARE is "PROGRAMS SEED EXECUTIONS", 500 1 20000 if it is not set. Exit 1 if any search
# missed what it ought to have found.
set -euo pipefail

read -ra numbers <<<"${HEDDLE_COMPARE:-500 1 20000}"
histories=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
(($# > 1)) || set -- "$1" "$histories"/{,../}*.patch

# shellcheck source=tests/mutants/each_mutant.sh
source "$histories/../each_mutant.sh"
program=tests/mutants/histories/compare_searches
failed=0

compare() { # compare NAME PROGRAM
  printf '%s: ' "$1"
  "$2" "${numbers[@]}" || failed=1
}

ninja -C "$build" "$program" >/dev/null
compare "the core as it is" "$build/$program"
for patch in "${patches[@]}"; do
  name=$(basename "$patch" .patch)
  mutated=$("$here/build_mutant.sh" "$source_dir" "$build" "$patch" "$work/$name" "$program")
  compare "$name" "$mutated"
  rm -rf -- "${work:?}/$name"
done
exit "$failed"

# shellcheck shell=bash
# Sourced, with the arguments BUILD_DIR [PATCH...], by what goes through the mutants: sets `here`,
# `source_dir`, `build`, `patches` (all, if none is given) and `work`, a folder that goes at the end.
# No setting of the user's changes what is measured or recorded.

here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
source_dir=${here%/tests/mutants}
build=$(readlink -f -- "$1")
shift
patches=("$@")
((${#patches[@]})) || patches=("$here"/*.patch)
for name in "${!HEDDLE_@}"; do
  unset "$name"
done
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

#!/usr/bin/env bash
# install_test.sh CMAKE BUILD_FOLDER OUTSIDE_PROJECT SCRATCH_FOLDER CC CXX CXX_FLAGS
set -Eeuo pipefail

cmake=$1 build=$2 outside=$3 scratch=$4 cc=$5 cxx=$6 flags=$7

rm -rf -- "$scratch"
"$cmake" --install "$build" --prefix "$scratch/prefix" --component zircon

# The sanitizers of the library, if it has any, have to be in the programs as well.
"$cmake" -S "$outside" -B "$scratch/build" -DCMAKE_PREFIX_PATH="$scratch/prefix" \
  -DCMAKE_C_COMPILER="$cc" -DCMAKE_CXX_COMPILER="$cxx" -DCMAKE_CXX_FLAGS="$flags"
"$cmake" --build "$scratch/build"
"$scratch/build/program_in_c"
"$scratch/build/program_in_cxx"

# Nothing of the inside is installed.
if grep -rlE '"core/|"platform/|"sim/|<boost' "$scratch/prefix/include"; then
  echo "these headers name something that is not installed" >&2
  exit 1
fi

#!/usr/bin/env bash
# Builds the heddle command on a copy of the core with one patch applied:
#
#     build_mutant.sh SOURCE_DIR PATCH WORK_DIR [CMAKE ARGUMENT...]
#
# Prints the path of the command on stdout, everything else on stderr. Files in WORK_DIR that are
# the same as last time keep their dates, so a second run builds only what changed.
set -euo pipefail

source_dir=$1 patch=$2 work=$3
shift 3

fail() {
  printf 'FAILED  %s: %s\n' "${patch##*/}" "$*" >&2
  exit 1
}

# The patched copy is made beside the old one and then merged into it, file by file.
patched=$work/patched.new
rm -rf -- "$patched"
mkdir -p "$patched" "$work/root/core"
cp -R "$source_dir/core" "$patched/core"

grep -q '^+++ ' "$patch" || fail "holds no diff"
if outside=$(grep '^+++ ' "$patch" | grep -v '^+++ b/core/'); then
  fail "touches more than core/: $outside"
fi
# No fuzz: a patch that no longer fits its place may plant another bug than the one it names.
if ! output=$(patch -d "$patched" -p1 --batch --forward --fuzz=0 --no-backup-if-mismatch \
  <"$patch" 2>&1); then
  fail "does not apply to core/:"$'\n'"$output"
fi

(cd "$patched/core" && find . -type f) | while IFS= read -r file; do
  if ! cmp -s "$patched/core/$file" "$work/root/core/$file"; then
    mkdir -p "$(dirname "$work/root/core/$file")"
    cp "$patched/core/$file" "$work/root/core/$file"
  fi
done
(cd "$work/root/core" && find . -type f) | while IFS= read -r file; do
  [[ -e $patched/core/$file ]] || rm -f "$work/root/core/$file"
done
rm -rf -- "$patched"

# With paths below WORK_DIR made relative, the mutants share what ccache holds of each other.
export CCACHE_BASEDIR=$work
build=$work/build
if ! output=$(cmake -S "$source_dir" -B "$build" -G Ninja "$@" \
  "-DHEDDLE_CORE_DIR=$work/root/core" -DHEDDLE_BUILD_TESTS=OFF -DHEDDLE_BUILD_BENCHMARKS=OFF 2>&1); then
  fail "the build with the patched core can't be configured:"$'\n'"$output"
fi
if ! output=$(ninja -C "$build" -j "${MUTANT_JOBS:-2}" heddle 2>&1); then
  fail "the patched core does not build:"$'\n'"$output"
fi

# Had anything been compiled from the core as it is, mutant and core would be mixed in one program.
if mixed=$(ninja -C "$build" -t deps | grep -F "$source_dir/core/"); then
  fail "these files of the unpatched core were used as well:"$'\n'"$(sort -u <<<"$mixed")"
fi
printf '%s\n' "$build/tools/heddle"

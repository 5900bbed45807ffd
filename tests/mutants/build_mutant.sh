#!/usr/bin/env bash
# Links a program of a finished build again, with one patch applied to the core:
#
#     build_mutant.sh SOURCE_DIR BUILD_DIR PROGRAM PATCH WORK_DIR
#
# PROGRAM is a path in BUILD_DIR, as ninja names it: tools/heddle. Prints the path of the new program
# on stdout, everything else on stderr. Only what the patch touches is compiled, which is every file
# that includes a patched one; the commands are those of the build, which itself stays as it is.
set -euo pipefail

source_dir=$(readlink -f -- "$1") build=$(readlink -f -- "$2") program=$3 patch=$4
mkdir -p "$5"
work=$(readlink -f -- "$5")
root=$work/root # Holds the patched files; it comes before SOURCE_DIR wherever headers are looked for.
mutant=$work/${program##*/}
rm -rf -- "$root" "$work/objects" "$mutant"
mkdir -p "$root" "$work/objects"

fail() {
  printf 'FAILED  %s: %s\n' "${patch##*/}" "$*" >&2
  exit 1
}

apply_patch() {
  local file output
  mapfile -t files < <(sed -n 's|^+++ b/\([^[:space:]]*\).*|\1|p' "$patch")
  ((${#files[@]})) || fail "holds no diff"
  for file in "${files[@]}"; do
    [[ $file == core/* && $file != *..* ]] || fail "touches more than core/: $file"
    [[ -f $source_dir/$file ]] || fail "does not apply to core/: there is no $file"
    mkdir -p "$root/${file%/*}"
    cp -- "$source_dir/$file" "$root/$file"
  done
  # No fuzz: a patch that no longer fits its place may plant another bug than the one it names.
  if ! output=$(patch -d "$root" -p1 --batch --forward --fuzz=0 --no-backup-if-mismatch \
    <"$patch" 2>&1); then
    fail "does not apply to core/:"$'\n'"$output"
  fi
  for file in "${files[@]}"; do
    cmp -s "$source_dir/$file" "$root/$file" && fail "changes nothing in $file"
  done
  return 0
}

# The objects in BUILD_DIR that a patched file was compiled into, a line each.
objects_to_compile() {
  ninja -C "$build" -t deps | awk -v source="$source_dir" -v build="$build" -v list="${files[*]}" '
    BEGIN { count = split(list, names, " "); for (i = 1; i <= count; i++) wanted[source "/" names[i]] }
    function absolute(path) {
      if (path !~ /^\//) path = build "/" path
      while (sub(/\/[^\/]+\/\.\.\//, "/", path)) {}
      return path
    }
    /^[^ ].*: #deps/ { object = $1; sub(/:$/, "", object); next }
    NF { if (absolute($1) in wanted) print object }' | sort -u
}

# Compiles again what has to be, and sets `objects` to what is in no archive of the link.
compile_and_link() {
  local link command object source output count=0 compiled=() replaced=()
  declare -A stale
  while IFS= read -r object; do stale[$object]=1; done < <(objects_to_compile)
  mapfile -t commands < <(ninja -C "$build" -t commands "$program")
  ((${#commands[@]})) || fail "the build in $build knows no $program"
  link=${commands[-1]%% && cd *} # What a build does with a program once it is linked, it leaves out.
  for command in "${commands[@]}"; do
    [[ $command =~ \ -o\ ([^ ]+)\ -c\ ([^ ]+)$ ]] || continue
    object=${BASH_REMATCH[1]} source=${BASH_REMATCH[2]}
    [[ -n ${stale[$object]:-} ]] || continue
    local new=$work/objects/$((++count)).o
    [[ -f $root/${source#"$source_dir/"} ]] && command=${command%"$source"}$root/${source#"$source_dir/"}
    command=${command//"$object"/"$new"}
    if ! output=$(cd "$build" && eval "${command/ -I/ -I$root -I}" 2>&1); then
      fail "the patched core does not build:"$'\n'"$output"
    fi
    # An object that the link names itself is replaced; the others go before the archives, from which
    # the linker then takes the rest.
    if [[ " $link " == *" $object "* ]]; then
      link=${link//"$object"/"$new"}
    else
      compiled+=("$new")
      local target=${object#*CMakeFiles/}
      replaced+=("${object%CMakeFiles/*}lib${target%%.dir/*}.a(${object##*/})")
    fi
  done
  ((count)) || fail "no object of $program comes from what it changes"
  link=${link/" -o $program "/" ${compiled[*]} -Wl,-Map=$work/map -o $mutant "}
  if ! output=$(cd "$build" && eval "$link" 2>&1); then
    fail "the patched core does not link:"$'\n'"$output"
  fi
  # Had the linker taken an object without the patch too, mutant and core would be mixed.
  for object in "${replaced[@]}"; do
    grep -qF "$object" "$work/map" && fail "what it takes away is needed: $object"
  done
  return 0
}

apply_patch
compile_and_link
[[ -x $mutant ]] || fail "the link made no program"
printf '%s\n' "$mutant"

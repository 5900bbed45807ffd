#!/usr/bin/env bash
# Links programs of a finished build again, with one patch applied to the core:
#
#     build_mutant.sh SOURCE_DIR BUILD_DIR PATCH WORK_DIR PROGRAM...
#
# PROGRAM is a path in BUILD_DIR, as ninja names it: tools/heddle. Prints the paths of the new
# programs on stdout, a line each, everything else on stderr. Only what the patch touches is
# compiled, which is every file that includes a patched one, and once for all programs; the commands
# are those of the build, which itself stays as it is.
set -euo pipefail

source_dir=$(readlink -f -- "$1") build=$(readlink -f -- "$2") patch=$3
mkdir -p "$4"
work=$(readlink -f -- "$4")
shift 4
programs=("$@")
root=$work/root # Holds the patched files; it comes before SOURCE_DIR wherever headers are looked for.
rm -rf -- "$root" "$work/objects"
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

# Compiles again what has to be, of all programs: `stale` are those objects of the build, and `fresh`
# has the new one of each.
stale=()
declare -A fresh
compile() {
  local command object source output
  local -A wanted
  while IFS= read -r object; do wanted[$object]=1; done < <(objects_to_compile)
  mapfile -t commands < <(ninja -C "$build" -t commands "${programs[@]}")
  ((${#commands[@]})) || fail "the build in $build does not know all of: ${programs[*]}"
  for command in "${commands[@]}"; do
    [[ $command =~ \ -o\ ([^ ]+)\ -c\ ([^ ]+)$ ]] || continue
    object=${BASH_REMATCH[1]} source=${BASH_REMATCH[2]}
    [[ -n ${wanted[$object]:-} ]] || continue
    stale+=("$object")
    fresh[$object]=$work/objects/${#stale[@]}.o
    [[ -f $root/${source#"$source_dir/"} ]] && command=${command%"$source"}$root/${source#"$source_dir/"}
    command=${command//"$object"/"${fresh[$object]}"}
    if ! output=$(cd "$build" && eval "${command/ -I/ -I$root -I}" 2>&1); then
      fail "the patched core does not build:"$'\n'"$output"
    fi
  done
}

link_program() { # link_program PROGRAM: prints the path of the new one.
  local program=$1 mutant=$work/${1##*/} link output object archive target first=() replaced=()
  rm -f -- "$mutant"
  link=$(ninja -C "$build" -t commands -s "$program")
  link=${link%% && cd *} # What a build does with a program once it is linked, it leaves out.
  # An object that the link names itself is replaced; the others go before the archives, from which
  # the linker then takes the rest.
  for object in "${stale[@]}"; do
    target=${object#*CMakeFiles/}
    archive=${object%CMakeFiles/*}lib${target%%.dir/*}.a
    if [[ " $link " == *" $object "* ]]; then
      link=${link//"$object"/"${fresh[$object]}"}
      replaced+=("$object")
    elif [[ " $link " == *" $archive "* ]]; then
      first+=("${fresh[$object]}")
      replaced+=("$archive(${object##*/})")
    fi
  done
  ((${#replaced[@]})) || fail "no object of $program comes from what it changes"
  link=${link/" -o $program "/" ${first[*]} -Wl,-Map=$mutant.map -o $mutant "}
  if ! output=$(cd "$build" && eval "$link" 2>&1); then
    fail "the patched core does not link:"$'\n'"$output"
  fi
  # Had the linker taken an object without the patch too, mutant and core would be mixed.
  for object in "${replaced[@]}"; do
    grep -qF "$object" "$mutant.map" && fail "what it takes away is needed: $object"
  done
  [[ -x $mutant ]] || fail "the link made no program"
  printf '%s\n' "$mutant"
}

apply_patch
compile
for program in "${programs[@]}"; do
  link_program "$program"
done

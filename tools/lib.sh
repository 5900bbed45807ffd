# shellcheck shell=bash
# What tools/heddle, tools/test and .ci/run share: installing what is missing, configuring, building.
#
# Sourced, never run. Everything here talks on stderr, so that stdout belongs to the results. Exit
# codes are those of the heddle command: a script that fails for a reason of its own must not end
# with 1, which would mean "violation found".

# shellcheck disable=SC2034  # Used by tools/test.
readonly EXIT_USAGE=64
readonly EXIT_INTERNAL=70

# Set by whoever sources this file: the checkout, absolute and without symbolic links.
root=${root:?lib.sh needs \$root}

readonly BASE_PACKAGES=(
  build-essential cmake ninja-build ccache patch
  libfmt-dev libboost-context-dev libcli11-dev nlohmann-json3-dev
  libgtest-dev librapidcheck-dev libbenchmark-dev
)
readonly CLANG_PACKAGES=(clang libclang-rt-14-dev)

say() {
  printf 'heddle: %s\n' "$*" >&2
}

die() { # die CODE MESSAGE...
  local code=$1
  shift
  say "$@"
  exit "$code"
}

trap 'die "$EXIT_INTERNAL" "unexpected failure in ${BASH_SOURCE[0]##*/}, line $LINENO"' ERR
trap 'exit 130' INT
trap 'exit 143' TERM

presets() {
  sed -n 's/.*"configurePreset": *"\([^"]*\)".*/\1/p' "$root/CMakePresets.json" | sort -u
}

# What the machine has installed, as one word that changes whenever it does. It is part of every
# stamp: a build folder may be mounted into another container, where the libraries are missing.
installed_state() {
  stat -c '%Y-%s' /var/lib/dpkg/status 2>/dev/null || echo unknown
}

# --- Packages ------------------------------------------------------------------------------------

# Prints the packages among the arguments that are not installed.
missing_packages() {
  local package status
  declare -A installed=()
  while read -r status package; do
    [[ $status == installed ]] && installed[$package]=1
  done < <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true)
  for package in "$@"; do
    [[ -n ${installed[$package]:-} ]] || echo "$package"
  done
}

as_root() {
  # File descriptor 9 is the build lock. A service that apt starts must not inherit it.
  if ((EUID == 0)); then
    env DEBIAN_FRONTEND=noninteractive "$@" >&2 9>&-
  elif [[ -t 0 && -z ${CI:-} ]]; then
    sudo env DEBIAN_FRONTEND=noninteractive "$@" >&2 9>&- # May ask for the password.
  else
    sudo -n env DEBIAN_FRONTEND=noninteractive "$@" >&2 9>&-
  fi
}

apt_install() { # apt_install PACKAGE...
  local options=(-y --no-install-recommends -o DPkg::Lock::Timeout=600)
  local by_hand="apt-get update && apt-get install ${options[*]:0:2} $*"
  if ((EUID == 0)); then
    say "installing with apt-get: $*"
  elif command -v sudo >/dev/null; then
    say "installing with sudo apt-get: $*"
  else
    die "$EXIT_INTERNAL" "these Debian packages are missing, and installing them needs root:" \
      "$*"$'\n'"heddle: run this as root, then try again:"$'\n'"    $by_hand"
  fi
  # A fresh machine has no package lists, and old lists name files that are gone.
  local updated=no
  if ! apt-get -qq --simulate install "$@" >/dev/null 2>&1; then
    as_root apt-get update || say "apt-get update failed; trying to install all the same"
    updated=yes
  fi
  as_root apt-get "${options[@]}" install "$@" && return
  if [[ $updated == no ]] && as_root apt-get update &&
    as_root apt-get "${options[@]}" install "$@"; then
    return
  fi
  die "$EXIT_INTERNAL" "apt-get could not install: $*"$'\n'"heddle: by hand, as root:"$'\n'"    $by_hand"
}

# Without apt nothing can be installed, so only say what is needed; CMake names missing libraries.
require_commands() {
  local command
  for command in cmake ninja g++; do
    command -v "$command" >/dev/null ||
      die "$EXIT_INTERNAL" "$command was not found, and this is no Debian on which to install it." \
        "Needed are the equivalents of: $*"
  done
}

ensure_packages() { # ensure_packages PRESET
  local packages=("${BASE_PACKAGES[@]}") stamp=$root/build/.packages key seen=
  if [[ $1 == clang || $1 == asan ]]; then
    packages+=("${CLANG_PACKAGES[@]}")
    stamp+=-clang
  fi
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    require_commands "${packages[@]}"
    return
  fi
  key=$(cksum <<<"${packages[*]} $(installed_state)")
  [[ -f $stamp ]] && seen=$(<"$stamp")
  [[ $seen == "$key" ]] && return
  local missing=()
  mapfile -t missing < <(missing_packages "${packages[@]}")
  ((${#missing[@]} == 0)) || apt_install "${missing[@]}"
  cksum <<<"${packages[*]} $(installed_state)" >"$stamp" # Installing changed the state.
}

# --- Build ---------------------------------------------------------------------------------------

configure() { # configure PRESET
  local preset=$1 dir=$root/build/$1 wanted seen=
  wanted="$root $(cksum <"$root/CMakePresets.json")"
  [[ -f $dir/.configured ]] && seen=$(<"$dir/.configured")
  [[ $seen == "$wanted" && -f $dir/build.ninja ]] && return

  # A checkout that was moved or copied brings a build folder that belongs to another place.
  if [[ -f $dir/CMakeCache.txt ]] &&
    ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$dir/CMakeCache.txt"; then
    say "build/$preset belongs to another checkout, starting afresh"
    rm -rf -- "$dir"
  fi
  say "configuring build/$preset"
  mkdir -p "$dir"
  if ! (cd "$root" && cmake --fresh --preset "$preset") >"$dir/.configure.log" 2>&1; then
    cat "$dir/.configure.log" >&2
    die "$EXIT_INTERNAL" "configuring build/$preset failed, see above"
  fi
  printf '%s\n' "$wanted" >"$dir/.configured"
}

# What has to be unchanged for the built heddle to be up to date, apart from the sources.
fresh_key() {
  printf '%s %s\n' "$root" "$(installed_state)"
}

# Is build/PRESET/tools/heddle newer than everything that it is made of? Asks neither apt nor CMake
# nor ninja, as it stands before every run of the command. Folders count too: they change
# when a file is removed or moved in with an old date.
heddle_is_fresh() { # heddle_is_fresh PRESET
  local dir=$root/build/$1 seen newer
  [[ -x $dir/tools/heddle && -f $dir/.fresh ]] || return 1
  seen=$(<"$dir/.fresh")
  [[ $seen == "$(fresh_key)" ]] || return 1
  newer=$(cd "$root" && find CMakeLists.txt CMakePresets.json core sim model traces props tools \
    -newer "$dir/.fresh" -print -quit 2>&1) || return 1
  [[ -z $newer ]]
}

build() { # build PRESET [TARGET...]: without targets, those of the build preset
  local preset=$1 dir=$root/build/$1 first=no targets=()
  shift
  (($# == 0)) || targets=(--target "$@")
  mkdir -p "$root/build"
  # ninja and cmake inherit the lock: if this script is killed, it is held until they have ended.
  exec 9>"$root/build/.lock"
  if ! flock -n 9; then
    say "waiting for another build in this checkout"
    flock 9
    if [[ $* == heddle ]] && heddle_is_fresh "$preset"; then # The other one built it for us.
      exec 9>&-
      return
    fi
  fi
  ensure_packages "$preset"
  configure "$preset"
  [[ -f $dir/.ninja_log ]] || first=yes
  if [[ $first == yes ]]; then
    say "first build of build/$preset: takes some minutes, later runs start at once"
  fi
  unset CCACHE_BASEDIR # It would make __FILE__, and so what is printed, depend on the build folder.
  if [[ ! -w ${HOME:-/nonexistent} && -z ${CCACHE_DIR:-} ]]; then
    export CCACHE_DIR=$root/build/ccache # ccache has no other place to keep its files.
  fi

  # The stamp gets the time at which the build began: what is edited meanwhile is newer.
  rm -f "$dir/.fresh"
  fresh_key >"$dir/.fresh.new"
  if ! (cd "$root" && cmake --build --preset "$preset" -j "$(nproc)" "${targets[@]}") >&2; then
    die "$EXIT_INTERNAL" "building build/$preset failed, see above"
  fi
  mv "$dir/.fresh.new" "$dir/.fresh"
  exec 9>&-
}

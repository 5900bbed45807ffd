# shellcheck shell=bash
# Sourced by what judges mutants: makes a folder to work in, goes there, and defines what runs a
# command, demands something of it, and tells at the end what was not met.

# The searches are the same whatever the caller has set.
for name in "${!HEDDLE_@}"; do
  unset "$name"
done
export NO_COLOR=1

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
cd "$work"
out=$work/out
failed=0

run() { # run NAME COMMAND...: sets code; output goes to NAME.stdout and NAME.stderr.
  local name=$1
  shift
  code=0
  "$@" >"$name.stdout" 2>"$name.stderr" </dev/null || code=$?
}

demand() { # demand WHAT EXPECTED FOUND OK
  local word=ok
  if [[ $4 != yes ]]; then
    word=FAILED
    failed=1
  fi
  printf '%-7s %s: expected %s, found %s\n' "$word" "$1" "$2" "$3"
}

demand_code() { # demand_code WHAT EXPECTED
  demand "$1" "exit code $2" "$code" "$([[ $code == "$2" ]] && echo yes)"
}

demand_finding() { # demand_finding WHAT EXPECTED FILE: it tells of that class, "x" for any digit.
  local found
  found=$(findings "$3")
  demand "$1" "$2" "${found:-none}" "$(grep -qwE "${2//x/[0-9]}" <<<"$found" && echo yes)"
}

findings() { # findings FILE: the classes of the findings that it tells, in one line.
  grep -oE '\bHD[0-9]{3}\b' "$1" | sort -u | xargs || true
}

demand_at_most() { # demand_at_most WHAT MOST FOUND
  demand "$1" "at most $2" "${3:-no number}" "$([[ -n $3 ]] && (($3 <= $2)) && echo yes)"
}

demand_not_reproduced() { # demand_not_reproduced WHAT: what a replay says where nothing is wrong.
  demand "$1" "exit code 3 or 5" "$code" "$( ((code == 3 || code == 5)) && echo yes)"
}

# The number of the last "N preemptions" in a file: what the minimizer ended with.
preemptions_in() {
  grep -oE '[0-9]+ preemptions?' "$1" | tail -n 1 | grep -oE '^[0-9]+' || true
}

end_demands() { # Exits: 0 if all demands were met; else what the commands said comes first.
  if ((failed)); then
    for file in *.stdout *.stderr; do
      [[ -s $file ]] || continue
      printf '\n--- %s (its last 60 lines)\n' "$file"
      tail -n 60 "$file"
    done
  fi
  exit "$failed"
}

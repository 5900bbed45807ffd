#!/usr/bin/env bash
# Runs one search with two heddle commands, the core as it is and a mutant, and judges both:
#
#     judge_mutant.sh HEDDLE MUTATED_HEDDLE LITMUS EXPECT PREEMPTIONS TRACE [EXPLORE ARGUMENT...]
#
# TRACE is what the corpus has of the mutant, or "-"; it must happen again on the mutant, and not on
# the core. Every demand is printed with what was found. Exit 0 if all are met. Besides the search, which is a
# complete one unless an argument says otherwise, a sample has to find the mutant, whatever its seed:
# the first MUTANT_SEEDS seeds are tried, 3 if that is not set.
set -euo pipefail

heddle=$1 mutated=$2 litmus=$3 expect=$4 preemptions=$5 trace=$6 seeds=${MUTANT_SEEDS:-3}
shift 6

# shellcheck source=tests/mutants/demands.sh
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/demands.sh"

demand_no_files() { # demand_no_files WHAT
  local files
  files=$(find "$work" -mindepth 1 ! -name '*.stdout' ! -name '*.stderr' -printf '%P ')
  demand "$1" "nothing" "${files:-nothing}" "$([[ -z $files ]] && echo yes)"
}

judge_core() {
  local found
  run core "$heddle" explore -o "$out" "$@" "$litmus"
  demand_code "core, explore" 0
  found=$(findings core.stdout)
  demand "core, findings" "none" "${found:-none}" "$([[ -z $found ]] && echo yes)"
  demand_no_files "core, files left behind"
}

saved_traces() { # saved_traces CONDITION...: how many there are.
  { find "$out/failures" -name '*.trace' "$@" 2>/dev/null || true; } | wc -l
}

judge_mutant() {
  local traces
  run mutant "$mutated" explore -o "$out" "$@" "$litmus"
  demand_code "mutant, explore" 1
  demand_finding "mutant, findings" "$expect" mutant.stdout
  demand "mutant, latest failure" "a trace" "$([[ -s $out/latest ]] && echo a trace || echo none)" \
    "$([[ -s $out/latest ]] && echo yes)"
  traces=$(saved_traces ! -name '*.min.trace')
  demand "mutant, saved traces" "at least 1" "$traces" "$( ((traces >= 1)) && echo yes)"

  run replay "$mutated" replay -o "$out"
  demand_code "mutant, replay" 1

  run minimize "$mutated" minimize -o "$out"
  demand "mutant, minimize" "exit code 0 or 1" "$code" "$( ((code <= 1)) && echo yes)"
  demand_at_most "mutant, preemptions" "$preemptions" "$(preemptions_in minimize.stdout)"
  traces=$(saved_traces -name '*.min.trace')
  demand "mutant, minimized traces" "at least 1" "$traces" "$( ((traces >= 1)) && echo yes)"

  # The smallest program shows the bug, and nothing that the core does as well.
  run smallest "$mutated" replay -o "$out"
  demand_code "mutant, replay of the smallest" 1
  run innocent "$heddle" replay -o "$out"
  demand_not_reproduced "core, replay of the smallest"
}

# A sample finds the same bug, though maybe by another of the claims that it breaks.
judge_samples() {
  local seed missed=() sample=(--strategy sample --runs 10000)
  for ((seed = 1; seed <= seeds; ++seed)); do
    # Where nothing was saved: what was would be tried first.
    run sample "$mutated" explore -o "$work/sample-$seed" "${sample[@]}" --seed "$seed" "$litmus"
    ((code == 1)) || missed+=("$seed")
  done
  demand "mutant, seeds that miss it in 10000 executions" "none of $seeds" "${missed[*]:-none}" \
    "$( ((${#missed[@]} == 0)) && echo yes)"
  run core-sample "$heddle" explore -o "$work/core-sample" "${sample[@]}" --seed 1 "$litmus"
  demand_code "core, sample" 0
}

# What the corpus keeps: a trace that shows the bug, and nothing where it is mended.
judge_trace() {
  [[ $trace != - ]] || return 0
  run corpus-mutant "$mutated" replay "$trace"
  if [[ $expect == HD204 ]]; then
    # How deep the calls are when the stack is used up depends on the compiler: the same is wrong, an
    # event sooner or later.
    demand "mutant, trace of the corpus" "exit code 1 or 3" "$code" \
      "$( ((code == 1 || code == 3)) && echo yes)"
    cat corpus-mutant.stderr >>corpus-mutant.stdout
    demand_finding "mutant, finding of that trace" HD204 corpus-mutant.stdout
  else
    demand_code "mutant, trace of the corpus" 1
  fi
  run corpus-core "$heddle" replay "$trace"
  demand_code "core, trace of the corpus" 5
}

judge_core "$@"
judge_mutant "$@"
judge_samples
judge_trace

end_demands

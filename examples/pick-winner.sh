#!/usr/bin/env bash
# Which plan costs least, of those whose highest payment fits the budget?
# Usage: pick-winner.sh BUDGET [LOAN-FILE]
set -euo pipefail

if (($# < 1)); then
  echo "usage: pick-winner.sh BUDGET [LOAN-FILE]" >&2
  exit 2
fi
budget=$1
loan=${2:-$(dirname "$0")/mr-li.toml}

# Pauses of 0 to 3 months, each with 0 to 18 instalments more: 76 plans.
restructure compare "$loan" --plan defer:0..3+extend:0..18 --format json |
  jq -r --argjson budget "$budget" '
    .plans[1:]
    | map(select(.refused | not))
    | map(select(.highest_payment <= $budget))
    | if length == 0
      then "No plan fits a budget of \($budget).\n" | halt_error(4)
      else min_by(.total_paid)
      end
    | "\(.plan): \(.description).",
      "highest payment  \(.highest_payment)",
      "months           \(.periods)",
      "extra cost       \(.extra_cost)"'

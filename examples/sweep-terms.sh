#!/usr/bin/env bash
# How much lower does each longer term make the instalment, and what does it cost?
# Usage: sweep-terms.sh [LOAN-FILE]
set -euo pipefail

loan=${1:-$(dirname "$0")/mr-li.toml}

# The shell writes out the braces: one --plan for each number. (A range does the same inside
# one plan: --plan extend:3..18/3.)
restructure compare "$loan" --plan=extend:{3,6,9,12,18} --format jsonl |
  jq -r '[.name, .payment, .periods, .extra_cost] | @tsv' |
  awk -F '\t' '
    BEGIN { printf "%-12s %12s %8s %12s\n", "plan", "instalment", "months", "extra cost" }
    { printf "%-12s %12.2f %8d %12.2f\n", $1, $2, $3, $4 }'

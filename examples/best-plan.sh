#!/usr/bin/env bash
# The plan of each loan of a book that costs the lender least, of those that free a given share of
# three instalments. One call for all loans and plans; jq picks.
# Usage: best-plan.sh [BOOK.CSV [SHARE]]
set -euo pipefail

book=${1:-$(dirname "$0")/book.csv}
share=${2:-0.25}

restructure batch "$book" --plan defer:1..3 --plan extend:6..24/6 --plan reduce:20%..40%/10% \
  --format jsonl |
  jq --raw-output --slurp --argjson share "$share" '
    group_by(.id)[]
    | (.[0].payment * 3 * $share) as $wanted
    | [.[1:][] | select(.relief_3 >= $wanted)]
    | if length == 0 then empty else min_by(.npv_loss) end
    | [.id, .plan, .payment, .relief_3, .npv_loss]
    | @csv'

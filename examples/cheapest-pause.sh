#!/usr/bin/env bash
# What becomes of the interest of a pause, and who bears it? The cheapest for the borrower
# comes first; a star marks the first at which the lender loses no more than 1 % in value.
# Usage: cheapest-pause.sh [MONTHS [LOAN-FILE]]
set -euo pipefail

months=${1:-3}
loan=${2:-$(dirname "$0")/mr-li.toml}

plans=()
for way in capitalise simple spread first end waive pay; do
  plans+=(--plan "$way=defer:$months,interest=$way")
done

# A description may hold commas inside quotes; so columns are counted from the right end, where
# there are none (a refused plan, which ends in a reason, is passed over).
restructure compare "$loan" "${plans[@]}" --format csv |
  awk -F, '
    NR == 1 { for (i = 1; i <= NF; i++) back[$i] = NF - i; next }
    NR > 2 && $NF == "" {
      cost = $(NF - back["extra_cost"]); rate = $(NF - back["npv_loss_rate"])
      printf "%s %.2f %.2f\n", $1, cost, 100 * rate
    }' |
  LC_ALL=C sort -s -k 2,2n |
  awk '
    BEGIN { printf "%-12s %12s %14s\n", "interest", "extra cost", "lender loses" }
    {
      star = (!found && $3 <= 1) ? " *" : ""
      if (star) found = 1
      printf "%-12s %12.2f %12.2f %%%s\n", $1, $2, $3, star
    }'

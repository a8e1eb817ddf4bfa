#!/usr/bin/env bash
# The same three plans for every loan of a book, in one CSV. A loan that cannot be read is
# reported, the others go on, and the exit code is then 1.
# Usage: book.sh [BOOK.CSV]
set -euo pipefail

book=${1:-$(dirname "$0")/book.csv}
failed=0
header=1

while IFS=, read -r id principal term rate paid missed || [[ $id ]]; do
  if ! table=$(restructure compare --principal "$principal" --term "$term" --rate "$rate" \
    --paid "$paid" --missed "$missed" --plan defer:3 --plan extend:6 --plan reduce:30% \
    --format csv </dev/null); then
    echo "$id: not computed, for the reason above" >&2
    failed=1
    continue
  fi
  # Each line gets the loan's id in front; the header is needed once.
  awk -v id="$id" -v header="$header" '
    NR > 1 { print id "," $0 }
    NR == 1 && header { print "id," $0 }' <<<"$table"
  header=0
done < <(tail -n +2 "$book")

exit "$failed"

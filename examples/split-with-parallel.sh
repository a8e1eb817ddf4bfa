#!/usr/bin/env bash
# One large book in pieces, on all cores or, with --sshlogin, on other machines: GNU parallel deals
# out the lines with the header above each piece, and keeps the order. (On one machine
# `restructure batch --jobs N` does it, and can be resumed.)
# Usage: split-with-parallel.sh [BOOK.CSV]
set -euo pipefail

book=${1:-$(dirname "$0")/book.csv}

parallel --will-cite --pipe --header : --keep-order --block 60 \
  restructure batch - --plan defer:3 --columns payment,relief_3 <"$book" |
  awk 'NR == 1 { head = $0 } NR == 1 || $0 != head'

#!/usr/bin/env bash
# What each plan would free, and cost the lender, over a whole book: batch writes Parquet, DuckDB
# adds up. Amounts are exact decimals from end to end.
# Usage: sums-by-plan.sh [BOOK.CSV]
set -euo pipefail

book=${1:-$(dirname "$0")/book.csv}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

restructure batch "$book" --plan defer:3 --plan extend:12 --plan reduce:20% -o "$folder/out.parquet"

duckdb -csv -c "
  SELECT plan, count(*) AS loans, sum(relief_3) AS freed, sum(npv_loss) AS npv_loss
  FROM '$folder/out.parquet'
  GROUP BY plan
  ORDER BY freed DESC"

#!/usr/bin/env bash
# A folder of books, as branches send them: two at a time with xargs, each result beside the
# others, each with its rejects. Called again after it was stopped, it goes on where it was.
# Usage: folder-of-books.sh FOLDER OUT
set -euo pipefail

folder=${1:?give a folder with CSV files}
out=${2:?give a folder for the results}
mkdir -p "$out"
code=0

# The words in single quotes are for the inner shell.
# shellcheck disable=SC2016
find "$folder" -maxdepth 1 -name '*.csv' -print0 | sort --zero-terminated |
  xargs --null --max-procs 2 --replace sh -c '
    name=$(basename "$1" .csv)
    restructure batch "$1" --plan defer:3 --resume \
      --errors "$2/$name.rejects.csv" -o "$2/$name.csv" 2>"$2/$name.log"' _ {} "$out" ||
  code=$?

# xargs says 123 when a book had rejects.
tail -qn 1 "$out"/*.log
exit $((code == 123 ? 1 : code))

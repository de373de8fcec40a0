#!/usr/bin/env bash
# Prints the table of consumers, versions and verdicts. Exit status 1 where a line of it says FAILED, or where it is empty.
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

echo
awk -F '\t' 'BEGIN { printf "%-52s %-22s %7s  %s\n", "CONSUMER", "VERSION", "SECONDS", "VERDICT" }
  { printf "%-52s %-22s %7s  %s\n", $1, $2, $4, $3 }' "$table"
if [ -f "$table.failed" ]; then cat "$table.failed"; fi
[ -s "$table" ] && ! cut -f 3 "$table" | grep -q '^FAILED'

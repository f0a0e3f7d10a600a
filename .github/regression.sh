#!/usr/bin/env bash
# Compares this checkout with a commit of it, and writes what a pull request is told. Some comparison in many decides by chance:
# where the first finds a regression a second one runs, and only what both decide is one.
# usage: regression.sh <commit> <file of the comment> [flags of bench compare]
# RUNS and CONTENDERS in the environment change both.
# exit code: 0 no regression, or one that the second comparison did not decide; 3 decided twice; otherwise a comparison's own.
set -euo pipefail
if [ $# -lt 2 ]; then
  echo "usage: $0 <commit to compare with> <file for the comment> [flags of bench compare]" >&2
  exit 2
fi
base="$1"
comment="$2"
shift 2
cd "$(dirname "${BASH_SOURCE[0]}")/.."
table="$(mktemp)"
trap 'rm -f "$table"' EXIT

REGRESSION=3
read -ra contenders <<< "${CONTENDERS:-spin-ts express-ts}"
compare() {
  local status=0
  node bench/dist/main.js compare --base "$base" --contenders "${contenders[@]}" --runs "${RUNS:-12}" "$@" > "$table" || status=$?
  cat "$table"
  return "$status"
}
say() {
  {
    echo "**$1**"
    echo
    echo "Each contender against itself, built from the base. ~ stands for undecided: no difference that the runs can tell from chance."
    echo
    # By its indent, Markdown leaves it as it is.
    sed 's/^/    /' "$table"
  } > "$comment"
}

status=0
compare "$@" || status=$?
case "$status" in
  0) say "No regression against $base." ;;
  "$REGRESSION")
    say "Slower or dearer than $base by a first comparison; a second one runs."
    status=0
    compare "$@" || status=$?
    case "$status" in
      0) say "No regression against $base: a first comparison decided one, a second did not." ;;
      "$REGRESSION") say "Regression against $base: two comparisons of two decide it." ;;
      *) say "The second comparison with $base was not complete: exit code $status." ;;
    esac
    ;;
  *) say "The comparison with $base was not complete: exit code $status." ;;
esac
exit "$status"

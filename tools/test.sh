#!/bin/bash
# The test suite: all of it on SQLite, what is marked `both` on PostgreSQL too.
#
#   tools/test.sh [--long] [ARGUMENTS FOR PYTEST]
#
# Browser tests and faults run in one process, beside the rest, which runs in two: they
# mostly wait for a browser. Without arguments the whole suite ran, so coverage is joined
# and its bounds (tools/coverage_bounds.py) hold.
set -u
cd "$(dirname "$0")/.." || exit 2

not_long="and not long"
if [ "${1:-}" = --long ]; then
  not_long=""
  shift
fi
is_whole=$([ $# = 0 ] && echo yes || echo no)
status=0
ran_any=no
coverage_files=()
beside=$(mktemp -d)  # what the run beside has printed, and its exit status
trap 'rm -rf "$beside"' EXIT

# run NAME SELECTION PYTEST-ARGUMENTS...: pytest once, its coverage in a file of its own
run() {
  local name=$1 selection=$2 measure=()
  shift 2
  if [ "$is_whole" = yes ]; then
    measure=(--cov --cov-report=)
    coverage_files+=(".coverage.of-$name")
  fi
  printf '\n--- %s: %s\n' "$name" "$selection"
  COVERAGE_FILE=".coverage.of-$name" .venv/bin/python -m pytest -m "$selection" "${measure[@]}" "$@"
  case $? in
    0) ran_any=yes ;;
    5) echo "No test of this kind was selected." ;;
    *) ran_any=yes; status=1 ;;
  esac
}

# both_at_once PYTEST-ARGUMENTS...: the suite on SQLite, browsers beside the rest
both_at_once() {
  (
    status=0 ran_any=no
    run sqlite-one-process "(browser or fault) $not_long" -p no:xdist "$@"
    echo "$status $ran_any" > "$beside/result"
  ) > "$beside/log" 2>&1 &
  run sqlite "not browser and not fault $not_long" "${two[@]}" "$@"
  wait
  cat "$beside/log"
  [ "$is_whole" = no ] || coverage_files+=(".coverage.of-sqlite-one-process")
  local its_status its_ran_any
  read -r its_status its_ran_any < "$beside/result"
  if [ "$its_status" != 0 ]; then status=1; fi
  if [ "$its_ran_any" = yes ]; then ran_any=yes; fi
}

rm -f .coverage .coverage.*
two=(-n 2 --dist loadfile)
both_at_once "$@"

if server=$(tools/postgres.sh start); then
  eval "$server"
  trap 'tools/postgres.sh stop "$TRELLIS_POSTGRES"; rm -rf "$beside"' EXIT
  run postgresql "both and not browser and not fault $not_long" "${two[@]}" "$@"
  run postgresql-one-process "both and (browser or fault) $not_long" -p no:xdist "$@"
else
  echo "The tests marked 'both' were not run on PostgreSQL."
  if [ -n "${CI:-}" ]; then status=1; fi
fi

if [ "$ran_any" = no ]; then
  echo "No test was selected."
  status=5
fi
if [ "$is_whole" = yes ]; then
  .venv/bin/coverage combine --quiet "${coverage_files[@]}" &&
    .venv/bin/python tools/coverage_bounds.py || status=1
fi
exit "$status"

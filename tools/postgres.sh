#!/bin/sh
# A private PostgreSQL for one test run, on loopback, in a folder of its own.
#
#   eval "$(tools/postgres.sh start)"   starts it; sets DATABASE_URL (trellis_test),
#                                       OWNER_DATABASE_URL (trellis_owner) and
#                                       TRELLIS_POSTGRES (the folder)
#   tools/postgres.sh stop [FOLDER]     stops it and removes that one folder
#
# It forgets durability on purpose (fsync off): never use it for data one wants to keep.
set -eu

say() { printf '%s\n' "$*" >&2; }

programs() {  # the folder of initdb: Debian's highest version, else the path
  found=$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1)
  [ -n "$found" ] || found=$(command -v initdb || true)
  if [ -z "$found" ]; then
    say "PostgreSQL is missing: apt-get update && apt-get install --no-install-recommends postgresql"
    exit 3
  fi
  dirname "$found"
}

as_postgres() {  # PostgreSQL refuses to run as root
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

start() {
  bin=$(programs)
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  folder=$(mktemp -d "${TMPDIR:-/tmp}/trellis-postgres.XXXXXX")
  cd "$folder"  # postgres must be able to read the working directory
  if [ "$(id -u)" = 0 ]; then
    chmod 755 "$folder"
    install -d -o postgres -g postgres -m 700 "$folder/data" "$folder/sock"
  else
    install -d -m 700 "$folder/data" "$folder/sock"
  fi
  as_postgres "$bin/initdb" -D "$folder/data" -U trellis_admin -A trust -E UTF8 --locale=C.UTF-8 -N >/dev/null
  as_postgres "$bin/pg_ctl" -D "$folder/data" -w -s -l "$folder/data/log" -o "-p $port -k $folder/sock -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=256MB" start >&2
  as_postgres "$bin/psql" -q -h "$folder/sock" -p "$port" -U trellis_admin -d postgres -v ON_ERROR_STOP=1 \
    -c "create role trellis_owner login createdb nosuperuser nobypassrls" \
    -c "create role trellis_test login nocreatedb nosuperuser nobypassrls" >&2
  echo "export DATABASE_URL=postgresql://trellis_test@127.0.0.1:$port/trellis"
  echo "export OWNER_DATABASE_URL=postgresql://trellis_owner@127.0.0.1:$port/trellis"
  echo "export TRELLIS_POSTGRES=$folder"
}

stop() {
  folder=${1:-${TRELLIS_POSTGRES:-}}
  [ -n "$folder" ] && [ -d "$folder/data" ] || { say "Say which folder to stop."; exit 2; }
  bin=$(programs)
  cd "$folder"
  as_postgres "$bin/pg_ctl" -D "$folder/data" -s -m immediate stop >&2 || say "It was not running."
  cd /
  rm -rf "$folder"
}

case ${1:-} in
  start) start ;;
  stop) shift; stop "$@" ;;
  *) say "usage: tools/postgres.sh start | stop [FOLDER]"; exit 2 ;;
esac

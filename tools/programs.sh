#!/bin/sh
# The programs that tests use and pip cannot bring: PostgreSQL, Chromium, gettext.
#
# Root gets what is missing; anybody else reads how to get it. `make demo` never needs
# them. Without one, its tests skip with the same line (and fail where CI is set).
set -eu

say() { printf '%s\n' "$*" >&2; }

has_postgresql() {
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1
}

missing=
has_postgresql || missing="$missing postgresql"
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v msgfmt >/dev/null 2>&1 || missing="$missing gettext"
[ -n "$missing" ] || exit 0

# shellcheck disable=SC2086  # the list is meant to fall apart into words
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  say "Installing$missing ..."
  apt-get update -qq >&2 &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >&2 ||
    say "Could not install$missing; the tests that need them are skipped."
else
  say "Missing here:$missing. An administrator installs them with:"
  say "  apt-get update && apt-get install --no-install-recommends$missing"
  say "Until then the tests that need them are skipped."
fi

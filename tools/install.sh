#!/bin/sh
# Make a Python environment and fill it from a lock file, with hashes.
#
#   tools/install.sh DIR LOCK            the lock, then Trellis itself (editable)
#   tools/install.sh DIR LOCK --no-trellis   the lock alone
#
# Needs Python 3.11 or newer and nothing else. Without the package python3-venv: root
# installs it, anybody else gets an environment that the machine's own pip fills.
set -eu

dir=$1
lock=$2
with_trellis=${3:-}
python=${PYTHON:-python3}

say() { printf '%s\n' "$*" >&2; }
stop() { say "$@"; exit 2; }

command -v "$python" >/dev/null 2>&1 || stop "Python is missing: install python3 (3.11 or newer)."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  stop "$("$python" --version) is too old: Trellis needs Python 3.11 or newer (set PYTHON to name another)."

can_make_environments() { "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; }

if ! can_make_environments && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  say "Installing python3-venv ..."
  apt-get update -qq >&2 && apt-get install -y -qq --no-install-recommends python3-venv >&2 ||
    say "python3-venv could not be installed."
fi

# fill INSTALL-ARGUMENTS...: pip of the environment, else the machine's own
if can_make_environments; then
  [ -x "$dir/bin/pip" ] || "$python" -m venv "$dir"
  fill() { "$dir/bin/python" -m pip --disable-pip-version-check -q install "$@"; }
elif "$python" -c 'import venv, pip; v = tuple(map(int, pip.__version__.split(".")[:2])); raise SystemExit(v < (22, 3))' 2>/dev/null; then
  say "The package python3-venv is missing; the environment is filled by the machine's own pip instead."
  [ -x "$dir/bin/python" ] || "$python" -m venv --without-pip "$dir"
  fill() { "$python" -m pip --disable-pip-version-check --python "$dir/bin/python" -q install "$@"; }
else
  stop "Neither python3-venv nor pip (22.3 or newer) is here. Ask an administrator for: apt-get install python3-venv (or python3-pip)."
fi

say "Installing $lock into $dir ..."
fill --require-hashes -r "$lock"
if [ "$with_trellis" != --no-trellis ]; then
  fill --no-deps --no-build-isolation -e .
fi

#!/bin/sh
# Fetch the front-end files by lock file and copy the few that Trellis uses.
#
#   tools/assets.sh             fetch, copy, compare with tools/assets.sha256
#   tools/assets.sh --record    after an upgrade: write the new checksums
#
# The list of files is tools/assets.sha256 itself. The minified files name source maps
# that are not copied; static file storage with a manifest stops on a missing map, so
# those comments are taken out, and the checksums are those of the result.
set -eu

cd "$(dirname "$0")/.."
list=tools/assets.sha256
source=node_modules/@uswds/uswds
target=src/trellis/web/static/uswds

say() { printf '%s\n' "$*" >&2; }

has_node() {
  command -v npm >/dev/null 2>&1 &&
    node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null
}

if ! has_node; then
  tools/install.sh .venv-assets requirements-assets.lock --no-trellis
  PATH="$PWD/.venv-assets/bin:$PATH"
  export PATH
  has_node || { say "Node 20 or newer is missing and could not be installed."; exit 2; }
fi

say "Fetching the front-end files ..."
npm ci --ignore-scripts --no-audit --no-fund --silent

fresh="$target.$$"
trap 'rm -rf "$fresh"' EXIT
mkdir -p "$fresh"
while read -r _ path; do
  mkdir -p "$fresh/$(dirname "$path")"
  case $path in
    LICENSE.md) cp "$source/$path" "$fresh/$path" ;;
    *.css | *.js) sed -E 's@/[*/][#] sourceMappingURL=[^ *]*( \*/)?@@' "$source/dist/$path" >"$fresh/$path" ;;
    *) cp "$source/dist/$path" "$fresh/$path" ;;
  esac
done <"$list"

if [ "${1:-}" = --record ]; then
  while read -r _ path; do (cd "$fresh" && sha256sum "$path"); done <"$list" >"$list.$$"
  mv "$list.$$" "$list"
fi
(cd "$fresh" && sha256sum --check --quiet --strict) <"$list" ||
  { say "A front-end file is not the one in $list; nothing was replaced."; exit 1; }
rm -rf "$target"
mv "$fresh" "$target"
say "Front-end files are ready in $target."

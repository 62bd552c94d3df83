#!/usr/bin/env bash
# Makes an archive that Ventoy unpacks over a PE image. See ../ventoy.md.
set -euo pipefail
if [ $# -lt 2 ] || [ $# -gt 3 ]; then
    echo "usage: make-archive.sh PEMEDIC.EXE OUT.ZIP [files]" >&2
    exit 64
fi
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ -f "$1" ] || { echo "make-archive.sh: no file $1" >&2 && exit 3; }
command -v zip >/dev/null || { echo "make-archive.sh: zip is missing: apt install zip" >&2 && exit 3; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/pemedic"
cp "$1" "$work/pemedic/pemedic.exe"
# Articles and plugins that lie beside pemedic.exe go along.
for folder in kb plugins; do
    [ ! -d "$(dirname "$1")/$folder" ] || cp -r "$(dirname "$1")/$folder" "$work/pemedic/"
done
if [ "${3:-}" != files ]; then
    mkdir -p "$work/Windows/System32"
    cp "$here/../winpeshl.ini" "$work/Windows/System32/"
fi
out=$(realpath -m "$2")
rm -f "$out"
(cd "$work" && zip -q -r "$out" .)

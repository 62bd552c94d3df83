#!/usr/bin/env bash
# Runs pemedic on the Windows in a disk image. See ../libguestfs.md.
set -euo pipefail
if [ $# -lt 2 ]; then
    echo "usage: repair-image.sh IMAGE VERB [ARGUMENTS]   (scan, plan FIX, apply FIX --yes, undo, history …)" >&2
    exit 64
fi
image=$1
shift
pemedic=${PEMEDIC:-pemedic}
[ -f "$image" ] || { echo "repair-image.sh: no image $image" >&2 && exit 3; }
for program in "$pemedic" guestmount guestunmount; do
    command -v "$program" >/dev/null || { echo "repair-image.sh: $program is missing" >&2 && exit 3; }
done

work=$(mktemp -d)
mkdir "$work/windows"
# A mount that only looks cannot damage anything.
mode=--rw
case $1 in scan | plan | history | targets) mode=--ro ;; esac
guestmount -a "$image" -i "$mode" --pid-file "$work/pid" "$work/windows"
worker=$(cat "$work/pid")

code=0
"$pemedic" "$@" --target "$work/windows" || code=$?

guestunmount "$work/windows"
# The image is complete only when the process behind the mount has ended.
for _ in $(seq 600); do
    kill -0 "$worker" 2>/dev/null || break
    sleep 0.1
done
if kill -0 "$worker" 2>/dev/null; then
    echo "repair-image.sh: process $worker still writes to $image: do not start the VM before it ends" >&2
    exit 1
fi
rm -f "$work/pid"
rmdir "$work/windows" "$work"
exit "$code"

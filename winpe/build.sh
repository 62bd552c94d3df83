#!/usr/bin/env bash
# Puts pemedic into a boot.wim or winre.wim of yours, and makes a bootable ISO.
# Linux, with wimtools (and xorriso for --iso). See boot-wim.md.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: build.sh --wim BOOT.WIM --exe PEMEDIC.EXE --out DIR [options]

  --wim FILE       your boot.wim (ADK, setup medium) or winre.wim; never changed
  --exe FILE       pemedic.exe
  --out DIR        where the new boot.wim (and the ISO) goes
  --kb DIR         a folder of articles to take along; repeatable
  --plugins DIR    a folder of plugins to take along
  --index N        which image of the wim (default: the one that boots)
  --winre          start the recovery environment's own menu after pemedic
  --no-shell       only add the files; leave what starts as it is
  --media DIR      a medium's files (bootmgr, boot/, efi/): make an ISO of them
                   with the new boot.wim in sources/
  --iso FILE       name of the ISO (default: DIR/pemedic.iso)
TEXT
}

die() {
    printf 'build.sh: %s\n' "$1" >&2
    exit "${2:-1}"
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
wim='' exe='' out='' plugins='' index='' media='' iso='' after=cmd shell=yes
kb=()
while [ $# -gt 0 ]; do
    case $1 in
    --winre) after=winre ;;
    --no-shell) shell=no ;;
    -h | --help) usage && exit 0 ;;
    --wim | --exe | --out | --kb | --plugins | --index | --media | --iso)
        [ $# -ge 2 ] || die "$1 needs a value" 64
        case $1 in
        --kb) kb+=("$2") ;;
        *) printf -v "${1#--}" '%s' "$2" ;;
        esac
        shift
        ;;
    *) usage >&2 && die "what is $1?" 64 ;;
    esac
    shift
done
if [ -z "$wim" ] || [ -z "$exe" ] || [ -z "$out" ]; then
    usage >&2
    die "--wim, --exe and --out are needed" 64
fi
for file in "$wim" "$exe"; do [ -f "$file" ] || die "no file $file" 3; done
for folder in "${kb[@]}" ${plugins:+"$plugins"} ${media:+"$media"}; do
    [ -d "$folder" ] || die "no folder $folder" 3
done
command -v wimlib-imagex >/dev/null || die "wimlib-imagex is missing: apt install wimtools" 3
[ "$(head -c 2 "$exe")" = MZ ] || die "$exe is not a Windows program"

# Paths in an image are found in any case of letters, as Windows finds them.
export WIMLIB_IMAGEX_IGNORE_CASE=1

# One field of `wimlib-imagex info`; empty where the image does not say.
field() { wimlib-imagex info "$wim" ${2:+"$2"} | sed -n "s/^$1:[[:space:]]*//p" | head -n 1; }

count=$(field 'Image Count')
[ -n "$count" ] || die "$wim is not a wim"
if [ -z "$index" ]; then
    # A setup medium's boot.wim has two images and boots the second.
    index=$(field 'Boot Index')
    if [ "${index:-0}" -eq 0 ]; then
        [ "$count" -eq 1 ] || die "$wim has $count images and boots none of them: choose with --index" 64
        index=1
    fi
fi
[ "$index" -ge 1 ] && [ "$index" -le "$count" ] || die "$wim has no image $index" 3

architecture=$(field Architecture "$index")
case $architecture in
x86_64 | '') ;;
*) die "image $index is for $architecture; pemedic.exe is for x86_64" ;;
esac
build=$(field Build "$index")
if [ -n "$build" ] && [ "$build" -lt 14393 ]; then
    die "image $index is build $build; pemedic needs a WinPE of Windows 10 1607 (14393) or later"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/pemedic" "$out"
cp "$exe" "$work/pemedic/pemedic.exe"
[ -z "$plugins" ] || cp -r "$plugins" "$work/pemedic/plugins"
for folder in "${kb[@]}"; do
    mkdir -p "$work/pemedic/kb"
    cp -r "$folder/." "$work/pemedic/kb/"
done

new=$out/boot.wim
[ "$(realpath -m "$new")" != "$(realpath "$wim")" ] || die "--out holds $wim itself; the original is not changed" 64
cp "$wim" "$new"
chmod u+w "$new"

ini=/Windows/System32/winpeshl.ini
{
    printf 'delete --force --recursive /pemedic\n'
    printf 'add "%s" /pemedic\n' "$work/pemedic"
} >"$work/commands"
if [ "$shell" = yes ]; then
    case $after in
    cmd) cp "$here/winpeshl.ini" "$work/winpeshl.ini" ;;
    winre) cp "$here/winre/winpeshl.ini" "$work/winpeshl.ini" ;;
    esac
    # What started before stays beside it.
    if wimlib-imagex extract "$wim" "$index" "$ini" --dest-dir="$work/before" --no-acls >/dev/null 2>&1 &&
        ! wimlib-imagex dir "$wim" "$index" --path="$ini.before-pemedic" >/dev/null 2>&1; then
        before=$(find "$work/before" -type f | head -n 1)
        [ -z "$before" ] || printf 'add "%s" "%s.before-pemedic"\n' "$before" "$ini" >>"$work/commands"
    fi
    {
        printf 'delete --force "%s"\n' "$ini"
        printf 'add "%s" "%s"\n' "$work/winpeshl.ini" "$ini"
    } >>"$work/commands"
fi
wimlib-imagex update "$new" "$index" --check <"$work/commands" >/dev/null
wimlib-imagex verify "$new" >/dev/null

# What comes out of the image is what went in.
mkdir "$work/proof"
wimlib-imagex extract "$new" "$index" /pemedic ${shell:+"$ini"} --dest-dir="$work/proof" --no-acls --nullglob >/dev/null
diff -r "$work/pemedic" "$work/proof/pemedic" >&2 || die "the image does not hold what was put in"
[ "$shell" = no ] || cmp "$work/winpeshl.ini" "$work/proof/winpeshl.ini" || die "winpeshl.ini was not replaced"
printf 'image %s of %s: pemedic added%s\n' "$index" "$new" \
    "$([ "$shell" = yes ] && printf ', and started as the shell')"

[ -n "$media" ] || exit 0
command -v xorriso >/dev/null || die "xorriso is missing: apt install xorriso" 3

# The first of several names below a folder, in any case of letters.
first() {
    local folder=$1 name found
    shift
    for name in "$@"; do
        found=$(find "$folder" -ipath "$folder/$name" -type f | head -n 1)
        [ -z "$found" ] || { printf '%s' "$found" && return; }
    done
}
bios=$(first "$media" boot/etfsboot.com fwfiles/etfsboot.com ../fwfiles/etfsboot.com)
[ -n "$bios" ] || bios=$(first "$media/.." fwfiles/etfsboot.com)
efi=$(first "$media" efi/microsoft/boot/efisys.bin efi/boot/efisys.bin fwfiles/efisys.bin)
[ -n "$efi" ] || efi=$(first "$media/.." fwfiles/efisys.bin)
[ -n "$bios$efi" ] || die "neither etfsboot.com (BIOS) nor efisys.bin (UEFI) is in $media" 3

cp -r "$media" "$work/media"
chmod -R u+w "$work/media"
mkdir -p "$work/media/boot"
sources=$(find "$work/media" -maxdepth 1 -iname sources -type d | head -n 1)
sources=${sources:-$work/media/sources}
mkdir -p "$sources"
find "$sources" -maxdepth 1 -iname boot.wim -delete
cp "$new" "$sources/boot.wim"
[ -z "$bios" ] || cp "$bios" "$work/media/boot/pemedic-bios.com"
[ -z "$efi" ] || cp "$efi" "$work/media/boot/pemedic-efi.bin"
iso=${iso:-$out/pemedic.iso}
boot=()
[ -z "$bios" ] || boot+=(-b boot/pemedic-bios.com -no-emul-boot -boot-load-size 8)
[ -z "$bios" ] || [ -z "$efi" ] || boot+=(-eltorito-alt-boot)
[ -z "$efi" ] || boot+=(-e boot/pemedic-efi.bin -no-emul-boot)
xorriso -as mkisofs -quiet -iso-level 3 -full-iso9660-filenames -joliet -joliet-long -volid PEMEDIC \
    "${boot[@]}" -o "$iso" "$work/media"
xorriso -osirrox on -indev "$iso" -extract "/${sources##*/}/boot.wim" "$work/proof/boot.wim" 2>/dev/null
cmp "$new" "$work/proof/boot.wim" || die "the ISO does not hold the new boot.wim"
printf '%s: boots by %s\n' "$iso" "${bios:+BIOS}${bios:+${efi:+ and }}${efi:+UEFI}"

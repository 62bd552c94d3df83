//! The volumes that are mounted on this machine.

use std::path::PathBuf;

/// The roots of all mounted volumes that could hold a Windows: on Linux what
/// `/proc/mounts` lists from a device or through FUSE, on Windows every local
/// volume, by its letter or, where it has none, by its name.
pub fn mounted() -> Vec<PathBuf> {
    #[cfg(windows)]
    return local_volumes();
    #[cfg(not(windows))]
    return parse_mounts(&std::fs::read_to_string("/proc/mounts").unwrap_or_default());
}

/// Letters come first; those the volume manager does not know (substituted
/// folders, mounted images) are asked for one by one.
#[cfg(windows)]
fn local_volumes() -> Vec<PathBuf> {
    use crate::system_calls::volume;
    let volumes = volume::all().unwrap_or_default();
    let known = |root: &PathBuf| volumes.iter().any(|volume| volume.mount_points.contains(root));
    let letters = ('A'..='Z').map(|letter| PathBuf::from(format!("{letter}:\\")));
    let mut roots: Vec<PathBuf> = letters.filter(|root| !known(root)).collect();
    let local = volumes.iter().filter(|volume| volume.is_local_disk());
    roots.extend(local.map(|volume| volume.mount_points.first().unwrap_or(&volume.name).clone()));
    roots.retain(|root| root.is_dir());
    roots.sort_by_key(|root| (root.as_os_str().len(), root.clone()));
    roots.dedup();
    roots
}

/// Mount points from the text of `/proc/mounts` (proc(5), fstab(5)). The root
/// file system is this Linux, not a target.
#[cfg(not(windows))]
fn parse_mounts(text: &str) -> Vec<PathBuf> {
    let mut roots: Vec<PathBuf> = text
        .lines()
        .filter_map(|line| {
            let mut fields = line.split(' ');
            let (device, mount_point, kind) = (fields.next()?, fields.next()?, fields.next()?);
            let real = device.starts_with("/dev/") || kind.starts_with("fuse");
            (real && mount_point != "/").then(|| PathBuf::from(unescape(mount_point)))
        })
        .collect();
    roots.sort();
    roots.dedup();
    roots
}

/// Undoes the octal escapes of blanks and backslashes: `\040` is a space.
#[cfg(not(windows))]
fn unescape(field: &str) -> String {
    let mut bytes = Vec::with_capacity(field.len());
    let mut rest = field.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let octal = tail.get(..3).and_then(|digits| std::str::from_utf8(digits).ok());
        match octal.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            Some(byte) if first == b'\\' => {
                bytes.push(byte);
                rest = &tail[3..];
            }
            _ => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(all(test, not(windows)))]
mod tests {
    use super::*;

    #[test]
    fn only_volumes_are_listed_once_and_unescaped() {
        let text = "proc /proc proc rw 0 0\n\
            /dev/sda1 / ext4 rw 0 0\n\
            /dev/sdb2 /media/My\\040Disk fuseblk rw 0 0\n\
            /dev/sdb2 /media/My\\040Disk fuseblk rw 0 0\n\
            guestmount /mnt/guest fuse rw 0 0\n\
            tmpfs /tmp tmpfs rw 0 0\n\
            broken";
        assert_eq!(parse_mounts(text), [PathBuf::from("/media/My Disk"), PathBuf::from("/mnt/guest")]);
    }

    #[test]
    fn a_stray_backslash_is_kept() {
        assert_eq!(unescape("a\\b\\04"), "a\\b\\04");
    }
}

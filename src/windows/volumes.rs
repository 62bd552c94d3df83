//! The volumes of this machine: what is mounted where, and from which device.

use std::path::{Path, PathBuf};

/// One mounted file system, from a line of `/proc/self/mountinfo` (proc(5)).
#[cfg(not(windows))]
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mount {
    point: PathBuf,
    kind: String,
    source: PathBuf,
}

/// The roots of all mounted volumes that could hold a Windows: on Linux what is
/// mounted from a device or through FUSE, on Windows every local volume, by its
/// letter or, where it has none, by its name.
pub fn mounted() -> Vec<PathBuf> {
    #[cfg(windows)]
    return local_roots().into_iter().filter(|root| root.is_dir()).collect();
    #[cfg(not(windows))]
    return roots(&mounts());
}

/// The device (or image file) a mounted volume comes from, for raw reading:
/// `/dev/sda2`, `\\?\Volume{GUID}`. `None` where there is none, as behind a network.
pub fn device_of(volume: &Path) -> Option<PathBuf> {
    #[cfg(windows)]
    return crate::system_calls::volume::device_of(volume).ok();
    #[cfg(not(windows))]
    return source_of(&mounts(), &std::fs::canonicalize(volume).ok()?);
}

/// Devices that may hold a locked volume: on Linux the disks' partitions that
/// are not mounted, on Windows the volumes without a file system.
pub(super) fn possibly_locked() -> Vec<PathBuf> {
    #[cfg(windows)]
    return local_roots()
        .iter()
        .filter(|root| std::fs::read_dir(root).is_err())
        .filter_map(|root| device_of(root))
        .collect();
    #[cfg(not(windows))]
    return unmounted_partitions(&mounts());
}

/// The roots of this machine's own disks, in the order of their letters, those
/// without one last. Letters the volume manager does not know (substituted
/// folders, mounted images) are taken on trust.
#[cfg(windows)]
fn local_roots() -> Vec<PathBuf> {
    let volumes = crate::system_calls::volume::all().unwrap_or_default();
    let known = |root: &PathBuf| volumes.iter().any(|volume| volume.mount_points.contains(root));
    let letters = ('A'..='Z').map(|letter| PathBuf::from(format!("{letter}:\\")));
    let mut roots: Vec<PathBuf> = letters.filter(|root| !known(root)).collect();
    let local = volumes.iter().filter(|volume| volume.is_local_disk());
    roots.extend(local.map(|volume| volume.mount_points.first().unwrap_or(&volume.name).clone()));
    roots.sort_by_key(|root| (root.as_os_str().len(), root.clone()));
    roots.dedup();
    roots
}

#[cfg(not(windows))]
fn mounts() -> Vec<Mount> {
    parse_mounts(&std::fs::read_to_string("/proc/self/mountinfo").unwrap_or_default())
}

#[cfg(not(windows))]
fn parse_mounts(text: &str) -> Vec<Mount> {
    text.lines()
        .filter_map(|line| {
            // The optional fields in the middle end at a lone hyphen.
            let (before, after) = line.split_once(" - ")?;
            let mut after = after.split(' ');
            Some(Mount {
                point: PathBuf::from(unescape(before.split(' ').nth(4)?)),
                kind: after.next()?.to_owned(),
                source: PathBuf::from(unescape(after.next()?)),
            })
        })
        .collect()
}

/// The root file system is this Linux, not a target.
#[cfg(not(windows))]
fn roots(mounts: &[Mount]) -> Vec<PathBuf> {
    let real = |mount: &&Mount| mount.source.starts_with("/dev") || mount.kind.starts_with("fuse");
    let mut roots: Vec<PathBuf> = mounts
        .iter()
        .filter(real)
        .map(|mount| mount.point.clone())
        .filter(|point| *point != Path::new("/"))
        .collect();
    roots.sort();
    roots.dedup();
    roots
}

/// Of several mounts on the way to `path` the deepest counts, and of several
/// at one place the last.
#[cfg(not(windows))]
fn source_of(mounts: &[Mount], path: &Path) -> Option<PathBuf> {
    let over = mounts.iter().filter(|mount| path.starts_with(&mount.point));
    let mount = over.max_by_key(|mount| mount.point.components().count())?;
    mount.source.is_absolute().then(|| mount.source.clone())
}

#[cfg(not(windows))]
fn unmounted_partitions(mounts: &[Mount]) -> Vec<PathBuf> {
    let mut devices: Vec<PathBuf> = std::fs::read_dir("/sys/class/block")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| Path::new("/dev").join(entry.file_name()))
        .filter(|device| !mounts.iter().any(|mount| mount.source == *device))
        .collect();
    devices.sort();
    devices
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

    const MOUNTS: &str = "22 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n\
        23 22 0:21 / /proc rw,nosuid shared:5 - proc proc rw\n\
        42 22 8:18 / /media/My\\040Disk rw shared:7 master:2 - fuseblk /dev/sdb2 rw\n\
        43 42 0:39 / /media/My\\040Disk/inner rw - fuse /images/disk.img rw\n\
        44 22 0:40 / /mnt/guest rw - fuse guestmount rw\n\
        45 42 8:19 / /media/My\\040Disk rw - ntfs3 /dev/sdb3 rw\n\
        broken";

    #[test]
    fn only_volumes_are_listed_once_and_unescaped() {
        let expected = ["/media/My Disk", "/media/My Disk/inner", "/mnt/guest"].map(PathBuf::from);
        assert_eq!(roots(&parse_mounts(MOUNTS)), expected);
    }

    #[test]
    fn a_volume_comes_from_the_deepest_and_last_mount() {
        let mounts = parse_mounts(MOUNTS);
        let source = |path| source_of(&mounts, Path::new(path));
        assert_eq!(source("/media/My Disk/Windows"), Some(PathBuf::from("/dev/sdb3")));
        assert_eq!(source("/media/My Disk/inner/x"), Some(PathBuf::from("/images/disk.img")));
        assert_eq!(source("/etc"), Some(PathBuf::from("/dev/vda")));
        assert_eq!(source("/mnt/guest"), None);
    }

    #[test]
    fn a_stray_backslash_is_kept() {
        assert_eq!(unescape("a\\b\\04"), "a\\b\\04");
    }
}

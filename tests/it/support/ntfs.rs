//! NTFS volumes in files, made by `mkntfs` and mounted by ntfs-3g; where that
//! is not possible there is none, and it is said so.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use pemedic::hive::storage::Disk;
use pemedic::windows::build::InstallationBuilder;

const IMAGE_BYTES: u64 = 24 * 1024 * 1024;

/// An NTFS volume in a file.
pub(crate) struct Image {
    pub(crate) folder: tempfile::TempDir,
}

/// A mounted [`Image`]; dropping it unmounts.
pub(crate) struct Mounted {
    pub(crate) root: PathBuf,
}

impl Image {
    pub(crate) fn new() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let image = Self { folder };
        fs::File::create(image.file()).unwrap().set_len(IMAGE_BYTES).unwrap();
        run("mkntfs", &["-F", "-Q", "-q"], &[&image.file()]).then_some(image)
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("volume.img")
    }

    pub(crate) fn mount(&self) -> Option<Mounted> {
        let root = self.folder.path().join("mounted");
        fs::create_dir_all(&root).unwrap();
        run("ntfs-3g", &[], &[&self.file(), &root]).then_some(Mounted { root })
    }

    /// A volume with a Windows on it, unmounted.
    pub(crate) fn with_windows(builder: &InstallationBuilder) -> Option<Self> {
        let image = Self::new()?;
        // The volume's own system folders may be seen: build beside it, copy over.
        let built = tempfile::tempdir().unwrap();
        builder.build(&Disk, built.path()).unwrap();
        image.fill(built.path())?;
        Some(image)
    }

    /// A volume with these files on it, unmounted.
    pub(crate) fn with_files(from: &Path) -> Option<Self> {
        let image = Self::new()?;
        image.fill(from)?;
        Some(image)
    }

    fn fill(&self, from: &Path) -> Option<()> {
        let mounted = self.mount()?;
        copy_tree(from, &mounted.root);
        Some(())
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        run("umount", &[], &[&self.root]);
    }
}

/// Whether the program could be run and succeeded; says so where not.
pub(crate) fn run(program: &str, options: &[&str], paths: &[&Path]) -> bool {
    let done = Command::new(program).args(options).args(paths).output();
    let good = done.as_ref().is_ok_and(|output| output.status.success());
    if !good {
        eprintln!("skipped: {program} does not work here");
    }
    good
}

pub(crate) fn copy_tree(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir(&to).unwrap();
            copy_tree(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// A mount point's reparse data (MS-FSCC 2.1.2.5).
pub(crate) fn junction_data(to: &str) -> Vec<u8> {
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let (substitute, print) = (utf16(&format!(r"\??\{to}")), utf16(to));
    let mut names = [substitute.as_slice(), &[0, 0], &print, &[0, 0]].concat();
    let short = |number: usize| u16::try_from(number).unwrap().to_le_bytes();
    let mut data = 0xa000_0003_u32.to_le_bytes().to_vec();
    data.extend(short(8 + names.len()));
    data.extend([0, 0, 0, 0]);
    data.extend(short(substitute.len()));
    data.extend(short(substitute.len() + 2));
    data.extend(short(print.len()));
    data.append(&mut names);
    data
}

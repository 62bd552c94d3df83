//! Packs the articles, and gives the Windows executable its version, icon and
//! manifest.

use std::error::Error;
use std::path::{Path, PathBuf};

#[path = "winpe/icon.rs"]
mod icon;

const MANIFEST: &str = "winpe/pemedic.exe.manifest";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=kb");
    println!("cargo:rerun-if-changed=plugins");
    println!("cargo:rerun-if-changed=winpe/icon.rs");
    println!("cargo:rerun-if-changed={MANIFEST}");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    std::fs::write(out.join("kb.z"), packed(Path::new("kb"))?)?;
    if std::env::var("CARGO_CFG_TARGET_OS")? != "windows" {
        return Ok(());
    }
    let icon = out.join("pemedic.ico");
    std::fs::write(&icon, icon::file())?;
    // The recovery environment's menu shows title and description (winpe/winre.md).
    winresource::WindowsResource::new()
        .set_icon(&icon.to_string_lossy())
        .set_manifest_file(MANIFEST)
        .set("ProductName", "pemedic")
        .set("FileDescription", "pemedic: repair an offline Windows")
        .set("OriginalFilename", "pemedic.exe")
        .set("LegalCopyright", "GPL-3.0-or-later")
        .compile_for("pemedic")?;
    Ok(())
}

/// The files of a folder by name, deflated: `NAME<TAB>LENGTH<LF>` before each
/// (read by `src/kb/pack.rs`). A third of the size is worth it on a boot stick.
fn packed(folder: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    /// Slower and smaller than the usual 6.
    const LEVEL: u8 = 10;
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            files.push((
                entry.file_name().into_string().map_err(|_| "a file name is not UTF-8")?,
                entry.path(),
            ));
        }
    }
    files.sort();
    let mut all = Vec::new();
    for (name, path) in files {
        let content = std::fs::read(path)?;
        all.extend(format!("{name}\t{}\n", content.len()).into_bytes());
        all.extend(content);
    }
    Ok(miniz_oxide::deflate::compress_to_vec_zlib(&all, LEVEL))
}

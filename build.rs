//! Gives the Windows executable its version, icon and manifest, and has the
//! package built again when an article is added.

use std::error::Error;
use std::path::PathBuf;

#[path = "winpe/icon.rs"]
mod icon;

const MANIFEST: &str = "winpe/pemedic.exe.manifest";

fn main() -> Result<(), Box<dyn Error>> {
    // The compiler follows the articles it embedded; a new one it would miss.
    println!("cargo:rerun-if-changed=kb");
    println!("cargo:rerun-if-changed=winpe/icon.rs");
    println!("cargo:rerun-if-changed={MANIFEST}");
    if std::env::var("CARGO_CFG_TARGET_OS")? != "windows" {
        return Ok(());
    }
    let icon = PathBuf::from(std::env::var("OUT_DIR")?).join("pemedic.ico");
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

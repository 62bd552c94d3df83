//! The running system and `Windows.old` are not repaired.

use super::super::plan::GuardFinding;
use super::{Watch, refuses};

pub(super) fn look(watch: Watch<'_>) -> Option<GuardFinding> {
    let installation = &watch.installation;
    let folder = installation.windows_folder.display();
    if installation.role.running {
        return Some(refuses(
            "running",
            format!("{folder} is the Windows that runs now"),
            "Its hives are in use: what is written to their files is lost or destroys them.",
            "Start a boot medium and repair it from there, or choose another target.",
        ));
    }
    if installation.role.windows_pe {
        return Some(refuses(
            "windows-pe",
            format!("{folder} is a Windows PE, not an installed Windows"),
            "A boot medium is not what is broken, and its changes are lost at the next start.",
            "Choose the installation on the disk with --target; `pemedic targets` lists them.",
        ));
    }
    installation.role.windows_old.then(|| {
        refuses(
            "windows-old",
            format!("{folder} lies in Windows.old"),
            "Setup keeps the Windows that it replaced there; it does not start, so a repair of it helps nobody.",
            "Choose the installation that starts; `pemedic targets` lists them.",
        )
    })
}

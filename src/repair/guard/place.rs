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

#[cfg(test)]
mod tests {
    use super::super::super::plan::GuardEffect;
    use super::super::super::receipt::Receipts;
    use super::*;
    use crate::hive::storage::Disk;
    use crate::windows::build::InstallationBuilder;
    use crate::windows::installation::Role;

    #[test]
    fn the_running_windows_a_boot_medium_and_windows_old_are_refused() {
        let root = tempfile::tempdir().unwrap();
        let mut installation = InstallationBuilder::ten().build(&Disk, root.path()).unwrap();
        let receipts = Receipts::new(&installation, None);
        let look = |installation: &_| look(Watch { storage: &Disk, installation, receipts: &receipts });
        assert!(look(&installation).is_none());
        let none = Role { running: false, windows_pe: false, windows_old: false };
        for (role, id) in [
            (Role { running: true, ..none }, "running"),
            (Role { windows_pe: true, ..none }, "windows-pe"),
            (Role { windows_old: true, ..none }, "windows-old"),
        ] {
            installation.role = role;
            let found = look(&installation).unwrap();
            assert_eq!((found.id.as_str(), found.effect), (id, GuardEffect::Refuses));
            assert!(found.saw.contains("Windows") && found.why.len() > 20 && found.next.len() > 20);
        }
    }
}

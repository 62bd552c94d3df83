//! Finding installations in folders of every kind.

use std::fs;

use crate::hive::storage::Disk;
use crate::hive::{KeyPath, Value, store};
use crate::windows::Role;
use crate::windows::build::InstallationBuilder;

use super::*;

fn build(builder: &InstallationBuilder, root: &Path) -> Installation {
    builder.build(&Disk, root).unwrap()
}

fn found(roots: &[PathBuf]) -> Vec<Installation> {
    discover(&Disk, roots).into_iter().map(Result::unwrap).collect()
}

#[test]
fn a_volume_a_windows_folder_and_a_folder_of_volumes_all_lead_to_it() {
    let media = tempfile::tempdir().unwrap();
    let xp = build(&InstallationBuilder::xp(), &media.path().join("user/disk1"));
    let ten = build(&InstallationBuilder::ten(), &media.path().join("user/disk2"));
    for root in [&xp.volume, &xp.windows_folder] {
        assert_eq!(found(std::slice::from_ref(root)), std::slice::from_ref(&xp), "{}", root.display());
        assert_eq!(Installation::open(&Disk, root).unwrap(), xp);
    }
    let both = [xp.clone(), ten];
    assert_eq!(found(&[media.path().to_owned()]), both);
    assert_eq!(found(&[media.path().to_owned(), xp.volume]), both, "none is listed twice");
}

#[test]
fn volumes_deeper_than_a_mount_point_are_not_searched_for() {
    let media = tempfile::tempdir().unwrap();
    build(&InstallationBuilder::xp(), &media.path().join("a/b/c"));
    assert_eq!(found(&[media.path().to_owned()]), []);
}

#[test]
fn two_windows_on_one_volume_must_be_told_apart() {
    let volume = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    build(&InstallationBuilder::xp(), volume.path());
    let old = build(&InstallationBuilder::windows_2000(), elsewhere.path());
    fs::rename(&old.windows_folder, volume.path().join("WINNT")).unwrap();
    assert_eq!(found(&[volume.path().to_owned()]).len(), 2);
    let error = Installation::open(&Disk, volume.path()).unwrap_err();
    let InstallationError::Several { found, .. } = &error else { panic!("{error}") };
    assert_eq!(found.len(), 2);
    let named = Installation::open(&Disk, &volume.path().join("WINNT")).unwrap();
    assert_eq!(named.system_root, r"C:\WINNT");
}

#[test]
fn a_replaced_windows_is_marked_and_keeps_to_its_own_folder() {
    let volume = tempfile::tempdir().unwrap();
    build(&InstallationBuilder::ten(), volume.path());
    let old = volume.path().join("Windows.old");
    build(&InstallationBuilder::seven().file(r"C:\Users\x", "old"), &old);
    let installations = found(&[volume.path().to_owned()]);
    assert_eq!(installations[0].role, Role::default());
    assert!(installations[1].role.windows_old);
    let path = installations[1].resolve(&Disk, r"C:\users\X").unwrap();
    assert_eq!(path.host, old.join("Users/x"));
    assert_eq!(Installation::open(&Disk, volume.path()).unwrap().version.build, 19_045);
}

#[test]
fn a_windows_pe_is_marked() {
    let volume = tempfile::tempdir().unwrap();
    let key = "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\WinPE]\n";
    let installation = build(&InstallationBuilder::ten().registry(key), volume.path());
    assert!(installation.role.windows_pe);
    let volume = tempfile::tempdir().unwrap();
    let key = "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\MiniNT]\n";
    assert!(build(&InstallationBuilder::ten().registry(key), volume.path()).role.windows_pe);
}

#[test]
fn a_windows_with_a_broken_hive_is_reported_with_the_reason() {
    let volume = tempfile::tempdir().unwrap();
    let installation = build(&InstallationBuilder::ten(), volume.path());
    fs::write(installation.windows_folder.join("System32/config/SOFTWARE"), "no hive").unwrap();
    let results = discover(&Disk, &[volume.path().to_owned()]);
    let [Err(error)] = results.as_slice() else { panic!("{results:?}") };
    assert!(error.to_string().contains("SOFTWARE"), "{error}");
}

#[test]
fn the_control_set_that_boots_is_the_default_one_if_it_exists() {
    let cases = [((2, 1), Some(2)), ((7, 1), Some(1)), ((7, 9), None)];
    for ((default, current), expected) in cases {
        let volume = tempfile::tempdir().unwrap();
        let installation = build(&InstallationBuilder::xp(), volume.path());
        let system = installation.resolve(&Disk, r"%SystemRoot%\system32\config\system").unwrap().host;
        let mut editor = store::load(&Disk, &system).unwrap().edit();
        for (name, number) in [("Default", default), ("Current", current)] {
            editor.set_value(&KeyPath::new("Select"), name, &Value::dword(number)).unwrap();
        }
        fs::write(&system, editor.finish().unwrap().image()).unwrap();
        match (Installation::open(&Disk, volume.path()), expected) {
            (Ok(installation), Some(number)) => assert_eq!(installation.control_set, number),
            (Err(InstallationError::NoControlSet(file)), None) => assert_eq!(file, system),
            (result, _) => panic!("{result:?}"),
        }
    }
}

#[test]
fn letters_of_the_same_volume_lead_to_it_and_others_do_not() {
    let volume = tempfile::tempdir().unwrap();
    let devices = "[HKEY_LOCAL_MACHINE\\SYSTEM\\MountedDevices]\n\
        \"\\\\DosDevices\\\\E:\"=hex:50,d3,50,d3,00,7e,00,00,00,00,00,00\n\
        \"\\\\DosDevices\\\\D:\"=hex:3b,b7,80,7e,00,7e,00,00,00,00,00,00\n";
    let installation = build(&InstallationBuilder::xp().registry(devices), volume.path());
    assert_eq!(installation.namespace.letters(), ['C', 'E']);
    assert!(installation.resolve(&Disk, r"E:\WINDOWS").is_ok());
    assert!(installation.resolve(&Disk, r"D:\WINDOWS").is_err());
}

#[test]
fn localised_folders_are_taken_from_the_registry() {
    let volume = tempfile::tempdir().unwrap();
    let list = "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList]\n\
        \"ProfilesDirectory\"=\"C:\\\\Dokumente und Einstellungen\"\n\
        \"AllUsersProfile\"=\"Alle Benutzer\"\n";
    let installation = build(&InstallationBuilder::xp().registry(list), volume.path());
    assert_eq!(
        installation.all_users_profile().as_deref(),
        Some(r"C:\Dokumente und Einstellungen\Alle Benutzer")
    );
}

#[test]
fn nothing_is_found_where_nothing_is() {
    let empty = tempfile::tempdir().unwrap();
    assert_eq!(found(&[empty.path().to_owned(), empty.path().join("missing")]), []);
    let error = Installation::open(&Disk, empty.path()).unwrap_err();
    assert!(matches!(error, InstallationError::NotFound(_)), "{error}");
}

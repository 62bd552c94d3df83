//! Building, and what can be read from what was built.

use crate::hive::storage::Disk;
use crate::windows::OfflineRegistry;
use crate::windows::file_times::FileTimes;

use super::*;

fn built(builder: &InstallationBuilder) -> (tempfile::TempDir, Installation) {
    let volume = tempfile::tempdir().unwrap();
    let installation = builder.build(&Disk, volume.path()).unwrap();
    (volume, installation)
}

#[test]
fn each_release_says_what_it_is() {
    type Said = (InstallationBuilder, (u32, u32, u32), &'static str, &'static str);
    let cases: [Said; 6] = [
        (InstallationBuilder::windows_2000(), (5, 0, 2195), r"C:\WINNT", "x86"),
        (InstallationBuilder::xp(), (5, 1, 2600), r"C:\WINDOWS", "x86"),
        (InstallationBuilder::server_2003(), (5, 2, 3790), r"C:\WINDOWS", "x86"),
        (InstallationBuilder::vista(), (6, 0, 6002), r"C:\Windows", "x86"),
        (InstallationBuilder::seven(), (6, 1, 7601), r"C:\Windows", "amd64"),
        (InstallationBuilder::ten(), (10, 0, 19_045), r"C:\Windows", "amd64"),
    ];
    for (builder, numbers, system_root, architecture) in cases {
        let (_volume, installation) = built(&builder);
        let version = &installation.version;
        assert_eq!((version.major, version.minor, version.build), numbers);
        assert_eq!(installation.system_root, system_root);
        assert_eq!(version.architecture, architecture);
        assert_eq!(version.server, version.product_name.contains("Server"), "{version:?}");
        assert_eq!(installation.control_set, 1);
        assert_eq!(installation.computer_name.as_deref(), Some("PEMEDIC-DEMO"));
        assert_eq!(installation.role, crate::windows::Role::default());
    }
}

#[test]
fn registry_text_reaches_every_hive_it_names() {
    let builder = InstallationBuilder::xp().person("Second").registry(
        "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\BITS]\n\"Start\"=dword:00000003\n\n\
         [HKEY_CURRENT_USER\\Software\\X]\n@=\"default\"\n\n\
         [HKEY_CURRENT_USER\\Software\\Classes\\.x]\n@=\"xfile\"\n\n\
         [HKEY_USERS\\.DEFAULT\\Software]\n",
    );
    let (_volume, installation) = built(&builder);
    let registry = OfflineRegistry::new(&Disk, &installation);
    let start = registry.value(r"HKLM\SYSTEM\ControlSet001\Services\BITS", "start").unwrap();
    assert_eq!(start.unwrap().as_dword(), Some(3));
    assert_eq!(registry.locate(r"HKCU\Software\X").unwrap().len(), 2);
    for located in registry.locate(r"HKCU\Software\X").unwrap() {
        let value = registry.value(&located.full_name, "").unwrap();
        assert_eq!(value.unwrap().as_string().unwrap(), "default");
    }
    assert!(registry.key_exists(r"HKCU\Software\Classes\.x").unwrap());
    assert!(registry.key_exists(r"HKU\.DEFAULT\Software").unwrap());
}

#[test]
fn files_are_placed_oldest_first_below_the_all_users_folder() {
    let builder = InstallationBuilder::windows_2000()
        .file(r"%ALLUSERSPROFILE%\Application Data\a", "old")
        .file(r"C:\Documents and Settings\All Users\Application Data\b", "new");
    let (_volume, installation) = built(&builder);
    let found = installation.matches(&Disk, r"%AllUsersProfile%\application data\*").unwrap();
    let times: Vec<_> =
        found.iter().map(|found| FileTimes::of(&found.entry, &found.path.host).created).collect();
    assert_eq!(found.iter().map(|found| found.entry.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert!(times[0] < times[1], "{times:?}");
    assert_eq!(found[0].path.windows, r"C:\Documents and Settings\All Users\Application Data\a");
}

#[test]
fn a_server_of_the_same_version_can_be_had() {
    let (_volume, installation) =
        built(&InstallationBuilder::windows_2000().server("Microsoft Windows 2000 Server"));
    assert!(installation.version.server);
}

#[test]
fn nothing_is_built_over_what_is_there() {
    let volume = tempfile::tempdir().unwrap();
    std::fs::write(volume.path().join("x"), "x").unwrap();
    let error = InstallationBuilder::xp().build(&Disk, volume.path()).unwrap_err();
    assert!(matches!(error, BuildError::NotEmpty(_)), "{error}");
}

#[test]
fn what_no_installation_can_have_is_an_error() {
    let volume = tempfile::tempdir().unwrap();
    let build = |builder: InstallationBuilder| builder.build(&Disk, &volume.path().join("new")).unwrap_err();
    assert!(matches!(
        build(InstallationBuilder::xp().registry("[HKEY_LOCAL_MACHINE\\HARDWARE]\n")),
        BuildError::UnknownKey(_)
    ));
    let volume = tempfile::tempdir().unwrap();
    let build = |builder: InstallationBuilder| builder.build(&Disk, volume.path()).unwrap_err();
    assert!(matches!(build(InstallationBuilder::xp().file(r"D:\x", "")), BuildError::Path(_)));
}

//! Windows releases named in a text, by name or by build number.

use std::sync::LazyLock;

use crate::kb::release::Release;

use super::words::{Names, Word};

/// How people write releases.
const RELEASES: &[(&str, Release)] = &[
    ("windows nt 4", Release::Nt4),
    ("nt4", Release::Nt4),
    ("windows 2000", Release::Windows2000),
    ("win2k", Release::Windows2000),
    ("win2000", Release::Windows2000),
    ("w2k", Release::Windows2000),
    ("windows xp", Release::WindowsXp),
    ("winxp", Release::WindowsXp),
    ("xp sp2", Release::WindowsXp),
    ("xp sp3", Release::WindowsXp),
    ("windows server 2003", Release::WindowsServer2003),
    ("windows 2003", Release::WindowsServer2003),
    ("server 2003", Release::WindowsServer2003),
    ("win2k3", Release::WindowsServer2003),
    ("w2k3", Release::WindowsServer2003),
    ("windows vista", Release::WindowsVista),
    ("vista", Release::WindowsVista),
    ("server 2008", Release::WindowsServer2008),
    ("windows 2008", Release::WindowsServer2008),
    ("server 2008 r2", Release::WindowsServer2008R2),
    ("windows 2008 r2", Release::WindowsServer2008R2),
    ("2008r2", Release::WindowsServer2008R2),
    ("windows 7", Release::Windows7),
    ("win 7", Release::Windows7),
    ("win xp", Release::WindowsXp),
    ("win 8", Release::Windows8),
    ("win 8 1", Release::Windows81),
    ("win 10", Release::Windows10),
    ("win 11", Release::Windows11),
    ("build 2600", Release::WindowsXp),
    ("build 7601", Release::Windows7),
    ("build 9600", Release::Windows81),
    ("build 19044", Release::Windows10),
    ("build 19045", Release::Windows10),
    ("build 22621", Release::Windows11),
    ("build 22631", Release::Windows11),
    ("build 26100", Release::Windows11),
    ("win7", Release::Windows7),
    ("windows 8", Release::Windows8),
    ("win8", Release::Windows8),
    ("server 2012", Release::WindowsServer2012),
    ("windows 8 1", Release::Windows81),
    ("server 2012 r2", Release::WindowsServer2012R2),
    ("2012r2", Release::WindowsServer2012R2),
    ("windows 10", Release::Windows10),
    ("win10", Release::Windows10),
    ("server 2016", Release::WindowsServer2016),
    ("server 2019", Release::WindowsServer2019),
    ("server 2022", Release::WindowsServer2022),
    ("windows 11", Release::Windows11),
    ("win11", Release::Windows11),
    ("server 2025", Release::WindowsServer2025),
    ("5 0 2195", Release::Windows2000),
    ("5 1 2600", Release::WindowsXp),
    ("5 2 3790", Release::WindowsServer2003),
    ("6 0 6000", Release::WindowsVista),
    ("6 0 6001", Release::WindowsVista),
    ("6 0 6002", Release::WindowsVista),
    ("6 1 7600", Release::Windows7),
    ("6 1 7601", Release::Windows7),
    ("6 2 9200", Release::Windows8),
    ("6 3 9600", Release::Windows81),
    ("10 0 10240", Release::Windows10),
    ("10 0 14393", Release::Windows10),
    ("10 0 17763", Release::Windows10),
    ("10 0 19041", Release::Windows10),
    ("10 0 19045", Release::Windows10),
    ("10 0 20348", Release::WindowsServer2022),
    ("10 0 22000", Release::Windows11),
    ("10 0 22621", Release::Windows11),
    ("10 0 22631", Release::Windows11),
    ("10 0 26100", Release::Windows11),
];

static NAMES: LazyLock<Names<Release>> = LazyLock::new(|| Names::new(RELEASES.iter().copied()));

/// Words before a name that say it is not meant.
const EXCEPT: &[&str] = &["not apply to", "except", "other than", "not on", "unlike"];

/// The releases a text is about, each once.
pub(super) fn find(text: &str, words: &[Word]) -> Vec<Release> {
    let mut releases = Vec::new();
    for (release, first, _) in NAMES.find(words) {
        let before = text[..first.from].trim_end();
        let excepted = EXCEPT.iter().any(|not| before.ends_with(not));
        if !excepted && !releases.contains(&release) {
            releases.push(release);
        }
    }
    releases
}

#[cfg(test)]
mod tests {
    use super::*;

    fn releases(text: &str) -> Vec<Release> {
        find(text, &super::super::words::of(text).collect::<Vec<_>>())
    }

    #[test]
    fn releases_are_named_in_many_ways() {
        assert_eq!(
            releases("a Win2k box and Windows Server 2008 R2"),
            [Release::Windows2000, Release::WindowsServer2008R2]
        );
        assert_eq!(releases("Windows 8.1, build 10.0.22631"), [Release::Windows81, Release::Windows11]);
        assert_eq!(releases("2008-12-24, windows"), []);
    }

    #[test]
    fn a_release_that_is_excepted_is_not_named() {
        assert_eq!(releases("(diagnostic does not apply to Windows 2000)"), []);
    }
}

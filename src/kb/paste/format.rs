//! What a text was copied from, by marks that are the same in every language.

use serde::Serialize;

/// What a text was copied from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Events of the event log, in any of their forms.
    Event,
    /// `WindowsUpdate.log`.
    WindowsUpdateLog,
    /// `CBS.log`, `dism.log`.
    ServicingLog,
    /// `setuperr.log`, `setupact.log`.
    SetupLog,
    /// `SrtTrail.txt`.
    StartupRepairLog,
    /// Output of `sc`.
    ServiceControl,
    /// Output of `net`.
    NetCommand,
    /// An error of PowerShell.
    PowerShell,
    /// A blue screen.
    StopScreen,
    /// A `.reg` file or registry export.
    RegistryText,
}

/// Marks of each format; one is enough.
const MARKS: &[(Format, &[&str])] = &[
    (
        Format::StopScreen,
        &[
            "*** STOP",
            "STOP: 0x",
            "STOP: c0",
            "A problem has been detected and Windows",
            "Technical information:",
            "Your PC ran into a problem",
            "Your device ran into a problem",
            "Stop code",
            "BUGCHECK_CODE",
        ],
    ),
    (
        Format::StartupRepairLog,
        &["Startup Repair diagnosis", "Root cause found:", "SrtTrail", "Number of root causes"],
    ),
    (Format::ServicingLog, &["  CBS    ", "  CSI    ", " DISM   ", "[HRESULT = 0x"]),
    (Format::SetupLog, &["Error                 SP ", " MIG  ", "[gle=0x", "MOUPG "]),
    (
        Format::WindowsUpdateLog,
        &["\tAgent\t", "\tDnldMgr\t", "\tHandler\t", "ComApi", "SusClientId", "\tAU\t", " Agent           "],
    ),
    (Format::ServiceControl, &["[SC] ", "SERVICE_NAME:", "WIN32_EXIT_CODE"]),
    (
        Format::NetCommand,
        &[
            "NET HELPMSG",
            "System error ",
            "Systemfehler ",
            "Erreur système ",
            "Системная ошибка ",
            "システム エラー ",
        ],
    ),
    (
        Format::PowerShell,
        &["FullyQualifiedErrorId", "CategoryInfo", "At line:", "Start-Service :", "ProviderName :"],
    ),
    (
        Format::Event,
        &[
            "<EventID",
            "Event ID:",
            "EventID",
            "Event Source:",
            "Ereignis",
            "Service Control Manager",
            "InstanceId",
        ],
    ),
    (Format::RegistryText, &["Windows Registry Editor Version", "REGEDIT4", "[HKEY_"]),
];

/// How much of a text is looked at: formats show at once.
const LOOK_BYTES: usize = 64 * 1024;

/// The formats of a text, the most telling first.
pub(super) fn of(text: &str) -> Vec<Format> {
    let mut end = text.len().min(LOOK_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let start = &text[..end];
    let shows = |marks: &[&str]| marks.iter().any(|mark| start.contains(mark));
    MARKS.iter().filter(|(_, marks)| shows(marks)).map(|(format, _)| *format).collect()
}

impl Format {
    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::WindowsUpdateLog => "Windows Update log",
            Self::ServicingLog => "servicing log",
            Self::SetupLog => "setup log",
            Self::StartupRepairLog => "Startup Repair log",
            Self::ServiceControl => "output of sc",
            Self::NetCommand => "output of net",
            Self::PowerShell => "PowerShell error",
            Self::StopScreen => "stop screen",
            Self::RegistryText => "registry text",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_show_by_their_marks() {
        assert_eq!(of("*** STOP: 0x0000007B (0xF78D2524,0xC0000034,0,0)"), [Format::StopScreen]);
        assert_eq!(of("2018-05-14 07:42:50, Info                  CBS    Session"), [Format::ServicingLog]);
        assert_eq!(of("[SC] OpenService 失败 1060:"), [Format::ServiceControl]);
        assert_eq!(of("my keyboard is dead"), []);
    }
}

//! Facility and severity: where in Windows a status comes from, and how grave
//! it is.
//!
//! An HRESULT (`winerror.h`) has the severity in bit 31 and the facility in
//! bits 16 to 26; an NTSTATUS (`ntstatus.h`) has two bits of severity and the
//! facility in bits 16 to 27.

use super::reading::Kind;

/// Facilities of HRESULTs (`FACILITY_*` in `winerror.h`) that technicians meet.
const HRESULT_FACILITIES: &[(u32, &str)] = &[
    (0, "no particular part of Windows"),
    (1, "remote procedure calls"),
    (2, "COM dispatch"),
    (3, "structured storage"),
    (4, "an interface with numbers of its own"),
    (7, "Win32"),
    (8, "Windows"),
    (9, "security and sign-in"),
    (10, "COM controls"),
    (11, "certificates and trust"),
    (12, "the Internet library"),
    (13, "media"),
    (15, "setup, drivers and servicing"),
    (16, "smart cards"),
    (17, "COM+"),
    (19, ".NET"),
    (23, "side-by-side assemblies"),
    (25, "HTTP"),
    (27, "error reporting"),
    (31, "file system filters"),
    (32, "background transfer (BITS)"),
    (36, "Windows Update"),
    (37, "the directory service"),
    (38, "graphics"),
    (39, "the shell"),
    (40, "the TPM"),
    (41, "the TPM"),
    (48, "setup or performance logs"),
    (49, "BitLocker"),
    (50, "the firewall"),
    (51, "WinRM"),
    (55, "Hyper-V"),
    (56, "volume management"),
    (57, "boot configuration"),
    (58, "virtual disks"),
    (61, "WinPE"),
    (63, "the Store"),
    (80, "Windows Defender"),
    (99, "peer-to-peer networking"),
    (120, "Windows Backup"),
    (136, "driver servicing"),
    (208, "delivery optimisation"),
    (231, "storage spaces"),
    (256, "software protection or system restore"),
    (258, "deployment images"),
    (384, "upgrade setup"),
    (400, "upgrade setup"),
];

/// Facilities of NTSTATUS values (`ntstatus.h`).
const NTSTATUS_FACILITIES: &[(u32, &str)] = &[
    (0, "the kernel"),
    (1, "the debugger"),
    (2, "remote procedure calls"),
    (3, "remote procedure calls"),
    (4, "input and output"),
    (7, "Win32"),
    (8, "certificates"),
    (9, "security and sign-in"),
    (10, "Terminal Services"),
    (16, "USB"),
    (17, "input devices"),
    (19, "clusters"),
    (20, "ACPI"),
    (21, "side-by-side assemblies"),
    (25, "transactions"),
    (26, "the common log file system"),
    (27, "video"),
    (28, "file system filters"),
    (30, "graphics"),
    (32, "the driver framework"),
    (33, "BitLocker"),
    (34, "the firewall"),
    (53, "Hyper-V"),
    (55, "Hyper-V"),
    (56, "volume management"),
    (57, "boot configuration"),
    (58, "virtual disks"),
    (67, "Secure Boot"),
    (80, "volume snapshots"),
    (231, "storage spaces"),
    (233, "code integrity"),
];

fn name(list: &[(u32, &'static str)], facility: u32) -> Option<&'static str> {
    list.iter().find(|(number, _)| *number == facility).map(|(_, name)| *name)
}

/// Whether a status that no table has at least comes from a part of Windows
/// that exists.
pub(super) fn is_known(value: u32) -> bool {
    let facility = value >> 16 & 0xFFF;
    match value >> 28 {
        8 => facility != 0 && name(HRESULT_FACILITIES, facility & 0x7FF).is_some(),
        0xC => name(NTSTATUS_FACILITIES, facility).is_some() || matches!(value >> 16, 0xC190 | 0xC180),
        _ => false,
    }
}

/// Says where a status comes from, for families whose numbers say so.
pub(super) fn origin(kind: Kind, value: u32) -> Option<String> {
    let status = kind == Kind::Ntstatus || value >> 28 == 0xC && kind != Kind::Setup;
    if matches!(kind, Kind::Win32 | Kind::Stop | Kind::Event) {
        return None;
    }
    let (facility, known) = if status {
        let facility = value >> 16 & 0xFFF;
        (facility, name(NTSTATUS_FACILITIES, facility))
    } else {
        let facility = value >> 16 & 0x7FF;
        (facility, name(HRESULT_FACILITIES, facility))
    };
    let grave = match (status, value >> 30) {
        (true, 3) | (false, 2..) => "failure",
        (true, 2) => "warning",
        (true, 1) => "message",
        _ => "success",
    };
    Some(known.map_or_else(
        || format!("{grave}, facility {facility}"),
        |name| format!("{grave} from {name} (facility {facility})"),
    ))
}

/// A symbol as words: what is left to say where nobody wrote a meaning.
pub(super) fn words_of(symbol: &str) -> String {
    let prefixes = ["ERROR_", "STATUS_", "WU_E_", "BG_E_", "CBS_E_"];
    let rest = prefixes.iter().find_map(|prefix| symbol.strip_prefix(prefix)).unwrap_or(symbol);
    let mut words = rest.to_lowercase().replace('_', " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

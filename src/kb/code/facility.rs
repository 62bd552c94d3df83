//! Facility and severity: where in Windows a status comes from.

use super::reading::Kind;

/// HRESULT facilities (`winerror.h`, `FACILITY_*`) that technicians meet.
const HRESULT_FACILITIES: &[(u32, &str)] = &[
    (0, "no particular part of Windows"),
    (1, "remote procedure calls"),
    (2, "COM dispatch"),
    (3, "structured storage"),
    (4, "an interface of its own"),
    (7, "Win32"),
    (8, "Windows"),
    (9, "security and sign-in"),
    (11, "certificates and trust"),
    (13, "setup and device installation"),
    (25, "HTTP"),
    (32, "background transfer (BITS)"),
    (36, "Windows Update"),
    (49, "BitLocker"),
    (54, "virtual disks"),
];

/// Says where a status comes from, for families whose numbers say so.
pub(super) fn origin(kind: Kind, value: u32) -> Option<String> {
    if !matches!(kind, Kind::Hresult | Kind::WindowsUpdate | Kind::Bits | Kind::Servicing) {
        return None;
    }
    let facility = value >> 16 & 0x7FF;
    let grave = if value >> 31 == 1 { "failure" } else { "success" };
    let known = HRESULT_FACILITIES.iter().find(|(number, _)| *number == facility);
    Some(known.map_or_else(
        || format!("{grave}, facility {facility}"),
        |(_, name)| format!("{grave} from {name} (facility {facility})"),
    ))
}

/// A symbol as words: what is left to say where nobody wrote a meaning.
pub(super) fn words_of(symbol: &str) -> String {
    let rest = symbol.strip_prefix("ERROR_").or_else(|| symbol.strip_prefix("STATUS_")).unwrap_or(symbol);
    rest.to_lowercase().replace('_', " ")
}

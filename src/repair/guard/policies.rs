//! Values under Policies, which a domain writes back.

use super::super::change::Change;
use super::super::plan::GuardFinding;
use super::super::prepared::Prepared;
use super::warns;

pub(super) fn look(prepared: &Prepared) -> Option<GuardFinding> {
    let records = &prepared.work.records;
    let policy = records.iter().find_map(|record| match &record.change {
        Change::Value(change) if is_policy(&change.key) => Some(record.change.place()),
        _ => None,
    })?;
    Some(warns(
        "policies",
        format!("{policy} is a policy"),
        "On a machine in a domain Group Policy writes such values again.",
        "Where the machine is in a domain, have the policy changed there as well.",
    ))
}

/// Keys that Group Policy owns (Microsoft, "Registry Policy": the four
/// approved subtrees end in `Policies`).
fn is_policy(key: &str) -> bool {
    key.split('\\').any(|name| name.eq_ignore_ascii_case("Policies"))
}

#[cfg(test)]
mod tests {
    use super::is_policy;

    #[test]
    fn policies_are_known_by_their_key() {
        assert!(is_policy(r"HKLM\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate\AU"));
        assert!(is_policy(r"HKU\S-1-5-21-1\Software\Microsoft\Windows\CurrentVersion\policies\Explorer"));
        assert!(!is_policy(r"HKLM\SOFTWARE\Microsoft\PoliciesX"));
    }
}

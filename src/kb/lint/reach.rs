//! Which installations a fix can be offered to, as far as releases decide it.

use crate::kb::condition::{Condition, Subject};
use crate::kb::release::{AppliesTo, Release};

/// A release, and whether it is a server.
pub(super) type Installed = (Release, bool);

/// The installations that some entry means, or all where there is none, and
/// that no condition rules out.
pub(super) fn reach(releases: &[AppliesTo], conditions: &[&[Condition]]) -> Vec<Installed> {
    let all = Release::all().flat_map(|release| [(release, false), (release, true)]);
    let meant = |(release, server): &Installed| {
        releases.is_empty() || releases.iter().any(|entry| entry.includes(*release, *server))
    };
    let possible = |installed: &Installed| {
        conditions.iter().flat_map(|list| list.iter()).all(|condition| may_hold(condition, *installed))
    };
    all.filter(meant).filter(possible).collect()
}

fn may_hold(condition: &Condition, installed: Installed) -> bool {
    decided(condition, installed).unwrap_or(true)
}

/// The condition's answer, where the release alone gives it.
fn decided(condition: &Condition, (release, server): Installed) -> Option<bool> {
    let answer = match &condition.subject {
        Subject::Windows(releases) => Some(releases.iter().any(|entry| entry.includes(release, server))),
        Subject::Any(list) => {
            let answers: Vec<_> = list.iter().map(|one| decided(one, (release, server))).collect();
            match answers {
                all if all.contains(&Some(true)) => Some(true),
                all if all.iter().all(Option::is_some) => Some(false),
                _ => None,
            }
        }
        _ => None,
    };
    answer.map(|answer| answer != condition.absent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn windows(names: &[&str], absent: bool) -> Condition {
        let releases = names.iter().map(|name| name.parse().unwrap()).collect();
        Condition { subject: Subject::Windows(releases), absent }
    }

    fn service() -> Condition {
        Condition { subject: Subject::Service("A".to_owned()), absent: false }
    }

    fn any(list: Vec<Condition>, absent: bool) -> Condition {
        Condition { subject: Subject::Any(list), absent }
    }

    #[test]
    fn conditions_narrow_what_is_meant() {
        let later = ["windows xp and later".parse().unwrap()];
        let found = |conditions: &[Condition]| reach(&later, &[conditions]);
        assert_eq!(found(&[service()]).len(), 32);
        assert_eq!(found(&[windows(&["windows 2000"], false)]), []);
        assert_eq!(
            found(&[windows(&["windows xp"], false)]),
            [(Release::WindowsXp, false), (Release::WindowsXp, true)]
        );
        assert_eq!(found(&[windows(&["windows vista and later"], true)]).len(), 4);
        assert_eq!(found(&[any(vec![windows(&["windows xp"], false), service()], false)]).len(), 32);
        assert_eq!(found(&[any(vec![windows(&["windows xp"], false)], true)]).len(), 30);
        assert_eq!(found(&[any(vec![windows(&["windows xp"], false), service()], true)]).len(), 30);
        assert_eq!(reach(&[], &[]).len(), 36);
    }
}

//! What two lists have in common, and what not: for multi-strings and for rows
//! of bytes.

/// A member of either list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Member<T> {
    /// In both.
    Same(T),
    /// Only in the first.
    Removed(T),
    /// Only in the second.
    Added(T),
}

/// Longer middles are shown as wholly removed and added: the table for them
/// would be larger than the lists are worth.
const CELLS_MAX: usize = 250_000;

/// A shortest way from `before` to `after` that keeps the order of both
/// (longest common subsequence).
pub(super) fn difference<T: PartialEq + Copy>(before: &[T], after: &[T]) -> Vec<Member<T>> {
    let head = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let (rest_before, rest_after) = (&before[head..], &after[head..]);
    let tail = rest_before.iter().rev().zip(rest_after.iter().rev()).take_while(|(a, b)| a == b).count();
    let middle_before = &rest_before[..rest_before.len() - tail];
    let middle_after = &rest_after[..rest_after.len() - tail];
    let mut members: Vec<Member<T>> = before[..head].iter().map(|member| Member::Same(*member)).collect();
    members.extend(middle(middle_before, middle_after));
    members.extend(rest_before[rest_before.len() - tail..].iter().map(|member| Member::Same(*member)));
    members
}

fn middle<T: PartialEq + Copy>(before: &[T], after: &[T]) -> Vec<Member<T>> {
    let removed = before.iter().map(|member| Member::Removed(*member));
    let added = after.iter().map(|member| Member::Added(*member));
    if before.is_empty() || after.is_empty() || before.len() * after.len() > CELLS_MAX {
        return removed.chain(added).collect();
    }
    let common = common_lengths(before, after);
    let (mut i, mut j) = (0, 0);
    let mut members = Vec::new();
    while i < before.len() || j < after.len() {
        if i < before.len() && j < after.len() && before[i] == after[j] {
            members.push(Member::Same(before[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == after.len() || (i < before.len() && common[i + 1][j] >= common[i][j + 1]) {
            members.push(Member::Removed(before[i]));
            i += 1;
        } else {
            members.push(Member::Added(after[j]));
            j += 1;
        }
    }
    members
}

/// `[i][j]`: how long the longest common subsequence of what follows `i` and
/// `j` is.
fn common_lengths<T: PartialEq>(before: &[T], after: &[T]) -> Vec<Vec<u32>> {
    let mut common = vec![vec![0; after.len() + 1]; before.len() + 1];
    for i in (0..before.len()).rev() {
        for j in (0..after.len()).rev() {
            common[i][j] = if before[i] == after[j] {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    common
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: &str, after: &str, expected: &str) {
        let (before, after): (Vec<char>, Vec<char>) = (before.chars().collect(), after.chars().collect());
        let found: String = difference(&before, &after)
            .into_iter()
            .map(|member| match member {
                Member::Same(c) => format!("{c}"),
                Member::Removed(c) => format!("-{c}"),
                Member::Added(c) => format!("+{c}"),
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn order_and_common_members_are_kept() {
        check("abc", "abc", "abc");
        check("abc", "axc", "a-b+xc");
        check("", "ab", "+a+b");
        check("ab", "", "-a-b");
        check("abcdef", "bcxf", "-abc-d-e+xf");
        check("ac", "abc", "a+bc");
    }

    #[test]
    fn long_lists_are_bounded() {
        let before: Vec<u32> = (0..2_000).collect();
        let after: Vec<u32> = (10_000..12_000).collect();
        assert_eq!(difference(&before, &after).len(), 4_000);
    }
}

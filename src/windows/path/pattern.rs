//! File name patterns: `*` stands for any characters, `?` for one.

use super::component::upcase;

/// Whether `text` is a pattern rather than a name.
pub fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?'])
}

/// Whether `name` fits `pattern`, without regard to case. Linear in the product
/// of the lengths: on a mismatch only the last `*` takes one character more.
pub fn matches(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().map(upcase).collect();
    let name: Vec<char> = name.chars().map(upcase).collect();
    let (mut at, mut next) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while next < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, next));
                at += 1;
            }
            Some(&c) if c == '?' || c == name[next] => {
                at += 1;
                next += 1;
            }
            _ => {
                let Some((star_at, taken)) = star else { return false };
                star = Some((star_at, taken + 1));
                at = star_at + 1;
                next = taken + 1;
            }
        }
    }
    pattern[at..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_question_marks_match_as_in_a_shell() {
        let fits = [
            ("c23*", "C23abc_guid"),
            ("*", "x"),
            ("*.sys", "a.b.SYS"),
            ("C-?.sys", "c-1.sys"),
            ("a*b*c", "aXbYbc"),
        ];
        for (pattern, name) in fits {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        let not = [("c23*", "c2"), ("*.sys", "sys"), ("?", ""), ("?", "ab"), ("a*b", "abc"), ("", "a")];
        for (pattern, name) in not {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn many_stars_do_not_explode() {
        assert!(!matches(&"*a".repeat(60), &"a".repeat(59)));
    }
}

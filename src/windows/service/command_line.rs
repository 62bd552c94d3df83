//! The program and the svchost group in a service's command line.

/// Longest command line taken, in bytes.
const COMMAND_LINE_BYTES_MAX: usize = 64 * 1024;

/// The program in a command line: what is quoted, else up to the first `.exe`
/// that ends a word, else up to the first blank.
pub fn program_of(command_line: &str) -> Option<String> {
    let text = command_line.trim_start();
    if text.len() > COMMAND_LINE_BYTES_MAX {
        return None;
    }
    if let Some(quoted) = text.strip_prefix('"') {
        let program = quoted.split('"').next()?.trim();
        return (!program.is_empty()).then(|| program.to_owned());
    }
    let lower = text.to_ascii_lowercase();
    let after_exe = lower.match_indices(".exe").map(|(at, exe)| at + exe.len());
    let end = after_exe
        .into_iter()
        .find(|end| lower[*end..].chars().next().is_none_or(char::is_whitespace))
        .or_else(|| text.find(char::is_whitespace))
        .unwrap_or(text.len());
    (end > 0).then(|| text[..end].to_owned())
}

/// The group behind `-k` of a `svchost.exe` command line.
pub fn svchost_group_of(command_line: &str) -> Option<String> {
    let program = program_of(command_line)?;
    let file = program.rsplit(['\\', '/']).next()?;
    if !file.eq_ignore_ascii_case("svchost.exe") && !file.eq_ignore_ascii_case("svchost") {
        return None;
    }
    let (_, arguments) = command_line.split_once(program.as_str())?;
    let mut words = arguments.split_whitespace();
    words.find(|word| word.eq_ignore_ascii_case("-k") || word.eq_ignore_ascii_case("/k"))?;
    words.next().map(|group| group.trim_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_found_in_every_form() {
        let cases = [
            (r"%SystemRoot%\system32\svchost.exe -k netsvcs", r"%SystemRoot%\system32\svchost.exe"),
            (r#""C:\Program Files\A\b.exe" /x"#, r"C:\Program Files\A\b.exe"),
            (r"C:\Program Files\A.exe.d\b.exe /x", r"C:\Program Files\A.exe.d\b.exe"),
            (r"  C:\x\tool -a", r"C:\x\tool"),
            (r"C:\x\a.exe", r"C:\x\a.exe"),
            (r#""C:\unclosed.exe"#, r"C:\unclosed.exe"),
        ];
        for (command_line, program) in cases {
            assert_eq!(program_of(command_line).as_deref(), Some(program), "{command_line}");
        }
        for nothing in ["", "   ", "\"\"", "\""] {
            assert_eq!(program_of(nothing), None, "{nothing:?}");
        }
        assert_eq!(program_of(&"x".repeat(COMMAND_LINE_BYTES_MAX + 1)), None);
    }

    #[test]
    fn only_svchost_has_a_group() {
        let cases = [
            (r"%SystemRoot%\system32\svchost.exe -k netsvcs -p", Some("netsvcs")),
            (r#""%windir%\System32\SVCHOST.EXE"  -K "LocalService""#, Some("LocalService")),
            (r"%SystemRoot%\system32\svchost -k rpcss", Some("rpcss")),
            (r"%SystemRoot%\system32\svchost.exe -k", None),
            (r"%SystemRoot%\system32\svchost.exe", None),
            (r"C:\x\mysvchost.exe -k netsvcs", None),
        ];
        for (command_line, group) in cases {
            assert_eq!(svchost_group_of(command_line).as_deref(), group, "{command_line}");
        }
    }
}

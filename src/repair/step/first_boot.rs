//! Commands for the first boot of the target.
//!
//! A command is queued as a value of the target's own
//! `HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\RunOnce` (Win32 reference,
//! "Run and `RunOnce` Registry Keys"): Windows deletes the value and runs it when
//! an administrator logs on. The other way, `SYSTEM\Setup\CmdLine`, runs before
//! anyone logs on, but a machine that stops there does not boot at all; a
//! repair does not take that risk. The command's output and exit code go to a
//! file in `\pemedic` of the system drive, where a later scan finds them.

use crate::hive::Value;

use super::super::digest::sha256;
use super::super::intent::Intent;
use super::super::obstacle::Obstacle;
use super::super::resolve::Resolver;
use super::{Looked, places};

/// Where Windows looks for commands to run once.
pub(crate) const RUN_ONCE_KEY: &str = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\RunOnce";

/// Longest command line that Windows takes from `RunOnce`, in characters.
const COMMAND_LINE_MAX: usize = 260;

/// The name of a command's value; the same command has the same name, so that
/// it is queued once.
pub(crate) fn value_name(command: &str) -> String {
    format!("pemedic {}", &sha256(command.as_bytes())[..8])
}

/// Where the command's output goes, as Windows writes it.
pub(crate) fn result_file(command: &str) -> String {
    format!(r"%SystemDrive%\pemedic\boot-{}.txt", &sha256(command.as_bytes())[..8])
}

/// What Windows runs. `cmd /v:on` gives the exit code after the command; the
/// folder is made in case somebody removed it.
fn command_line(command: &str) -> String {
    let file = result_file(command);
    format!(
        r#"cmd /v:on /c "md %SystemDrive%\pemedic 2>nul & ({command}) >{file} 2>&1 & echo exit !errorlevel!>>{file}""#
    )
}

/// The command is queued where it belongs to changes: `due` says that the fix
/// makes some, or has nothing but commands. Nothing on the disk of a sound
/// machine tells that a command ran, so by itself it is no finding there.
pub(super) fn queue(command: &str, due: bool, resolver: Resolver<'_, '_>) -> Result<Looked, Obstacle> {
    refuse_unquotable(command)?;
    let line = command_line(command);
    if line.chars().count() > COMMAND_LINE_MAX {
        let room = COMMAND_LINE_MAX.saturating_sub(line.chars().count() - command.chars().count());
        return Err(Obstacle::blocked(format!(
            "the command for the first boot is too long for RunOnce (at most {room} characters): {command}"
        )));
    }
    let mut looked = Looked { first_boot: Some(command.to_owned()), ..Looked::default() };
    let name = value_name(command);
    let ran = resolver.workspace.look(&result_file(command))?.1.is_some();
    for at in places(RUN_ONCE_KEY, resolver)? {
        let place = format!("{}\\{name}", at.full_name);
        if resolver.workspace.value(&at, &name)?.is_some() {
            looked.saw(place, "queued for the first boot", None);
        } else if !due {
            let found =
                if ran { "the command ran" } else { "not queued: nothing that it belongs to changes" };
            looked.saw(result_file(command), found, None);
        } else {
            looked.saw(place, "not queued", Some(format!("runs once: {command}")));
            let value = Value::string(&line);
            looked.intents.push(Intent::SetValue { at, name: name.clone(), value });
        }
    }
    Ok(looked)
}

/// Characters that would end the group in which the command stands.
fn refuse_unquotable(command: &str) -> Result<(), Obstacle> {
    let mut quoted = false;
    for c in command.chars() {
        quoted ^= c == '"';
        if c.is_control() || c == '!' || (c == ')' && !quoted) {
            let reason = format!("a command for the first boot cannot hold {c:?} there: {command}");
            return Err(Obstacle::blocked(reason));
        }
    }
    if quoted {
        return Err(Obstacle::blocked(format!("a quotation mark is missing in the command {command}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queued_command_keeps_its_result() {
        let line = command_line("regsvr32 /s wlnotify.dll");
        let file = result_file("regsvr32 /s wlnotify.dll");
        assert!(line.starts_with("cmd /v:on /c \""), "{line}");
        assert!(line.contains(&format!("(regsvr32 /s wlnotify.dll) >{file} 2>&1")), "{line}");
        assert!(line.ends_with(&format!("echo exit !errorlevel!>>{file}\"")), "{line}");
        assert!(line.len() <= COMMAND_LINE_MAX);
    }

    #[test]
    fn names_follow_the_command() {
        assert_eq!(value_name("a"), value_name("a"));
        assert_ne!(value_name("a"), value_name("b"));
        assert!(refuse_unquotable("echo hi!").is_err());
        assert!(refuse_unquotable("a\nb").is_err());
        assert!(refuse_unquotable("a) & del x").is_err());
        assert!(refuse_unquotable(r#"a "b"#).is_err());
        assert!(refuse_unquotable(r#""C:\Program Files (x86)\a.exe" /s"#).is_ok());
    }
}

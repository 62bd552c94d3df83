//! What a boot shell does to its own machine: programs of the running system,
//! started and waited for. Nothing here touches a target.

use std::process::Command;

use super::effect::Duty;

/// Gives the console to the system's command interpreter until it ends.
///
/// # Errors
/// It cannot be started.
pub(super) fn command_prompt() -> std::io::Result<()> {
    let (variable, fallback) = if cfg!(windows) { ("COMSPEC", "cmd.exe") } else { ("SHELL", "/bin/sh") };
    let shell = std::env::var_os(variable).unwrap_or_else(|| fallback.into());
    println!("Type exit to come back to pemedic.");
    Command::new(shell).status().map(|_| ())
}

/// Does something to the machine; says what, or why not.
///
/// # Errors
/// What was tried and what came of it.
pub(super) fn perform(duty: &Duty) -> Result<&'static str, String> {
    let (program, arguments, said) = command(duty);
    let output = Command::new(program)
        .args(&arguments)
        .output()
        .map_err(|error| format!("{program} cannot be started: {error}"))?;
    if output.status.success() {
        return Ok(said);
    }
    let message = String::from_utf8_lossy(&output.stderr);
    Err(format!("{program} {} ended with {}: {}", arguments.join(" "), output.status, message.trim()))
}

/// `wpeutil` is Windows PE's own tool for this (Windows PE reference, "Wpeutil
/// command-line options"); ending the shell would restart a PE as well, but
/// without closing anything.
fn command(duty: &Duty) -> (&'static str, Vec<String>, &'static str) {
    let on_pe = cfg!(windows);
    match duty {
        Duty::Restart if on_pe => ("wpeutil", vec!["Reboot".to_owned()], "Restarting."),
        Duty::Restart => ("systemctl", vec!["reboot".to_owned()], "Restarting."),
        Duty::ShutDown if on_pe => ("wpeutil", vec!["Shutdown".to_owned()], "Switching off."),
        Duty::ShutDown => ("systemctl", vec!["poweroff".to_owned()], "Switching off."),
        Duty::Keyboard(layout) if on_pe => {
            let arguments = vec!["SetKeyboardLayout".to_owned(), layout.windows.to_owned()];
            ("wpeutil", arguments, "The keyboard layout counts for programs started from now on.")
        }
        Duty::Keyboard(layout) => ("loadkeys", vec![layout.linux.to_owned()], "The keyboard layout is set."),
    }
}

//! Text with parts that are taken from the target: `{SystemRoot}`,
//! `{registry:HKLM\…\MachineGuid}`, `{ask:new-key}`.

/// Text of a fix block with placeholders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(pub Vec<Piece>);

/// A part of a [`Template`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Literal text.
    Text(String),
    /// `{registry:KEY\VALUE}`: the text of a value; the last component is the
    /// value's name.
    Registry {
        /// Full key name.
        key: String,
        /// Value name.
        value: String,
    },
    /// `{SystemRoot}`: the Windows folder as Windows itself calls it (`C:\WINNT`).
    SystemRoot,
    /// `{SystemDrive}`: `C:`.
    SystemDrive,
    /// `{AllUsersProfile}`: the all-users profile folder (`C:\Documents and
    /// Settings\All Users`, `C:\ProgramData`).
    AllUsersProfile,
    /// `{ask:ID}`: the technician's answer to a question of the same fix.
    Ask(String),
}

//! What was understood, in short lines for people.

use super::{Role, Understanding};

impl Understanding {
    /// What was understood, for the screen: one line for each kind of thing.
    pub fn summary(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = |what: &str, things: Vec<String>| {
            if !things.is_empty() {
                lines.push(format!("{what}: {}", things.join(", ")));
            }
        };
        line("text", self.formats.iter().map(|format| format.name().to_owned()).collect());
        line("codes", self.codes.iter().map(|code| code_line(&code.code.text, code.role)).collect());
        line("events", self.events.iter().map(event_line).collect());
        line("services", self.services.iter().map(|service| service.name.clone()).collect());
        line("keys", self.keys.clone());
        line("drivers", self.drivers.clone());
        line("files", self.files.clone());
        line("Windows", self.releases.iter().map(ToString::to_string).collect());
        lines
    }
}

fn code_line(text: &str, role: Role) -> String {
    match role {
        Role::Stop => format!("stop {text}"),
        Role::Parameter => format!("{text} (parameter)"),
        Role::Reason | Role::Error => text.to_owned(),
    }
}

fn event_line(event: &super::PastedEvent) -> String {
    match &event.source {
        Some(source) => format!("{source} {}", event.id),
        None => event.id.to_string(),
    }
}

//! What the application itself asks and learns: targets, recovery, scans, and
//! whether a repair is at work.

use super::App;
use crate::session::{Outcome, ScanReport, TargetsReport};
use crate::tui::effect::{Answer, Effect, Report, Request};
use crate::tui::facts::{Facts, Scan, ScanState, Target, Tone};
use crate::tui::screens::Context;
use crate::tui::view::target_name;

impl App {
    /// Looks for installations; the chosen one is scanned when they are known.
    pub(super) fn look_for_targets(&mut self) {
        self.stop_scan();
        self.facts.looking = true;
        self.asked.targets = Some(self.ask(Request::Targets));
    }

    /// Works on another installation.
    pub(super) fn choose(&mut self, index: usize) {
        if index >= self.facts.targets.len() {
            return;
        }
        let changed = self.facts.chosen != index;
        self.facts.chosen = index;
        if let (true, Some(target)) = (changed, self.facts.target()) {
            let text = format!("Working on {}.", target_name(&target.summary));
            self.tell(Tone::Plain, &text);
            self.open_target();
        }
    }

    /// Takes in what is everyone's concern.
    pub(super) fn take_in(&mut self, report: &Report) {
        let mine = Some(report.ticket);
        if self.asked.targets == mine {
            self.asked.targets = None;
            self.targets_known(&report.answer);
        } else if self.asked.recovery == mine {
            self.recovered(&report.answer);
        } else if self.asked.scan == mine {
            self.scanned(&report.answer);
        } else if self.asked.repair == mine {
            self.repaired(&report.answer);
        }
    }

    /// A repair was asked for: nothing else is begun until it has ended.
    pub(super) fn repair_begins(&mut self) {
        let apply = self.effects.iter().find_map(|effect| match effect {
            Effect::Ask(ticket, Request::Apply { .. }) => Some(*ticket),
            _ => None,
        });
        if let Some(ticket) = apply {
            self.stop_scan();
            self.facts.busy = true;
            self.asked.repair = Some(ticket);
        }
    }

    fn ask(&mut self, request: Request) -> crate::tui::effect::Ticket {
        Context::new(&self.facts, &mut self.effects, &mut self.tickets).ask(request)
    }

    fn stop_scan(&mut self) {
        if let Some(ticket) = self.asked.scan.take() {
            self.effects.push(Effect::Cancel(ticket));
            if let Some(target) = self.facts.targets.get_mut(self.facts.chosen) {
                target.scan.state = ScanState::Cancelled;
            }
        }
    }

    fn targets_known(&mut self, answer: &Answer) {
        self.facts.looking = false;
        match answer {
            Answer::Targets(found) => self.take_targets(found),
            Answer::Failed(error) => {
                self.facts.target_problems = vec![error.to_string()];
                self.tell(Tone::Bad, &error.to_string());
            }
            _ => {}
        }
    }

    fn take_targets(&mut self, found: &TargetsReport) {
        let chosen = self.facts.target_folder();
        self.facts.targets = found.targets.iter().cloned().map(Target::new).collect();
        self.facts.target_problems.clone_from(&found.problems);
        let same = |target: &Target| Some(&target.summary.windows_folder) == chosen.as_ref();
        self.facts.chosen = self.facts.targets.iter().position(same).unwrap_or(0);
        for problem in &found.problems {
            self.facts.note(Tone::Bad, problem);
        }
        let names: Vec<String> = found.targets.iter().map(|found| target_name(&found.summary)).collect();
        match names.as_slice() {
            [] => self.facts.note(Tone::Bad, "No Windows was found."),
            names => self.facts.note(Tone::Plain, format!("Found {}.", names.join("; "))),
        }
        self.open_target();
    }

    /// First an interrupted repair is finished or rolled back, then the scan.
    fn open_target(&mut self) {
        self.stop_scan();
        if let Some(target) = self.facts.target_folder() {
            self.asked.recovery = Some(self.ask(Request::Recover { target }));
        }
    }

    fn recovered(&mut self, answer: &Answer) {
        match answer {
            Answer::Progress(_) => return,
            Answer::Recovered(notes) => {
                for note in notes {
                    let text = format!("Receipt {}: {} {}", note.receipt, note.found, note.done);
                    self.tell(Tone::Good, &text);
                }
            }
            Answer::Failed(error) => self.tell(Tone::Bad, &error.to_string()),
            _ => {}
        }
        self.asked.recovery = None;
        self.scan();
    }

    fn scan(&mut self) {
        let Some(target) = self.facts.target_folder() else { return };
        self.asked.scan = Some(self.ask(Request::Scan { target }));
        if let Some(target) = self.facts.targets.get_mut(self.facts.chosen) {
            let guards = std::mem::take(&mut target.scan.guards);
            target.scan = Scan { state: ScanState::Running(0, 0), guards, ..Scan::default() };
        }
    }

    fn scanned(&mut self, answer: &Answer) {
        let Some(target) = self.facts.targets.get_mut(self.facts.chosen) else { return };
        match answer {
            Answer::Progress(progress) => return target.scan.advance(progress),
            Answer::Scanned(report) => {
                target.scan.finish(report.clone());
                note_scan(&mut self.facts, report);
            }
            Answer::Failed(error) => {
                target.scan.state = ScanState::Failed(error.to_string());
                self.tell(Tone::Bad, &error.to_string());
            }
            _ => {}
        }
        self.asked.scan = None;
    }

    fn repaired(&mut self, answer: &Answer) {
        match answer {
            Answer::Progress(_) => return,
            Answer::Applied(report) => {
                let (tone, said) = match report.outcome {
                    Outcome::Applied => (Tone::Good, "Applied and verified"),
                    Outcome::NothingToDo => (Tone::Good, "Nothing to do"),
                    Outcome::Refused => (Tone::Bad, "Refused, nothing was written"),
                    Outcome::RolledBack => (Tone::Bad, "Failed and rolled back"),
                };
                let receipt =
                    report.receipt.as_ref().map(|name| format!(", receipt {name}")).unwrap_or_default();
                let failure = report.failure.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
                self.tell(tone, &format!("{said}{receipt}{failure}."));
            }
            Answer::Failed(error) => self.tell(Tone::Bad, &error.to_string()),
            _ => {}
        }
        self.facts.busy = false;
        self.asked.repair = None;
        self.scan();
    }
}

fn note_scan(facts: &mut Facts, report: &ScanReport) {
    let Some(target) = facts.target() else { return };
    let needed = target.scan.findings().len();
    let text = format!("Scanned {}: {needed} findings.", target_name(&report.target));
    facts.note(Tone::Plain, text);
    for result in &report.first_boot {
        let code = result.exit_code.map_or("has not run yet".to_owned(), |code| format!("ended with {code}"));
        facts.note(
            Tone::Plain,
            format!("First-boot command {:?} of {} {code}.", result.command, result.receipt),
        );
    }
}

//! Every screen at the three sizes that matter.

use pemedic::session::{Choices, GuardEffect, GuardFinding, Outcome, Progress, SessionError, Stage as Work};
use pemedic::tui::Key;
use pemedic::tui::app::App;
use pemedic::tui::effect::Answer;
use pemedic::tui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::style::Color;

use super::fixture;
use super::stage::Stage;

const SIZES: [(u16, u16); 3] = [(120, 40), (80, 25), (40, 15)];

/// Draws at every size what `walk` leads to.
fn at_every_size(name: &str, walk: impl Fn(&mut Stage)) {
    for (width, height) in SIZES {
        let mut stage = Stage::empty(width, height);
        walk(&mut stage);
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), stage.frame());
        for (colours, ascii) in [(false, false), (true, true), (false, true)] {
            let mut stage = Stage::with(App::new(Theme::new(colours, ascii), false), width, height);
            walk(&mut stage);
            assert_plain(&stage.buffer(), colours, ascii, &format!("{name} at {width}x{height}"));
        }
    }
}

/// Characters of the fixture's own texts, which are shown as they are.
const FOREIGN: &str = "日本語のキー–—’“”éäöü";

/// Without colours no cell has one; with ASCII marks only foreign texts have
/// other characters.
fn assert_plain(buffer: &Buffer, colours: bool, ascii: bool, place: &str) {
    for cell in buffer.content() {
        if !colours {
            let plain = (cell.fg, cell.bg) == (Color::Reset, Color::Reset);
            assert!(plain, "{place}: a coloured cell without colours: {cell:?}");
        }
        if ascii {
            let known = |c: char| c.is_ascii() || FOREIGN.contains(c);
            assert!(cell.symbol().chars().all(known), "{place}: {:?} with ASCII marks", cell.symbol());
        }
    }
}

fn scanned(stage: &mut Stage) {
    stage.answer(Answer::Targets(fixture::targets()));
    stage.answer(Answer::Recovered(Vec::new()));
    stage.answer(Answer::Scanned(fixture::scan()));
}

#[test]
fn home_before_anything_is_known() {
    at_every_size("home_empty", |_| {});
}

#[test]
fn home_while_scanning() {
    at_every_size("home_scanning", |stage| {
        stage.answer(Answer::Targets(fixture::targets()));
        stage.answer(Answer::Recovered(Vec::new()));
        for (fix, step) in fixture::fixes().into_iter().take(4).zip(1..) {
            stage.progress(Progress::probed(fix, step, 69));
        }
    });
}

#[test]
fn home_with_results() {
    at_every_size("home_results", |stage| {
        scanned(stage);
        stage.type_text("-2147023651");
        stage.answer(Answer::Found(fixture::found()));
    });
}

#[test]
fn home_with_findings_focused() {
    at_every_size("home_findings", |stage| {
        scanned(stage);
        stage.key(Key::Tab);
        stage.key(Key::Down);
    });
}

#[test]
fn targets() {
    at_every_size("targets", |stage| {
        scanned(stage);
        stage.key(Key::Function(2));
    });
}

#[test]
fn help() {
    at_every_size("help", |stage| {
        scanned(stage);
        stage.key(Key::Function(1));
    });
}

#[test]
fn log() {
    at_every_size("log", |stage| {
        scanned(stage);
        stage.key(Key::Function(7));
    });
}

#[test]
fn code() {
    at_every_size("code", |stage| {
        scanned(stage);
        stage.key(Key::Function(3));
        stage.type_text("-2147023651");
        let explained = fixture::explained();
        stage.answer(Answer::Explained(explained));
    });
}

#[test]
fn stop_the_scan() {
    let mut stage = Stage::empty(80, 25);
    stage.answer(Answer::Targets(fixture::targets()));
    stage.answer(Answer::Recovered(Vec::new()));
    stage.progress(Progress::new(Work::Probing, "kb910341", 1, 9));
    stage.key(Key::Ctrl('x'));
    assert!(stage.frame().contains("The scan stops"));
}

/// At the preview of the XP fix.
fn preview(stage: &mut Stage) {
    scanned(stage);
    stage.keys(&[Key::Tab, Key::Enter]);
    stage.answer(Answer::Planned(Box::new(fixture::plan(vec![fixture::senslogn()]))));
}

/// Written and verified, with the receipt's checklist.
fn applied(stage: &mut Stage) {
    preview(stage);
    stage.keys(&[Key::Enter, Key::Down, Key::Enter]);
    stage.answer(Answer::Applied(Box::new(fixture::applied(vec![fixture::senslogn()]))));
    stage.answer_history(fixture::history());
}

#[test]
fn article() {
    at_every_size("article", |stage| {
        scanned(stage);
        stage.type_text("-2147023651");
        stage.answer(Answer::Found(fixture::found()));
        stage.key(Key::Enter);
        stage.answer(Answer::Article(Box::new(fixture::article())));
    });
}

#[test]
fn article_whole_at_its_end() {
    at_every_size("article_whole", |stage| {
        scanned(stage);
        stage.type_text("-2147023651");
        stage.answer(Answer::Found(fixture::found()));
        stage.key(Key::Enter);
        stage.answer(Answer::Article(Box::new(fixture::article())));
        stage.keys(&[Key::Char('o'), Key::End, Key::Tab]);
    });
}

#[test]
fn article_with_a_search() {
    at_every_size("article_find", |stage| {
        scanned(stage);
        stage.type_text("-2147023651");
        stage.answer(Answer::Found(fixture::found()));
        stage.key(Key::Enter);
        stage.answer(Answer::Article(Box::new(fixture::article())));
        stage.key(Key::Char('/'));
        stage.type_text("windows");
        stage.keys(&[Key::Enter, Key::Char('n')]);
    });
}

#[test]
fn repair_choices() {
    at_every_size("repair_choose", |stage| {
        scanned(stage);
        stage.keys(&[Key::Tab, Key::Down, Key::Enter]);
        stage.answer(Answer::Planned(Box::new(fixture::plan(vec![fixture::machine_keys()]))));
    });
}

#[test]
fn repair_preview() {
    at_every_size("repair_preview", preview);
}

#[test]
fn repair_refused_by_a_guard() {
    at_every_size("repair_refused", |stage| {
        scanned(stage);
        stage.keys(&[Key::Tab, Key::Enter]);
        let mut plan = fixture::plan(vec![fixture::senslogn()]);
        plan.guards = vec![GuardFinding {
            id: "hibernated".to_owned(),
            effect: GuardEffect::Refuses,
            saw: "hiberfil.sys holds a sleeping Windows.".to_owned(),
            why: "What is written now is overwritten when it wakes up.".to_owned(),
            next: "Start Windows and shut it down with shutdown /s /t 0, or delete hiberfil.sys.".to_owned(),
        }];
        stage.answer(Answer::Planned(Box::new(plan)));
    });
}

#[test]
fn repair_confirm() {
    at_every_size("repair_confirm", |stage| {
        preview(stage);
        stage.keys(&[Key::Enter, Key::Down]);
    });
}

#[test]
fn repair_confirm_by_a_word() {
    at_every_size("repair_confirm_risky", |stage| {
        scanned(stage);
        stage.keys(&[Key::Tab, Key::Down, Key::Enter]);
        let mut fix = fixture::machine_keys();
        stage.answer(Answer::Planned(Box::new(fixture::plan(vec![fix.clone()]))));
        stage.key(Key::Enter);
        fix.questions[0].chosen = fix.questions[0].proposed.clone();
        stage.answer(Answer::Planned(Box::new(fixture::plan(vec![fix]))));
        stage.key(Key::Enter);
        stage.type_text("app");
    });
}

#[test]
fn repair_at_work() {
    at_every_size("repair_write", |stage| {
        preview(stage);
        stage.keys(&[Key::Enter, Key::Down, Key::Enter]);
        for (work, subject) in [
            (Work::Guarding, "hibernation"),
            (Work::Receipt, "20260114-030712-kb910341"),
            (Work::Writing, "SOFTWARE"),
        ] {
            stage.progress(Progress::new(work, subject, 1, 2));
        }
    });
}

#[test]
fn repair_result() {
    at_every_size("repair_result", |stage| {
        applied(stage);
        stage.key(Key::Char(' '));
        stage.answer(Answer::Ticked);
    });
}

#[test]
fn repair_rolled_back() {
    at_every_size("repair_rolled_back", |stage| {
        preview(stage);
        stage.keys(&[Key::Enter, Key::Down, Key::Enter]);
        let mut report = fixture::applied(vec![fixture::senslogn()]);
        report.outcome = Outcome::RolledBack;
        report.verified = vec!["Every file has its old content again.".to_owned()];
        report.failure = Some("The disk is full: SOFTWARE needs 37,748,736 bytes beside itself.".to_owned());
        stage.answer(Answer::Applied(Box::new(report)));
    });
}

#[test]
fn repair_impossible() {
    at_every_size("repair_impossible", |stage| {
        scanned(stage);
        stage.keys(&[Key::Tab, Key::Enter]);
        let error = SessionError::refused(
            "/mnt/c/WINDOWS/system32/config/software is damaged at 0x1040: a cell has no size",
        );
        stage.fail(error.next("Restore the hive from System32\\config\\RegBack, or check the disk first."));
    });
}

#[test]
fn history() {
    at_every_size("history", |stage| {
        scanned(stage);
        stage.key(Key::Function(4));
        stage.answer(Answer::History(fixture::history()));
    });
}

#[test]
fn receipt() {
    at_every_size("receipt", |stage| {
        scanned(stage);
        stage.key(Key::Function(4));
        stage.answer(Answer::History(fixture::history()));
        stage.key(Key::Enter);
    });
}

#[test]
fn registry() {
    at_every_size("registry", |stage| {
        scanned(stage);
        stage.key(Key::Function(6));
        stage.answer(Answer::Hives(fixture::hives()));
        stage.key(Key::Enter);
        stage.answer(Answer::Key(vec![fixture::key()]));
        stage.keys(&[Key::Tab, Key::Down]);
    });
}

#[test]
fn registry_value() {
    at_every_size("registry_value", |stage| {
        scanned(stage);
        stage.key(Key::Function(6));
        stage.answer(Answer::Hives(fixture::hives()));
        stage.key(Key::Enter);
        stage.answer(Answer::Key(vec![fixture::key()]));
        stage.keys(&[Key::Tab, Key::End, Key::Enter]);
    });
}

#[test]
fn machine() {
    for (width, height) in SIZES {
        let mut stage = Stage::shell(width, height);
        scanned(&mut stage);
        stage.keys(&[Key::Esc, Key::Down]);
        insta::assert_snapshot!(format!("machine_{width}x{height}"), stage.frame());
        stage.keys(&[Key::Down, Key::Enter]);
        insta::assert_snapshot!(format!("keyboard_{width}x{height}"), stage.frame());
    }
}

#[test]
fn leaving() {
    at_every_size("leave", |stage| {
        scanned(stage);
        stage.key(Key::Esc);
    });
}

#[test]
fn the_choice_goes_into_the_next_plan() {
    let mut stage = Stage::scanned(80, 25);
    stage.keys(&[Key::Tab, Key::Down, Key::Enter]);
    stage.answer(Answer::Planned(Box::new(fixture::plan(vec![fixture::machine_keys()]))));
    stage.keys(&[Key::Down, Key::Enter]);
    let mut expected = Choices::default();
    expected.set(
        "kb884872/machine-keys:new-key",
        "c2319c42033a5ca7f44e731bfd3fa2b5_7b1d3c55-2a2b-4c3d-8e9f-001122334455",
    );
    assert!(
        matches!(stage.asked().1, pemedic::tui::effect::Request::Plan { choices, .. } if *choices == expected)
    );
}

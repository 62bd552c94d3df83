//! Draws the pictures of the README: `cargo run --example frames`.
//!
//! Each picture is a frame of the real interface of 80x25, working on the
//! demo's Windows XP, written as SVG into `docs/screens`.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use pemedic::session::{Options, Session};
use pemedic::tui::app::App;
use pemedic::tui::effect::Effect;
use pemedic::tui::theme::Theme;
use pemedic::tui::worker::Worker;
use pemedic::tui::{Input, Key};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

const COLUMNS: u16 = 80;
const ROWS: u16 = 25;
/// A cell in pixels.
const WIDTH: u16 = 9;
const HEIGHT: u16 = 18;
/// From a cell's top to its base line.
const BASE: u16 = 14;
/// A console's own colours where nothing else is asked for.
const INK: &str = "#cccccc";
const PAPER: &str = "#0c0c0c";

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let session = Session::open(Options::default());
    let built = session.build_demo(folder.path())?;
    let xp = built.iter().find(|one| one.article == "kb910341").ok_or("the demo has no Windows XP")?;
    let screens = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/screens");

    let mut desk = Desk::open(&session.with_roots(std::slice::from_ref(&xp.folder)));
    desk.input(Input::Paste(xp.said.clone()));
    desk.write(&screens.join("home.svg"))?;
    desk.input(Input::Key(Key::Enter));
    desk.write(&screens.join("article.svg"))?;
    desk.input(Input::Key(Key::Char('r')));
    desk.write(&screens.join("preview.svg"))?;
    desk.input(Input::Key(Key::Enter));
    desk.write(&screens.join("confirm.svg"))?;
    Ok(())
}

/// The interface with its worker.
struct Desk {
    app: App,
    worker: Worker,
}

impl Desk {
    fn open(session: &Session) -> Self {
        let mut app = App::new(Theme::new(true, false), false);
        let effects = app.begin();
        let mut desk = Self { app, worker: Worker::start(session) };
        desk.perform(effects);
        desk
    }

    /// Carries effects out and waits for their answers.
    fn perform(&mut self, effects: Vec<Effect>) {
        let mut waiting = effects;
        loop {
            for effect in waiting.drain(..) {
                if let Effect::Ask(ticket, request) = effect {
                    self.worker.ask(ticket, request);
                }
            }
            if !self.worker.is_busy() {
                return;
            }
            match self.worker.answer() {
                Some(report) => waiting = self.app.on_report(&report),
                None => thread::sleep(Duration::from_millis(1)),
            }
        }
    }

    fn input(&mut self, input: Input) {
        let effects = self.app.on_input(input);
        self.perform(effects);
    }

    fn write(&mut self, file: &Path) -> Result<(), Box<dyn Error>> {
        let mut terminal = Terminal::new(TestBackend::new(COLUMNS, ROWS))?;
        // The first frame fits a screen, the second shows it as it then is.
        terminal.draw(|frame| self.app.draw(frame))?;
        terminal.draw(|frame| self.app.draw(frame))?;
        fs::write(file, picture(terminal.backend().buffer())?)?;
        Ok(())
    }
}

fn picture(buffer: &Buffer) -> Result<String, std::fmt::Error> {
    let (width, height) = (COLUMNS * WIDTH, ROWS * HEIGHT);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         font-family=\"Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"15\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"{PAPER}\"/>\n"
    );
    for row in 0..ROWS {
        let mut column = 0;
        while column < COLUMNS {
            let first = &buffer[(column, row)];
            let mut text = String::new();
            let begin = column;
            while column < COLUMNS && looks_like(&buffer[(column, row)], first) {
                text.push_str(buffer[(column, row)].symbol());
                column += 1;
            }
            run(&mut svg, (begin, row, column - begin), first, &text)?;
        }
    }
    svg.push_str("</svg>\n");
    Ok(svg)
}

fn looks_like(cell: &Cell, other: &Cell) -> bool {
    (cell.fg, cell.bg, cell.modifier) == (other.fg, other.bg, other.modifier)
}

/// Cells of one look: their ground, where it is not the console's, and text.
fn run(svg: &mut String, place: (u16, u16, u16), cell: &Cell, text: &str) -> std::fmt::Result {
    let (column, row, length) = place;
    let (x, y) = (column * WIDTH, row * HEIGHT);
    let (mut ink, mut paper) = (colour(cell.fg, INK), colour(cell.bg, PAPER));
    if cell.modifier.contains(Modifier::REVERSED) {
        (ink, paper) = (paper, ink);
    }
    if paper != PAPER {
        let width = length * WIDTH;
        writeln!(svg, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{HEIGHT}\" fill=\"{paper}\"/>")?;
    }
    let shown = text.trim_end();
    if shown.is_empty() {
        return Ok(());
    }
    let weight = if cell.modifier.contains(Modifier::BOLD) { " font-weight=\"bold\"" } else { "" };
    let long = pemedic::tui::text::width(shown) * usize::from(WIDTH);
    let (base, shown) = (y + BASE, shown.replace('&', "&amp;").replace('<', "&lt;"));
    writeln!(
        svg,
        "<text x=\"{x}\" y=\"{base}\" fill=\"{ink}\"{weight} textLength=\"{long}\" xml:space=\"preserve\">{shown}</text>"
    )
}

/// The sixteen colours as the console of Windows 10 shows them.
fn colour(colour: Color, otherwise: &'static str) -> &'static str {
    match colour {
        Color::Black => "#0c0c0c",
        Color::Red => "#c50f1f",
        Color::Green => "#13a10e",
        Color::Yellow => "#c19c00",
        Color::Blue => "#0037da",
        Color::Magenta => "#881798",
        Color::Cyan => "#3a96dd",
        Color::Gray => "#cccccc",
        Color::DarkGray => "#767676",
        Color::LightRed => "#e74856",
        Color::LightGreen => "#16c60c",
        Color::LightYellow => "#f9f1a5",
        Color::LightBlue => "#3b78ff",
        Color::LightMagenta => "#b4009e",
        Color::LightCyan => "#61d6d6",
        Color::White => "#f2f2f2",
        _ => otherwise,
    }
}

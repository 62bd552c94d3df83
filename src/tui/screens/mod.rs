//! The screens. Each is plain state: keys change it, answers fill it, drawing
//! reads it. None does input or output; what one wants done it asks for through
//! its [`Context`].

mod article;
mod checklist;
mod code;
mod confirmed;
mod help;
mod history;
mod home;
mod keyboard;
mod log;
mod machine;
mod receipt;
mod registry;
mod repair;
mod sure;
mod targets;

use ratatui::layout::Rect;

use super::effect::{Effect, Report, Request, Ticket};
use super::facts::{Facts, Tone};
use super::keys::{Kind, Message};
use super::text::TextField;
use super::theme::Theme;
use super::view::Canvas;

pub use article::ArticleScreen;
pub use code::CodeScreen;
pub use confirmed::Confirmed;
pub use help::HelpScreen;
pub use history::HistoryScreen;
pub use home::HomeScreen;
pub use keyboard::KeyboardScreen;
pub use log::LogScreen;
pub use machine::MachineScreen;
pub use receipt::ReceiptScreen;
pub use registry::RegistryScreen;
pub use repair::RepairScreen;
pub use sure::SureScreen;
pub use targets::TargetsScreen;

/// Every screen there is.
#[derive(Clone, Debug)]
pub enum Screen {
    /// Targets, findings, search.
    Home(HomeScreen),
    /// An article.
    Article(ArticleScreen),
    /// The guided repair.
    Repair(RepairScreen),
    /// The installations.
    Targets(TargetsScreen),
    /// The receipts.
    History(HistoryScreen),
    /// One receipt.
    Receipt(ReceiptScreen),
    /// The target's registry.
    Registry(RegistryScreen),
    /// Every reading of a code.
    Code(CodeScreen),
    /// What happened in this run.
    Log(LogScreen),
    /// Every key.
    Help(HelpScreen),
    /// What can be done with the machine.
    Machine(MachineScreen),
    /// Keyboard layouts.
    Keyboard(KeyboardScreen),
    /// A question before something that cannot be taken back.
    Sure(SureScreen),
}

impl Screen {
    /// What is common to all screens.
    pub fn page(&self) -> &dyn Page {
        match self {
            Self::Home(screen) => screen,
            Self::Article(screen) => screen,
            Self::Repair(screen) => screen,
            Self::Targets(screen) => screen,
            Self::History(screen) => screen,
            Self::Receipt(screen) => screen,
            Self::Registry(screen) => screen,
            Self::Code(screen) => screen,
            Self::Log(screen) => screen,
            Self::Help(screen) => screen,
            Self::Machine(screen) => screen,
            Self::Keyboard(screen) => screen,
            Self::Sure(screen) => screen,
        }
    }

    /// The same, to be changed.
    pub fn page_mut(&mut self) -> &mut dyn Page {
        match self {
            Self::Home(screen) => screen,
            Self::Article(screen) => screen,
            Self::Repair(screen) => screen,
            Self::Targets(screen) => screen,
            Self::History(screen) => screen,
            Self::Receipt(screen) => screen,
            Self::Registry(screen) => screen,
            Self::Code(screen) => screen,
            Self::Log(screen) => screen,
            Self::Help(screen) => screen,
            Self::Machine(screen) => screen,
            Self::Keyboard(screen) => screen,
            Self::Sure(screen) => screen,
        }
    }
}

/// Where to go after a key or an answer.
#[derive(Clone, Debug, Default)]
pub enum Action {
    /// Nowhere.
    #[default]
    Stay,
    /// To a new screen on top of this one.
    Open(Box<Screen>),
    /// To another screen instead of this one.
    Replace(Box<Screen>),
    /// Back to the screen below.
    Close,
    /// Back to the first screen.
    Home,
    /// Work on another installation (and go back to the first screen).
    Choose(usize),
    /// Close this screen and do there what a key would do.
    Press(Message),
}

impl Action {
    /// To a new screen.
    pub fn open(screen: Screen) -> Self {
        Self::Open(Box::new(screen))
    }
}

/// What a screen may use while it changes.
pub struct Context<'a> {
    /// What is known.
    pub facts: &'a Facts,
    /// What to say in the line above the keys.
    pub said: Option<(Tone, String)>,
    effects: &'a mut Vec<Effect>,
    tickets: &'a mut u64,
}

impl<'a> Context<'a> {
    /// A context that collects into `effects`.
    pub fn new(facts: &'a Facts, effects: &'a mut Vec<Effect>, tickets: &'a mut u64) -> Self {
        Self { facts, said: None, effects, tickets }
    }

    /// Asks the session; the answer comes with the ticket.
    pub fn ask(&mut self, request: Request) -> Ticket {
        *self.tickets += 1;
        let ticket = Ticket(*self.tickets);
        self.effects.push(Effect::Ask(ticket, request));
        ticket
    }

    /// Wants something done.
    pub fn want(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// Says something in the line above the keys.
    pub fn say(&mut self, tone: Tone, text: impl Into<String>) {
        self.said = Some((tone, text.into()));
    }
}

/// What every screen can do.
pub trait Page {
    /// Which screen this is, for the table of keys.
    fn kind(&self) -> Kind;

    /// What stands in the title.
    fn title(&self, facts: &Facts) -> String;

    /// What the screen is and what can be done next, in one sentence.
    fn purpose(&self, facts: &Facts) -> String;

    /// Whether a message means something now. Asked for every key: what is not
    /// offered is neither shown nor done.
    fn offers(&self, message: Message, facts: &Facts) -> bool;

    /// What a message is called in the present state, where that is not what
    /// the table of keys calls it.
    fn label(&self, message: Message) -> Option<&'static str> {
        let _ = message;
        None
    }

    /// Does what a message says. Only offered messages come.
    fn update(&mut self, message: Message, context: &mut Context<'_>) -> Action;

    /// The text that is being edited, if one is.
    fn field(&mut self) -> Option<&mut TextField> {
        None
    }

    /// The text changed; `pasted` where it came in one piece.
    fn edited(&mut self, pasted: bool, context: &mut Context<'_>) -> Action {
        let _ = (pasted, context);
        Action::Stay
    }

    /// An answer of the session, to whomever; the ticket tells.
    fn answered(&mut self, report: &Report, context: &mut Context<'_>) -> Action {
        let _ = (report, context);
        Action::Stay
    }

    /// Fits what is scrolled or wrapped to the place there is. Comes before
    /// every frame.
    fn fit(&mut self, area: Rect, facts: &Facts, theme: &Theme);

    /// Draws.
    fn draw(&self, area: Rect, facts: &Facts, canvas: &mut Canvas<'_>);
}

//! An article to read: its text, folded to what is for the target, and its
//! fixes with their state there.

mod find;
mod fixes;
mod text;

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{Action, Context, Page, RepairScreen, Screen};
use crate::session::{Article, SessionError};
use crate::tui::effect::{Answer, Report, Request, Ticket};
use crate::tui::facts::{Facts, Tone};
use crate::tui::keys::{Kind, Message};
use crate::tui::text::{TextField, clean};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::{Canvas, field_line};

use find::Find;
use fixes::{FixList, Row};
use text::ArticleText;

/// An article.
#[derive(Clone, Debug)]
pub struct ArticleScreen {
    name: String,
    asked: Option<Ticket>,
    failure: Option<SessionError>,
    article: Option<Box<Article>>,
    text: ArticleText,
    fixes: FixList,
    on_fixes: bool,
    find: Find,
}

impl ArticleScreen {
    /// Asks for an article by id or alias.
    pub fn new(name: &str, context: &mut Context<'_>) -> Self {
        let asked = context.ask(Request::Article { name: name.to_owned() });
        Self {
            name: name.to_owned(),
            asked: Some(asked),
            failure: None,
            article: None,
            text: ArticleText::default(),
            fixes: FixList::default(),
            on_fixes: false,
            find: Find::default(),
        }
    }

    /// The same article from its beginning, for another target.
    pub(crate) fn again(&self, context: &mut Context<'_>) -> Self {
        Self::new(&self.name, context)
    }

    /// The fixes that `r` repairs: those marked, else the selected one, else
    /// all of the article that are needed here.
    fn chosen_fixes(&self, facts: &Facts) -> Vec<String> {
        let marked = self.fixes.marked();
        if !marked.is_empty() {
            return marked;
        }
        match self.fixes.selected(facts) {
            Some(Row::Fix { id, .. }) if self.on_fixes => vec![id],
            _ => vec![self.name.clone()],
        }
    }

    fn repair(&self, context: &mut Context<'_>) -> Action {
        let fixes = self.chosen_fixes(context.facts);
        Action::open(Screen::Repair(RepairScreen::new(fixes, context)))
    }

    fn open(&mut self, context: &mut Context<'_>) -> Action {
        if self.find.is_typing() {
            self.text.unfold_all();
            self.find.begin();
            return Action::Stay;
        }
        match self.fixes.selected(context.facts) {
            Some(Row::Article { id, .. }) => Action::open(Screen::Article(Self::new(&id, context))),
            Some(Row::Fix { .. }) => self.repair(context),
            None => Action::Stay,
        }
    }

    fn arrived(&mut self, article: &Article, facts: &Facts) {
        self.name.clone_from(&article.id);
        self.text = ArticleText::new(article, facts);
        self.fixes = FixList::new(article);
        self.article = Some(Box::new(article.clone()));
    }

    fn moved(&mut self, message: Message, facts: &Facts) {
        if self.on_fixes && matches!(message, Message::Up | Message::Down) {
            self.fixes.moved(message, facts);
        } else {
            self.text.scroll.moved(message);
        }
    }

    fn back(&mut self) -> Action {
        if self.find.leave() {
            return Action::Stay;
        }
        Action::Close
    }
}

impl Page for ArticleScreen {
    fn kind(&self) -> Kind {
        Kind::Article
    }

    fn title(&self, _: &Facts) -> String {
        self.name.clone()
    }

    fn purpose(&self, _: &Facts) -> String {
        if self.find.is_typing() {
            "Type what to find in this article and press Enter."
        } else if self.on_fixes {
            "Enter shows what the selected fix would change. Space marks several."
        } else {
            "What it is and what helps. r shows what the repair would change."
        }
        .to_owned()
    }

    fn offers(&self, message: Message, facts: &Facts) -> bool {
        let typing = self.find.is_typing();
        let target = facts.target().is_some() && !facts.busy;
        match message {
            Message::Open if typing => true,
            _ if self.article.is_none() => !is_own(message),
            Message::Open => match self.fixes.selected(facts) {
                Some(Row::Fix { .. }) => self.on_fixes && target,
                Some(Row::Article { .. }) => self.on_fixes,
                None => false,
            },
            Message::Repair => !typing && target && self.fixes.has_fixes(),
            Message::Mark => !typing && self.on_fixes && self.fixes.is_fix(facts),
            Message::NextPart | Message::PreviousPart => !typing && !self.fixes.is_empty(),
            Message::Fold => !typing && !self.on_fixes && self.text.section_in_sight().is_some(),
            Message::FoldAll => !typing && self.text.has_folded_or_could(),
            Message::FindNext | Message::FindPrevious => self.find.has_matches(),
            Message::Find => !typing,
            _ => true,
        }
    }

    fn label(&self, message: Message) -> Option<&'static str> {
        match message {
            Message::Open if self.find.is_typing() => Some("Find"),
            Message::Open => Some("Preview"),
            Message::FoldAll if self.text.is_whole() => Some("Only for here"),
            _ => None,
        }
    }

    fn update(&mut self, message: Message, context: &mut Context<'_>) -> Action {
        match message {
            Message::Back => return self.back(),
            Message::Open => return self.open(context),
            Message::Repair => return self.repair(context),
            Message::Mark => self.fixes.mark(context.facts),
            Message::NextPart | Message::PreviousPart => self.on_fixes = !self.on_fixes,
            Message::Fold => self.text.fold_in_sight(),
            Message::FoldAll => self.text.fold_all(context.facts),
            Message::Find => self.find.type_anew(),
            Message::FindNext => self.find.turn(true),
            Message::FindPrevious => self.find.turn(false),
            message => self.moved(message, context.facts),
        }
        Action::Stay
    }

    fn field(&mut self) -> Option<&mut TextField> {
        self.find.field()
    }

    fn answered(&mut self, report: &Report, context: &mut Context<'_>) -> Action {
        if self.asked == Some(report.ticket) {
            match &report.answer {
                Answer::Article(article) => self.arrived(article, context.facts),
                Answer::Failed(error) => {
                    context.say(Tone::Bad, error.to_string());
                    self.failure = Some(error.clone());
                }
                _ => {}
            }
        }
        Action::Stay
    }

    fn fit(&mut self, area: Rect, facts: &Facts, theme: &Theme) {
        let (text, list) = self.split(area, facts);
        if let Some(article) = &self.article {
            self.text.fit(text, article, facts, theme);
        }
        if let Some(line) = self.find.fit(&self.text.lines, self.text.scroll.top) {
            self.text.scroll.show(line);
        }
        self.fixes.fit(usize::from(list.height.saturating_sub(1)), facts);
    }

    fn draw(&self, area: Rect, facts: &Facts, canvas: &mut Canvas<'_>) {
        let (text, list) = self.split(area, facts);
        match (&self.article, &self.failure) {
            (None, None) => canvas.text(text, 0, Role::Faint, "   opening..."),
            (None, Some(error)) => canvas.text(text, 0, Role::Bad, &format!(" ! {}", clean(&error.message))),
            (Some(_), _) => {
                let lines = self.find.marked(&self.text.lines, self.text.scroll.visible(), canvas.theme);
                let lines: Vec<Line<'static>> = lines;
                self.draw_text(text, &lines, canvas);
            }
        }
        self.draw_fixes(list, facts, canvas);
    }
}

impl ArticleScreen {
    fn draw_text(&self, area: Rect, visible: &[Line<'static>], canvas: &mut Canvas<'_>) {
        for (row, line) in (0..area.height).zip(visible) {
            canvas.line(area, row, line);
        }
        canvas.lines(area, &[], &self.text.scroll);
        if let Some((field, found)) = self.find.shown() {
            let bottom = Rect { y: area.bottom().saturating_sub(1), height: area.height.min(1), ..area };
            let line = match field {
                Some(field) => field_line(" Find: ", field, true, bottom.width, canvas.theme),
                None => Line::from(canvas.span(Role::Match, format!(" {found} "))),
            };
            canvas.line(bottom, 0, &line);
        }
    }

    fn draw_fixes(&self, area: Rect, facts: &Facts, canvas: &mut Canvas<'_>) {
        if area.height == 0 || area.width == 0 {
            return;
        }
        let heading = if self.fixes.has_fixes() { " Fixes" } else { " See also" };
        let right = facts.target().map_or_else(String::new, |_| self.fixes.summary(facts));
        canvas.heading(area, 0, self.on_fixes, heading, &right);
        let below = Rect { y: area.y + 1, height: area.height - 1, ..area };
        self.fixes.draw(below, self.on_fixes, facts, canvas);
    }

    /// The fixes stand beside the text where there is place, else below it.
    fn split(&self, area: Rect, facts: &Facts) -> (Rect, Rect) {
        let rows = u16::try_from(self.fixes.len(facts)).unwrap_or(u16::MAX).saturating_add(1);
        if self.fixes.is_empty() {
            return (area, Rect { height: 0, ..area });
        }
        if area.width >= 110 {
            let list = 46;
            let text = Rect { width: area.width - list - 2, ..area };
            return (text, Rect { x: area.right() - list, width: list, ..area });
        }
        let list = rows.min((area.height / 3).max(3)).min(area.height);
        let gap = u16::from(area.height >= 14);
        let text = area.height.saturating_sub(list + gap);
        (Rect { height: text, ..area }, Rect { y: area.bottom() - list, height: list, ..area })
    }
}

/// Messages that need an article.
fn is_own(message: Message) -> bool {
    matches!(
        message,
        Message::Open
            | Message::Repair
            | Message::Mark
            | Message::NextPart
            | Message::PreviousPart
            | Message::Fold
            | Message::FoldAll
            | Message::Find
            | Message::FindNext
            | Message::FindPrevious
    )
}

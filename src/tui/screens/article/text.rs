//! The text of an article, folded to what is for the target.

use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::session::{Article, Block, FixPlan, Section, Status, blocks, section_is_for, sections};
use crate::tui::facts::Facts;
use crate::tui::text::clean;
use crate::tui::theme::{Role, Theme};
use crate::tui::view::document::DocumentWriter;
use crate::tui::view::{Scroll, plural};

/// The text.
#[derive(Clone, Debug, Default)]
pub(super) struct ArticleText {
    blocks: Vec<Block>,
    sections: Vec<Section>,
    /// For each section: shown as its heading only.
    folded: Vec<bool>,
    /// Whether examples and the text of fix blocks are shown.
    whole: bool,
    /// The lines for the present width and folds.
    pub(super) lines: Vec<Line<'static>>,
    /// Section headings by line.
    headings: Vec<(usize, usize)>,
    made_for: Option<(u16, usize)>,
    pub(super) scroll: Scroll,
}

/// What stands behind the opening fence of a fix (design contract, "Articles").
const FIX: &str = "toml fix";

impl ArticleText {
    pub(super) fn new(article: &Article, facts: &Facts) -> Self {
        let blocks = blocks(&article.body);
        let sections = sections(&blocks);
        let folded = vec![false; sections.len()];
        let mut text = Self { blocks, sections, folded, ..Self::default() };
        text.fold_for(facts);
        text
    }

    /// Folds what is for other releases than the target's.
    fn fold_for(&mut self, facts: &Facts) {
        self.whole = false;
        for (section, folded) in self.sections.iter().zip(&mut self.folded) {
            *folded = facts.target().is_some_and(|target| !section_is_for(&section.title, &target.summary));
        }
        self.made_for = None;
    }

    pub(super) fn unfold_all(&mut self) {
        self.folded.fill(false);
        self.made_for = None;
    }

    /// Shows everything, or only what is for the target again.
    pub(super) fn fold_all(&mut self, facts: &Facts) {
        if self.whole {
            self.fold_for(facts);
        } else {
            self.whole = true;
            self.unfold_all();
        }
    }

    /// Whether everything is shown.
    pub(super) fn is_whole(&self) -> bool {
        self.whole
    }

    /// Whether anything is or can be folded away.
    pub(super) fn has_folded_or_could(&self) -> bool {
        self.whole || self.folded.contains(&true) || self.blocks.iter().any(is_hidden)
    }

    /// The section whose heading stands at the top, or next below it.
    pub(super) fn section_in_sight(&self) -> Option<usize> {
        let visible = self.scroll.visible();
        let below = self.headings.iter().find(|(line, _)| visible.contains(line));
        let above = self.headings.iter().rev().find(|(line, _)| *line <= visible.start);
        above.filter(|(line, _)| *line == visible.start).or(below).or(above).map(|(_, section)| *section)
    }

    pub(super) fn fold_in_sight(&mut self) {
        if let Some(section) = self.section_in_sight()
            && let Some(folded) = self.folded.get_mut(section)
        {
            *folded = !*folded;
            self.made_for = None;
        }
    }

    pub(super) fn fit(&mut self, area: Rect, article: &Article, facts: &Facts, theme: &Theme) {
        let known = facts.target().map_or(0, |target| target.scan.fixes.len());
        if self.made_for != Some((area.width, known)) {
            self.made_for = Some((area.width, known));
            self.write(usize::from(area.width).saturating_sub(1), article, facts, theme);
        }
        self.scroll.fit(self.lines.len(), usize::from(area.height));
    }

    fn write(&mut self, columns: usize, article: &Article, facts: &Facts, theme: &Theme) {
        let mut writer = DocumentWriter::new(columns, theme);
        writer.text(Role::Heading, &article.title, 1);
        if !article.products.is_empty() {
            writer.text(Role::Faint, &article.products.join(", "), 1);
        }
        self.headings.clear();
        let mut at = 0;
        while let Some(block) = self.blocks.get(at) {
            let section = self.sections.iter().position(|section| section.blocks.start == at);
            if let Some(section) = section {
                self.headings.push((writer.lines.len() + 1, section));
                if self.folded[section] {
                    at = self.write_folded(section, &mut writer, theme);
                    continue;
                }
            }
            self.write_block(block, article, facts, &mut writer);
            at += 1;
        }
        if !article.references.is_empty() {
            writer.lines.push(Line::default());
            writer.text(Role::Heading, "Sources", 1);
        }
        for reference in &article.references {
            let url = reference.url.as_ref().map(|url| format!(" <{url}>")).unwrap_or_default();
            writer.text(Role::Plain, &format!("{}{url}", reference.title), 1);
        }
        writer.references();
        self.lines = writer.lines;
    }

    /// One line for a folded section; returns the block behind it.
    fn write_folded(&self, section: usize, writer: &mut DocumentWriter<'_>, theme: &Theme) -> usize {
        let section = &self.sections[section];
        let hidden = section.blocks.len().saturating_sub(1);
        writer.lines.push(Line::default());
        writer.lines.push(Line::from(vec![
            theme.span(Role::Key, " + "),
            theme.span(Role::Strong, clean(&section.title)),
            theme.span(Role::Faint, format!("  ({} folded)", plural(hidden, "part"))),
        ]));
        section.blocks.end
    }

    fn write_block(&self, block: &Block, article: &Article, facts: &Facts, writer: &mut DocumentWriter<'_>) {
        match block {
            Block::Code { info, line, .. } if info == FIX => {
                write_fix(article, *line, facts, writer);
                if self.whole {
                    writer.block(block);
                }
            }
            block if is_hidden(block) && !self.whole => {}
            block => writer.block(block),
        }
    }
}

/// Examples are for those who write articles; they are shown when asked for.
fn is_hidden(block: &Block) -> bool {
    matches!(block, Block::Code { info, .. } if info == FIX || info.ends_with(" before") || info.ends_with(" after"))
}

/// A fix as a line of its own, with its state on the target.
fn write_fix(article: &Article, line: usize, facts: &Facts, writer: &mut DocumentWriter<'_>) {
    // The fix's line is that of its opening fence in the file; the block's is
    // that of its first character in the body.
    let in_file = (line + article.body_line).saturating_sub(1);
    let fix = article.fixes.iter().min_by_key(|fix| fix.line.abs_diff(in_file));
    let Some(fix) = fix else { return };
    let known = facts.fix(&fix.id.to_string());
    let state = known.map_or("not checked yet".to_owned(), |known: &FixPlan| known.status.to_string());
    let role = match known.map(|known| known.status) {
        Some(Status::Needed) => Role::Bad,
        Some(Status::Blocked) => Role::Warning,
        Some(Status::Healthy) => Role::Good,
        _ => Role::Faint,
    };
    writer.lines.push(Line::default());
    writer.text(Role::Strong, &format!("Fix {}: {}", fix.id.fix, fix.title), 3);
    let reason = known.map(|known| format!(": {}", known.reason)).unwrap_or_default();
    writer.text(role, &format!("{state} on this Windows{reason}"), 3);
}

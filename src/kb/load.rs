//! Loading packs: the embedded one, a `kb` folder beside the executable, `--kb`.

use std::collections::HashMap;
use std::path::PathBuf;

use super::article::Article;
use super::fix::{Fix, FixId};
use super::lint;
use super::pack::{PackFile, embedded, read_folder};
use super::parse::{self, Draft};
use super::problem::{Problem, Problems};

/// All articles, later packs winning by id.
pub struct KnowledgeBase {
    articles: Vec<Article>,
    problems: Vec<Problem>,
    notes: Vec<String>,
    /// Texts of the files that have problems, to show the places.
    sources: HashMap<String, String>,
}

/// One article file on its way into the base.
pub(super) struct Entry<'a> {
    pub(super) draft: Draft,
    pub(super) problems: Problems<'a>,
}

impl KnowledgeBase {
    /// Loads the embedded articles, then each pack folder in order. Never
    /// fails as a whole: what is wrong is in [`KnowledgeBase::problems`].
    pub fn load(packs: &[PathBuf]) -> Self {
        Self::load_with(Vec::new(), packs)
    }

    /// As [`KnowledgeBase::load`], with the articles that plugins bring
    /// between the embedded ones and the packs.
    pub fn load_with(plugins: Vec<PackFile>, packs: &[PathBuf]) -> Self {
        let (mut files, mut problems) = (embedded(), Vec::new());
        files.extend(plugins);
        for pack in packs {
            let (more, unreadable) = read_folder(pack);
            files.extend(more);
            problems.extend(unreadable);
        }
        let mut base = Self::from_files(&files);
        base.problems.splice(0..0, problems);
        base
    }

    /// A base of these articles: file names and texts.
    pub fn from_texts(texts: &[(&str, &str)]) -> Self {
        let file = |(name, text): &(&str, &str)| PackFile {
            pack: "given".to_owned(),
            name: (*name).to_owned(),
            text: (*text).to_owned(),
            trusted: true,
        };
        Self::from_files(&texts.iter().map(file).collect::<Vec<_>>())
    }

    fn from_files(files: &[PackFile]) -> Self {
        let (mut entries, mut unusable) = (Vec::new(), Vec::new());
        let mut notes = Vec::new();
        for file in files {
            let (draft, problems) = parse::article(&file.name, &file.pack, &file.text);
            match draft {
                Some(mut draft) => {
                    if !file.trusted {
                        mark(&mut draft.article);
                    }
                    unusable.extend(add(Entry { draft, problems }, &mut entries, &mut notes));
                }
                None => unusable.push(problems),
            }
        }
        entries.sort_by(|a: &Entry<'_>, b| a.draft.article.id.cmp(&b.draft.article.id));
        lint::check(&mut entries);
        let (articles, checked): (Vec<_>, Vec<_>) =
            entries.into_iter().map(|entry| (entry.draft.article, entry.problems)).unzip();
        let mut problems: Vec<Problem> =
            unusable.into_iter().chain(checked).flat_map(Problems::into_list).collect();
        problems.sort_by(|a, b| (&a.file, a.span.start).cmp(&(&b.file, b.span.start)));
        let source = |problem: &Problem| {
            let file = files.iter().rfind(|file| file.name == problem.file)?;
            Some((file.name.clone(), file.text.clone()))
        };
        let sources = problems.iter().filter_map(source).collect();
        Self { articles, problems, notes, sources }
    }

    /// Every article, by id.
    pub fn articles(&self) -> &[Article] {
        &self.articles
    }

    /// What is wrong in the packs.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Which articles replaced which.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The text of the file that a problem is in, where it could be read.
    pub fn source_of(&self, problem: &Problem) -> &str {
        self.sources.get(&problem.file).map_or("", String::as_str)
    }

    /// An article by id or alias, without regard to case.
    pub fn article(&self, name: &str) -> Option<&Article> {
        let is = |known: &String| known.eq_ignore_ascii_case(name);
        self.articles
            .iter()
            .find(|article| is(&article.id))
            .or_else(|| self.articles.iter().find(|article| article.aliases.iter().any(is)))
    }

    /// A fix by its full name.
    pub fn fix(&self, id: &FixId) -> Option<&Fix> {
        self.article(&id.article)?.fixes.iter().find(|fix| fix.id.fix.eq_ignore_ascii_case(&id.fix))
    }
}

/// The mark of what nobody vouches for; it stands wherever a title is shown.
const MARK: &str = "[not signed] ";

fn mark(article: &mut Article) {
    article.trusted = false;
    article.title.insert_str(0, MARK);
    for fix in &mut article.fixes {
        fix.title.insert_str(0, MARK);
    }
}

/// Adds an article; one of the same id from an earlier pack gives way. One that
/// nobody vouches for gives way itself, and its problems are returned.
fn add<'a>(
    mut entry: Entry<'a>,
    entries: &mut Vec<Entry<'a>>,
    notes: &mut Vec<String>,
) -> Option<Problems<'a>> {
    let article = &entry.draft.article;
    let Some(known) = entries.iter_mut().find(|known| known.draft.article.id == article.id) else {
        entries.push(entry);
        return None;
    };
    let earlier = &known.draft.article;
    if earlier.trusted && !article.trusted {
        let message = format!("{} of {} would replace that of {}", article.id, article.pack, earlier.pack);
        entry.problems.fatal(0..0, message, "only a pack that is signed by a key you trust may replace");
        return Some(entry.problems);
    }
    notes.push(format!("{} of {} replaces that of {}", article.id, article.pack, earlier.pack));
    *known = entry;
    None
}

#[cfg(test)]
mod tests;

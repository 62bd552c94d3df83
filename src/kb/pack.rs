//! The files of packs: embedded ones, and those of a folder.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

use super::problem::Problem;

/// Largest article, in bytes.
pub const ARTICLE_SIZE_MAX: usize = 256 * 1024;

/// Most articles of one pack.
pub const ARTICLES_PER_PACK_MAX: usize = 2_000;

/// What the pack inside the executable is called.
pub const BUILT_IN: &str = "built-in";

/// The files of `kb/`, deflated: `NAME<TAB>LENGTH<LF>` before each (`build.rs`).
const EMBEDDED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/kb.z"));

/// More than the files have; a bound for unpacking, in bytes.
const EMBEDDED_BYTES_MAX: usize = 64 << 20;

/// One article file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackFile {
    /// `built-in` or the pack's path.
    pub pack: String,
    /// The file as the user named it.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Whether somebody vouches for it. What nobody vouches for carries a mark,
    /// and adds but never replaces.
    pub trusted: bool,
}

/// The articles inside the executable.
pub(super) fn embedded() -> Vec<PackFile> {
    let unpacked = decompress_to_vec_zlib_with_limit(EMBEDDED, EMBEDDED_BYTES_MAX).unwrap_or_default();
    let mut rest = unpacked.as_slice();
    let mut files = Vec::new();
    while let Some((name, content, after)) = first_file(rest) {
        rest = after;
        if is_article(Path::new(name)) {
            files.push(PackFile {
                pack: BUILT_IN.to_owned(),
                name: format!("kb/{name}"),
                text: String::from_utf8_lossy(content).into_owned(),
                trusted: true,
            });
        }
    }
    files
}

/// Name and content of the first packed file, and what follows it.
fn first_file(packed: &[u8]) -> Option<(&str, &[u8], &[u8])> {
    let end = packed.iter().position(|byte| *byte == b'\n')?;
    let (name, len) = std::str::from_utf8(packed.get(..end)?).ok()?.split_once('\t')?;
    let (content, after) = packed.get(end + 1..)?.split_at_checked(len.parse().ok()?)?;
    Some((name, content, after))
}

/// The articles of a folder, by name, and what cannot be read. A single file
/// is a pack of one article.
pub fn read_folder(folder: &Path) -> (Vec<PackFile>, Vec<Problem>) {
    let pack = folder.display().to_string();
    if folder.is_file() {
        return match read_article(folder) {
            Ok(text) => (vec![PackFile { name: pack.clone(), pack, text, trusted: true }], Vec::new()),
            Err(problem) => (Vec::new(), vec![problem]),
        };
    }
    let mut paths = match article_paths(folder) {
        Ok(paths) => paths,
        Err(error) => {
            let hint = "give a folder of articles with --kb";
            return (Vec::new(), vec![unreadable(pack, 0, format!("cannot read this pack: {error}"), hint)]);
        }
    };
    let mut problems = Vec::new();
    if paths.len() > ARTICLES_PER_PACK_MAX {
        let message = format!("{} articles are too many for one pack", paths.len());
        problems.push(unreadable(
            pack.clone(),
            0,
            message,
            "keep at most 2,000 in a folder; the rest is left out",
        ));
        paths.truncate(ARTICLES_PER_PACK_MAX);
    }
    let mut files = Vec::new();
    for path in paths {
        match read_article(&path) {
            Ok(text) => files.push(PackFile {
                pack: pack.clone(),
                name: path.display().to_string(),
                text,
                trusted: true,
            }),
            Err(problem) => problems.push(problem),
        }
    }
    (files, problems)
}

/// `*.md`, but a README is about the pack.
fn is_article(path: &Path) -> bool {
    let named =
        |part: Option<&std::ffi::OsStr>, name: &str| part.is_some_and(|part| part.eq_ignore_ascii_case(name));
    named(path.extension(), "md") && !named(path.file_stem(), "readme")
}

fn article_paths(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if is_article(&path) && path.is_file() {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn read_article(path: &Path) -> Result<String, Problem> {
    let problem = |at: usize, message: String, hint: &str| {
        Err(unreadable(path.display().to_string(), at, message, hint))
    };
    let mut bytes = Vec::new();
    let limit = u64::try_from(ARTICLE_SIZE_MAX).unwrap_or(u64::MAX) + 1;
    if let Err(error) = File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes)) {
        return problem(
            0,
            format!("cannot read this article: {error}"),
            "check the stick and the file's permissions",
        );
    }
    if bytes.len() > ARTICLE_SIZE_MAX {
        return problem(0, "this article is larger than 256 KiB".to_owned(), "write two articles");
    }
    String::from_utf8(bytes).or_else(|error| {
        let at = error.utf8_error().valid_up_to();
        problem(at, format!("byte {at} is not UTF-8 text"), "save the article as UTF-8")
    })
}

fn unreadable(file: String, at: usize, message: String, suggestion: &str) -> Problem {
    Problem {
        file,
        line: 1,
        column: 1,
        span: at..at,
        message,
        suggestion: suggestion.to_owned(),
        fatal: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_articles_of_a_folder_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
        write("b.md", b"b");
        write("a.MD", b"a");
        write("README.md", b"about");
        write("note.txt", b"no");
        write("bad.md", b"ok \xff");
        write("big.md", &vec![b'x'; ARTICLE_SIZE_MAX + 1]);
        write("fits.md", &vec![b'x'; ARTICLE_SIZE_MAX]);
        fs::create_dir(folder.path().join("sub.md")).unwrap();
        let (files, problems) = read_folder(folder.path());
        let names: Vec<_> =
            files.iter().map(|file| Path::new(&file.name).file_name().unwrap().to_owned()).collect();
        assert_eq!(names, ["a.MD", "b.md", "fits.md"]);
        let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
        assert_eq!(messages, ["byte 3 is not UTF-8 text", "this article is larger than 256 KiB"]);
    }

    #[test]
    fn a_missing_folder_is_a_problem_and_no_more() {
        let (files, problems) = read_folder(Path::new("no such folder"));
        assert!(files.is_empty() && problems[0].message.starts_with("cannot read this pack"));
    }

    #[test]
    fn the_embedded_pack_is_the_folder_kb() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("kb");
        let (files, problems) = read_folder(&folder);
        assert!(problems.is_empty());
        let mut inside: Vec<String> = embedded().into_iter().map(|file| file.text).collect();
        let mut outside: Vec<String> = files.into_iter().map(|file| file.text).collect();
        inside.sort();
        outside.sort();
        assert!(inside == outside, "the executable was built from other articles than kb/ holds");
    }
}

//! Problems as people read them: the place in its lines, what is wrong, what
//! to write instead.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str};

use super::problem::{Problem, on_boundaries};

/// Shows a problem in the text of its file, in plain ASCII frames for any
/// console.
///
/// ```text
/// error: unknown key `kex`
///   --> kb/kb910341.md:58:1
///    |
/// 58 | kex = 1
///    | ^^^
///    |
///    = help: did you mean `key`? …
/// ```
pub fn render(problem: &Problem, source: &str) -> String {
    let level = if problem.fatal { Level::ERROR } else { Level::WARNING };
    let title = level.primary_title(problem.message.as_str());
    let help = Level::HELP.message(normalize_untrusted_str(&problem.suggestion));
    let renderer = Renderer::plain();
    if source.is_empty() {
        // The file itself cannot be shown: it is missing, too large or no text.
        let place = annotate_snippets::Origin::path(problem.file.as_str());
        return renderer.render(&[Group::with_title(title).element(place).element(help)]);
    }
    let mark = AnnotationKind::Primary.span(on_boundaries(source, problem.span.clone()));
    let snippet = Snippet::source(source).path(problem.file.as_str()).annotation(mark);
    renderer.render(&[title.element(snippet).element(help)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(span: std::ops::Range<usize>, fatal: bool) -> Problem {
        Problem {
            file: "kb/a.md".to_owned(),
            line: 2,
            column: 1,
            span,
            message: "unknown key `kex`".to_owned(),
            suggestion: "did you mean `key`?".to_owned(),
            fatal,
        }
    }

    #[test]
    fn the_place_is_shown_with_what_to_write() {
        let shown = render(&problem(4..7, true), "+++\nkex = 1\n+++\n");
        insta::assert_snapshot!(shown, @r"
        error: unknown key `kex`
         --> kb/a.md:2:1
          |
        2 | kex = 1
          | ^^^
          |
          = help: did you mean `key`?
        ");
    }

    #[test]
    fn a_file_that_cannot_be_shown_is_named() {
        insta::assert_snapshot!(render(&problem(0..0, false), ""), @r"
        warning: unknown key `kex`
        --> kb/a.md
         = help: did you mean `key`?
        ");
    }

    #[test]
    fn places_beyond_the_text_do_no_harm() {
        for span in [0..0, 5..5, 90..99, 6..7] {
            assert!(render(&problem(span, true), "ä\nkex\n").contains("kb/a.md"));
        }
    }
}

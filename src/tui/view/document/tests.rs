//! Blocks in, lines out.

use crate::session::blocks;
use crate::tui::text::width;
use crate::tui::theme::Theme;

use super::DocumentWriter;

fn text(markdown: &str, columns: usize) -> String {
    let theme = Theme::new(false, true);
    let mut writer = DocumentWriter::new(columns, &theme);
    for block in blocks(markdown) {
        writer.block(&block);
    }
    writer.references();
    let lines: Vec<String> = writer.lines.iter().map(|line| line.to_string().trim_end().to_owned()).collect();
    assert!(lines.iter().all(|line| width(line) <= columns), "{lines:#?}");
    lines.join("\n")
}

fn check(markdown: &str, columns: usize, expected: &str) {
    assert_eq!(text(markdown, columns), expected);
}

#[test]
fn lists_hang_and_nest() {
    check(
        "1. one two three\n2. four\n   - five six\n",
        14,
        " 1. one two\n    three\n 2. four\n    * five six",
    );
}

#[test]
fn links_become_numbers() {
    check(
        "See [one](https://a.b) and [two](kb1.md) and [one](https://a.b).",
        60,
        " See one[1] and two[2] and one[1].\n\n Links\n [1] https://a.b\n [2] kb1.md",
    );
}

#[test]
fn tables_stand_side_by_side_or_as_records() {
    let table = "| list | members |\n|---|---|\n| netsvcs | EventSystem SENS |\n| rpcss | RpcSs |\n";
    check(
        table,
        40,
        " list    | members\n --------+-----------------\n netsvcs | EventSystem SENS\n rpcss   | RpcSs",
    );
    check(
        table,
        18,
        " * list: netsvcs\n   members:\n   EventSystem\n   SENS\n\n * list: rpcss\n   members: RpcSs",
    );
}

#[test]
fn code_keeps_its_indentation() {
    check("```\na\n  b\n```\n", 30, "   a\n     b");
}

#[test]
fn quotes_have_a_bar_on_every_line() {
    check("> one two\n>\n> three", 12, " | one two\n |\n | three");
}

#[test]
fn the_deepest_nesting_still_has_place() {
    let deep: Vec<String> = (0..30).map(|depth| format!("{}- deep\n", "  ".repeat(depth))).collect();
    assert!(text(&deep.concat(), 24).contains("deep"));
}

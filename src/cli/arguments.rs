//! The command line's grammar.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// From what a broken Windows said to a verified, undoable offline repair.
///
/// Without a command the terminal interface opens.
#[derive(Debug, Parser)]
#[command(name = "pemedic", version, max_term_width = 100, disable_help_subcommand = true)]
pub struct Arguments {
    /// What to do; the terminal interface without one.
    #[command(subcommand)]
    pub verb: Option<Verb>,
    /// Options every verb understands.
    #[command(flatten)]
    pub common: Common,
}

/// Options every verb understands.
#[derive(Args, Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub struct Common {
    /// The offline Windows: its volume's root or its Windows folder. Given more
    /// than once, each is worked on and gets one line.
    #[arg(long, value_name = "DIR", global = true)]
    pub target: Vec<PathBuf>,
    /// Look for installations below these folders (default: every mounted volume).
    #[arg(long, value_name = "DIR", global = true)]
    pub root: Vec<PathBuf>,
    /// Work on every installation found, and give each one line.
    #[arg(long, global = true, conflicts_with = "target")]
    pub all: bool,
    /// One more folder or pack of articles; later ones win.
    #[arg(long, value_name = "DIR", global = true)]
    pub kb: Vec<PathBuf>,
    /// One more folder of plugins; later ones win.
    #[arg(long, value_name = "DIR", global = true)]
    pub plugins: Vec<PathBuf>,
    /// A key whose packs are trusted: minisign's *.pub, a folder of them, or the
    /// key itself.
    #[arg(long, value_name = "KEY", global = true)]
    pub trust: Vec<PathBuf>,
    /// Print one JSON document on standard output.
    #[arg(long, global = true)]
    pub json: bool,
    /// Ask nothing: take the answers the articles propose.
    #[arg(long, short = 'y', global = true)]
    pub yes: bool,
    /// Answer a question of a fix in advance.
    #[arg(long, value_name = "QUESTION=ANSWER", global = true)]
    pub choose: Vec<String>,
    /// Permit fixes that can make a machine worse which they do not fit.
    #[arg(long, value_enum, value_name = "WHAT", global = true)]
    pub allow: Vec<Allow>,
    /// Keep receipts here instead of on the target's own volume.
    #[arg(long, value_name = "DIR", global = true)]
    pub log_dir: Option<PathBuf>,
    /// Append what is done to this file, in the format that CMTrace and other
    /// viewers of deployment logs read.
    #[arg(long, value_name = "FILE", global = true)]
    pub log: Option<PathBuf>,
    /// Exit with this code instead of 0 when a change was applied that needs a
    /// restart (3010 for deployment engines).
    #[arg(long, value_name = "N", global = true)]
    pub reboot_code: Option<i32>,
    /// How the interface drives the console.
    #[arg(long, value_enum, value_name = "HOW", default_value = "auto", global = true)]
    pub console: crate::tui::console::ConsoleChoice,
    /// Draw lines and marks with ASCII characters only.
    #[arg(long, global = true)]
    pub ascii: bool,
}

/// What `--allow` permits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Allow {
    /// Fixes marked risky.
    Risky,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// The terminal interface as the shell of a boot medium: it never exits by accident.
    Shell,
    /// Rank articles for a code, a message, a paste (- reads standard input).
    Search {
        /// What the machine said.
        #[arg(value_name = "TEXT", allow_negative_numbers = true)]
        text: Vec<String>,
    },
    /// Read an article.
    Show {
        /// Its id or an alias.
        article: String,
    },
    /// Every reading of a code: Win32, HRESULT, NTSTATUS, stop code, Windows Update, event id.
    Explain {
        /// The code in any written form.
        #[arg(allow_negative_numbers = true)]
        code: String,
    },
    /// Offline installations found.
    Targets,
    /// Probe every fix against a target: what is wrong here, and which article says so.
    Scan,
    /// Preview: exact before and after of every change; writes nothing.
    Plan {
        /// ARTICLE (its fixes that apply) or ARTICLE/FIX.
        #[arg(value_name = "FIX", required = true)]
        fixes: Vec<String>,
    },
    /// Preview, ask, apply, verify.
    Apply {
        /// ARTICLE (its fixes that apply) or ARTICLE/FIX.
        #[arg(value_name = "FIX", required = true)]
        fixes: Vec<String>,
    },
    /// Take a receipt back (default: the latest).
    Undo {
        /// The receipt's name, as history prints it.
        receipt: Option<String>,
        /// Only this fix out of the receipt.
        #[arg(long, value_name = "FIX")]
        only: Vec<String>,
    },
    /// Receipts on this target.
    History,
    /// Registry work on offline hives.
    Reg {
        /// What to do.
        #[command(subcommand)]
        verb: RegVerb,
    },
    /// Work on hive files.
    Hive {
        /// What to do.
        #[command(subcommand)]
        verb: HiveVerb,
    },
    /// Work on the knowledge base.
    Kb {
        /// What to do.
        #[command(subcommand)]
        verb: KbVerb,
    },
    /// Write plugins.
    Plugin {
        /// What to do.
        #[command(subcommand)]
        verb: PluginVerb,
    },
    /// Build small broken installations and open the interface on them; without a terminal, run every repair and its undo.
    Demo {
        /// Where to build them (default: a temporary folder, removed afterwards).
        directory: Option<PathBuf>,
    },
}

impl Verb {
    /// Whether it is about one installation, so that many can be named.
    pub fn works_on_a_target(&self) -> bool {
        matches!(
            self,
            Self::Scan
                | Self::Plan { .. }
                | Self::Apply { .. }
                | Self::Undo { .. }
                | Self::History
                | Self::Reg { .. }
        )
    }
}

/// `reg` verbs.
#[derive(Debug, Subcommand)]
pub enum RegVerb {
    /// Show a key's values and subkeys.
    Query {
        /// Full key name: HKLM\SYSTEM\CurrentControlSet\Services\BITS
        key: String,
        /// Only this value.
        #[arg(short = 'v', long, value_name = "NAME")]
        value: Option<String>,
        /// With everything below.
        #[arg(short = 's', long)]
        recursive: bool,
    },
    /// Write a key and everything below it as a .reg file.
    Export {
        /// Full key name.
        key: String,
        /// The file (default: standard output, as UTF-8).
        file: Option<PathBuf>,
    },
    /// Import a .reg file, through the same plan, receipt and undo as a fix.
    Import {
        /// The file.
        file: PathBuf,
        /// Only show what would change.
        #[arg(long)]
        plan: bool,
    },
}

/// `hive` verbs.
#[derive(Debug, Subcommand)]
pub enum HiveVerb {
    /// Audit hive files: every defect with its offset.
    Check {
        /// Hive files; the transaction logs beside them are used.
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
    },
}

/// `kb` verbs.
#[derive(Debug, Subcommand)]
pub enum KbVerb {
    /// Lint articles: <file:line:column>, what is wrong, what to write instead.
    Check {
        /// Article files or folders (default: the loaded base).
        paths: Vec<PathBuf>,
    },
    /// The articles and their fixes.
    List,
    /// Put articles and plugins into one file, to be signed with minisign.
    Pack {
        /// Folders of articles, article files, folders of plugins.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
        /// The pack to write; by custom it ends in .pack.
        #[arg(long, short = 'o', value_name = "FILE")]
        output: PathBuf,
        /// What to call it.
        #[arg(long)]
        title: Option<String>,
    },
    /// Say what is in packs, and who signed them.
    Verify {
        /// Packs.
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
    },
}

/// `plugin` verbs.
#[derive(Debug, Subcommand)]
pub enum PluginVerb {
    /// Make a new plugin: a rule, an article and a test that passes.
    New {
        /// Its name: lower-case letters, digits, hyphens.
        name: String,
        /// Where its folder is made (default: here).
        directory: Option<PathBuf>,
    },
    /// Run the tests of plugins and the examples of their articles.
    Test {
        /// Plugins, or folders of plugins.
        #[arg(value_name = "FOLDER", required = true)]
        folders: Vec<PathBuf>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_is_consistent() {
        use clap::CommandFactory as _;
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_negative_number_is_an_argument() {
        let arguments = Arguments::try_parse_from(["pemedic", "search", "-2147023651"]).unwrap();
        assert!(matches!(arguments.verb, Some(Verb::Search { text }) if text == ["-2147023651"]));
        let arguments = Arguments::try_parse_from(["pemedic", "explain", "-2147023651", "--json"]).unwrap();
        assert!(arguments.common.json);
    }

    #[test]
    fn a_dash_reads_standard_input() {
        let arguments = Arguments::try_parse_from(["pemedic", "search", "-"]).unwrap();
        assert!(matches!(arguments.verb, Some(Verb::Search { text }) if text == ["-"]));
    }

    #[test]
    fn options_after_search_text_are_options() {
        let arguments = Arguments::try_parse_from(["pemedic", "search", "error", "1083", "--json"]).unwrap();
        assert!(arguments.common.json);
    }
}

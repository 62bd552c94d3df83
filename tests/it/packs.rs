//! Packs: made, signed, checked, and what one that nobody signed may not do.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use minisign::KeyPair;
use pemedic::hive::Value;
use pemedic::session::{Choices, Confirmation, Options, Outcome, Session, Status, Trust};

use super::cli::run;
use super::support::target::{Target, WINDOWS_XP, article_of, set};

/// Articles and a plugin in folders, to be packed.
struct Source {
    folder: tempfile::TempDir,
}

impl Source {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("articles")).unwrap();
        let fix = "[[step]]\nkey = 'HKLM\\SOFTWARE\\X'\nset = { A = 1 }\n";
        let (name, text) = article_of("field-note", fix);
        let text = text.replace("safety = \"safe\"", "safety = \"risky\"\nwarning = \"w\"");
        fs::write(folder.path().join("articles").join(name), text).unwrap();
        Session::open(Options::default()).plugin_new("field-rule", &folder.path().join("plugins")).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn pack(&self) -> PathBuf {
        let output = self.path("field.pack");
        let session = Session::open(Options::default());
        let made = session.kb_pack(&[self.path("articles"), self.path("plugins")], &output, "Field").unwrap();
        assert_eq!(
            made.files,
            [
                "articles/field-note.md",
                "plugins/field-rule/articles/field-rule.md",
                "plugins/field-rule/plugin.toml",
                "plugins/field-rule/rules.rhai",
                "plugins/field-rule/tests/disabled.toml",
                "plugins/field-rule/tests/started.toml",
            ]
        );
        output
    }

    /// Signs a pack as the manual says: the signature's file is appended.
    fn sign(&self, pack: &Path) -> PathBuf {
        let pair = KeyPair::generate_unencrypted_keypair().unwrap();
        let mut bytes = fs::read(pack).unwrap();
        let signature = minisign::sign(Some(&pair.pk), &pair.sk, &bytes[..], None, None).unwrap();
        bytes.extend_from_slice(signature.into_string().as_bytes());
        fs::write(pack, bytes).unwrap();
        let key = self.path("technician.pub");
        fs::write(&key, pair.pk.to_box().unwrap().to_string()).unwrap();
        key
    }
}

fn target() -> Target {
    Target::new(WINDOWS_XP, |hives| {
        set(&mut hives.software, "X", "A", &Value::dword(0));
    })
}

fn open(target: &Target, pack: &Path, trust: &[PathBuf]) -> Session {
    Session::open(Options {
        target: Some(target.root().to_owned()),
        packs: vec![pack.to_owned()],
        trust: trust.to_vec(),
        ..Options::default()
    })
}

fn apply(session: &Session, fix: &str, confirmation: Confirmation) -> (Outcome, String) {
    let prepared = session.plan(&[fix.to_owned()], &Choices::default()).unwrap();
    let report = session.apply(&prepared, confirmation, &mut |_| {}, &AtomicBool::new(false)).unwrap();
    (report.outcome, report.failure.unwrap_or_default())
}

const UNATTENDED: Confirmation = Confirmation { allow_risky: true, in_person: false };
const IN_PERSON: Confirmation = Confirmation { allow_risky: true, in_person: true };

#[test]
fn a_signed_pack_is_as_good_as_what_is_built_in() {
    let source = Source::new();
    let pack = source.pack();
    let key = source.sign(&pack);
    let target = target();
    let session = open(&target, &pack, &[key]);
    assert_eq!(session.pack_problems(), [""; 0]);
    let article = session.article("field-note").unwrap();
    assert!(article.trusted && !article.title.contains("not signed"));
    assert!(session.article("field-rule").is_ok(), "its plugin's article is there");
    assert_eq!(apply(&session, "field-note/only", UNATTENDED).0, Outcome::Applied);
}

#[test]
fn what_nobody_signed_is_marked_and_never_risky_unattended() {
    let source = Source::new();
    let pack = source.pack();
    let target = target();
    let session = open(&target, &pack, &[]);
    assert!(session.pack_problems()[0].contains("not signed"), "{:?}", session.pack_problems());
    let article = session.article("field-note").unwrap();
    assert!(article.title.starts_with("[not signed]") && article.fixes[0].title.starts_with("[not signed]"));
    let prepared = session.plan(&["field-note/only".to_owned()], &Choices::default()).unwrap();
    assert_eq!(prepared.plan().fixes[0].status, Status::Needed);
    assert!(prepared.plan().notes.iter().any(|note| note.contains("not signed")));

    let before = target.files();
    let (outcome, why) = apply(&session, "field-note/only", UNATTENDED);
    assert_eq!(outcome, Outcome::Refused);
    assert!(why.contains("unattended") && why.contains("field.pack"), "{why}");
    assert_eq!(target.files(), before);
    assert_eq!(apply(&session, "field-note/only", IN_PERSON).0, Outcome::Applied);
}

#[test]
fn a_pack_of_an_unknown_key_is_held_like_one_that_nobody_signed() {
    let source = Source::new();
    let pack = source.pack();
    source.sign(&pack);
    let other = KeyPair::generate_unencrypted_keypair().unwrap();
    let other = PathBuf::from(other.pk.to_base64());
    let target = target();
    let session = open(&target, &pack, std::slice::from_ref(&other));
    assert!(session.pack_problems()[0].contains("do not trust"));
    assert_eq!(apply(&session, "field-note/only", UNATTENDED).0, Outcome::Refused);
    let checked = &session.kb_verify(&[pack]).unwrap().packs[0];
    assert_eq!(checked.trust, Some(Trust::UnknownKey));
}

#[test]
fn a_changed_or_cut_pack_brings_nothing() {
    let source = Source::new();
    let pack = source.pack();
    let key = source.sign(&pack);
    let whole = fs::read(&pack).unwrap();
    let target = target();
    let text = String::from_utf8(whole.clone()).unwrap();
    let changed = text.replace("set = { A = 1 }", "set = { A = 2 }").into_bytes();
    assert_ne!(changed, whole);
    for (bytes, word) in [(changed, "changed"), (whole[..whole.len() / 2].to_vec(), "cut off")] {
        fs::write(&pack, bytes).unwrap();
        let session = open(&target, &pack, std::slice::from_ref(&key));
        assert!(session.pack_problems()[0].contains(word), "{:?}", session.pack_problems());
        assert!(session.article("field-note").is_err());
        let checked = &session.kb_verify(std::slice::from_ref(&pack)).unwrap().packs[0];
        assert!(checked.trust.is_none() && checked.failure.as_ref().unwrap().contains(word));
    }
}

#[test]
fn what_nobody_signed_replaces_nothing() {
    let source = Source::new();
    let folder = source.path("articles");
    let (_, text) = article_of("kb910341", "[[step]]\nkey = 'HKLM\\SOFTWARE\\X'\nset = { A = 1 }\n");
    fs::write(folder.join("kb910341.md"), text).unwrap();
    let plugin = source.path("plugins/svchost-groups");
    fs::rename(source.path("plugins/field-rule"), &plugin).unwrap();
    let manifest = fs::read_to_string(plugin.join("plugin.toml")).unwrap();
    fs::write(plugin.join("plugin.toml"), manifest.replace("field-rule", "svchost-groups")).unwrap();
    let article = fs::read_to_string(plugin.join("articles/field-rule.md")).unwrap();
    let article = article.replace("field-rule/", "svchost-groups/");
    fs::write(plugin.join("articles/field-rule.md"), article).unwrap();
    let pack = source.path("evil.pack");
    let session = Session::open(Options::default());
    session.kb_pack(&[folder, source.path("plugins")], &pack, "Evil").unwrap();

    let target = target();
    let session = open(&target, &pack, &[]);
    assert_eq!(session.article("kb910341").unwrap().pack, "built-in");
    let report = session.kb_check(&[]).unwrap();
    assert!(report.rendered.iter().any(|line| line.contains("would replace")), "{:?}", report.rendered);
    assert!(report.plugins.iter().any(|line| line.contains("would replace")), "{:?}", report.plugins);
    // Signed, it may.
    let key = source.sign(&pack);
    let session = open(&target, &pack, &[key]);
    assert_ne!(session.article("kb910341").unwrap().pack, "built-in");
}

#[test]
fn faulty_articles_and_plugins_are_not_packed() {
    let source = Source::new();
    let session = Session::open(Options::default());
    let output = source.path("x.pack");
    fs::write(source.path("articles/bad.md"), "no front matter").unwrap();
    let error = session.kb_pack(&[source.path("articles")], &output, "x").unwrap_err();
    assert!(error.message.contains("bad.md"), "{error}");
    fs::write(source.path("plugins/field-rule/rules.rhai"), "fn x(").unwrap();
    let error = session.kb_pack(&[source.path("plugins")], &output, "x").unwrap_err();
    assert!(error.message.contains("field-rule"), "{error}");
    assert!(!output.exists());
    assert!(session.kb_pack(&[source.path("nowhere")], &output, "x").is_err());
}

#[test]
fn the_command_line_makes_checks_and_uses_packs() {
    let source = Source::new();
    let (articles, pack) = (source.path("articles"), source.path("cli.pack"));
    let (articles, file) = (articles.display().to_string(), pack.display().to_string());
    let made = run(&["kb", "pack", &articles, "--output", &file]);
    assert_eq!(made.code, 0, "{}", made.err);
    assert!(made.out.contains("articles/field-note.md") && made.out.contains("minisign -S"), "{}", made.out);
    let unsigned = run(&["kb", "verify", &file]);
    assert_eq!(unsigned.code, 2);
    assert!(unsigned.out.contains("NOT SIGNED"), "{}", unsigned.out);

    let key = source.sign(&pack).display().to_string();
    let verified = run(&["kb", "verify", &file, "--trust", &key, "--json"]);
    assert_eq!(verified.code, 0, "{}", verified.out);
    assert_eq!(verified.json()["packs"][0]["trust"]["state"], "signed");
    assert_eq!(run(&["kb", "verify", &file]).code, 2, "without the key nobody vouches for it");

    let target = target();
    let root = target.root().display().to_string();
    let fix = ["apply", "field-note", "--target", &root, "--kb", &file, "--yes", "--allow", "risky"];
    let refused = run(&fix);
    assert_eq!(refused.code, 4, "{}{}", refused.out, refused.err);
    assert!(refused.err.contains("do not trust"), "{}", refused.err);
    let applied = run(&[&fix[..], &["--trust", &key]].concat());
    assert_eq!(applied.code, 0, "{}{}", applied.out, applied.err);

    fs::write(&pack, &fs::read(&pack).unwrap()[..100]).unwrap();
    let broken = run(&["kb", "verify", &file, "--trust", &key]);
    assert_eq!(broken.code, 4);
    assert!(broken.out.contains("cut off"), "{}", broken.out);
    assert_eq!(run(&["kb", "verify", "nowhere.pack"]).code, 3);
}

//! Packs there and back; changed, cut, wrongly signed and hostile ones.

use minisign::KeyPair;
use proptest::prelude::*;

use super::*;

fn entry(name: &str, text: &str) -> Entry {
    Entry { name: name.to_owned(), text: text.to_owned() }
}

fn unsigned() -> Vec<u8> {
    write("Field pack", vec![entry("articles/a.md", "text"), entry("plugins/p/plugin.toml", "x")]).unwrap()
}

fn signature(pair: &KeyPair, bytes: &[u8]) -> String {
    minisign::sign(Some(&pair.pk), &pair.sk, bytes, None, None).unwrap().into_string()
}

fn signed(pair: &KeyPair) -> Vec<u8> {
    let bytes = unsigned();
    let signature = signature(pair, &bytes);
    [bytes, signature.into_bytes()].concat()
}

fn pair() -> KeyPair {
    KeyPair::generate_unencrypted_keypair().unwrap()
}

fn keys(pair: &KeyPair) -> Keys {
    let (keys, problems) = Keys::read(&[pair.pk.to_base64().into()]);
    assert_eq!(problems, [""; 0]);
    keys
}

#[test]
fn a_pack_comes_back_as_it_was() {
    let pack = Pack::read("x.pack", &unsigned(), &Keys::default()).unwrap();
    assert_eq!(pack.names().collect::<Vec<_>>(), ["articles/a.md", "plugins/p/plugin.toml"]);
    assert_eq!((pack.title.as_str(), &pack.trust), ("Field pack", &Trust::Unsigned));
    assert!(pack.label().contains("not signed") && !pack.articles()[0].trusted);
}

#[test]
fn a_signature_of_a_trusted_key_counts_and_of_another_does_not() {
    let (own, other) = (pair(), pair());
    let bytes = signed(&own);
    assert!(Pack::read("x.pack", &bytes, &keys(&own)).unwrap().trust.is_signed());
    let pack = Pack::read("x.pack", &bytes, &keys(&other)).unwrap();
    assert_eq!(pack.trust, Trust::UnknownKey);
    assert!(!pack.articles()[0].trusted);
}

#[test]
fn a_changed_pack_is_refused_whichever_byte_it_is() {
    let own = pair();
    let (bytes, keys) = (signed(&own), keys(&own));
    let length = unsigned().len();
    // The first line of a signature is a comment that nobody signs.
    let comment = bytes[length..].iter().position(|byte| *byte == b'\n').unwrap();
    let free = [length..length + comment + 1, bytes.len() - 1..bytes.len()];
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let read = Pack::read("x.pack", &changed, &keys);
        let is_signed = read.is_ok_and(|pack| pack.trust.is_signed());
        assert!(
            !is_signed || free.iter().any(|range| range.contains(&at)),
            "byte {at} was changed and nobody saw it"
        );
    }
}

#[test]
fn a_cut_pack_is_refused_wherever_it_ends() {
    let own = pair();
    let (bytes, keys, length) = (signed(&own), keys(&own), unsigned().len());
    for end in (0..bytes.len() - 1).filter(|end| *end != length) {
        let is_signed = Pack::read("x.pack", &bytes[..end], &keys).is_ok_and(|pack| pack.trust.is_signed());
        // The last line may lose its line end.
        assert!(!is_signed || end + 2 > bytes.len(), "cut at {end}");
    }
    // Without its signature it is what it is: not signed.
    assert_eq!(Pack::read("x.pack", &bytes[..length], &keys).unwrap().trust, Trust::Unsigned);
}

#[test]
fn a_signature_of_other_content_is_refused() {
    let own = pair();
    let other = write("Another", vec![entry("articles/b.md", "text")]).unwrap();
    let bytes = [unsigned(), signature(&own, &other).into_bytes()].concat();
    assert!(matches!(Pack::read("x.pack", &bytes, &keys(&own)), Err(PackError::Changed(_))));
    let bytes = [unsigned(), b"extra".to_vec()].concat();
    assert!(matches!(Pack::read("x.pack", &bytes, &keys(&own)), Err(PackError::NoSignature)));
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    for name in [
        "../evil.md",
        "articles/../../evil.md",
        "articles/..",
        "/etc/passwd",
        "articles//a.md",
        "articles/sub/a.md",
        "articles\\a.md",
        "articles/C:a.md",
        "articles/a.md:stream",
        "articles/.md",
        "articles/a.exe",
        "articles/a.md ",
        "articles/a.md\0",
        "plugins/../plugin.toml",
        "plugins/p/other.txt",
        "plugins/p/tests/../../../x.toml",
        "",
    ] {
        assert!(matches!(write("t", vec![entry(name, "")]), Err(PackError::Name(_))), "{name:?}");
        let document =
            serde_json::json!({ "version": 1, "title": "t", "files": [{ "name": name, "text": "" }] });
        let payload = document.to_string();
        let bytes = format!("pemedic-pack 1 {}\n{payload}", payload.len());
        let read = Pack::read("x.pack", bytes.as_bytes(), &Keys::default());
        assert!(matches!(read, Err(PackError::Name(_))), "{name:?}");
    }
    let twice = vec![entry("articles/a.md", "1"), entry("articles/A.md", "2")];
    assert!(matches!(write("t", twice), Err(PackError::Name(_))));
}

#[test]
fn keys_that_are_none_are_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("bad.pub"), "no key").unwrap();
    let good = pair();
    fs::write(folder.path().join("good.pub"), good.pk.to_box().unwrap().to_string()).unwrap();
    fs::write(folder.path().join("note.txt"), "not looked at").unwrap();
    let (keys, problems) = Keys::read(&[folder.path().to_owned(), "nowhere.pub".into()]);
    let own = signed(&good);
    assert!(Pack::read("x.pack", &own, &keys).unwrap().trust.is_signed(), "the good key is used");
    assert_eq!(problems.len(), 2);
    assert!(problems[0].contains("bad.pub") && problems[1].contains("nowhere.pub"));
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), length in 0_usize..300) {
        let keys = Keys::default();
        let _ = Pack::read("x.pack", &bytes, &keys);
        let header = format!("pemedic-pack 1 {length}\n");
        let _ = Pack::read("x.pack", &[header.as_bytes(), &bytes].concat(), &keys);
    }
}

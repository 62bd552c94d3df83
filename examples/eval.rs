use pemedic::kb::KnowledgeBase;
use pemedic::kb::search::*;
use std::path::PathBuf;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let packs: Vec<PathBuf> = a[2..].iter().map(PathBuf::from).collect();
    let kb = KnowledgeBase::load(&packs);
    for p in kb.problems().iter().filter(|p| p.fatal) {
        eprintln!("{}:{} {}", p.file, p.line, p.message);
    }
    let ids: std::collections::HashSet<&str> = kb.articles().iter().map(|x| x.id.as_str()).collect();
    eprintln!("{} articles", ids.len());
    let index = Index::build(kb.articles());
    let text = std::fs::read_to_string(&a[1]).unwrap();
    let (mut n, mut first, mut any, mut third, mut none, mut falsep) = (0, 0, 0, 0, 0, 0);
    for line in text.lines() {
        let v: serde_json::Value = serde_json::from_str(line).unwrap();
        let t = v["text"].as_str().unwrap();
        let e: Vec<&str> = v["expect"]
            .as_array()
            .unwrap()
            .iter()
            .map(|x| x.as_str().unwrap())
            .filter(|x| ids.contains(x))
            .collect();
        let empty = v["expect"].as_array().unwrap().is_empty();
        if !empty && e.is_empty() {
            continue;
        }
        let h = index.search(t, &Context::default());
        let show = |ok: &str| {
            println!("{ok} {:?}\n    expect {:?}", t.chars().take(150).collect::<String>(), e);
            for x in h.iter().take(4) {
                println!("    {:?} {:.2} {} {:?}", x.confidence, x.score, x.id, x.why);
            }
        };
        if empty {
            none += 1;
            if h.iter().any(|x| x.confidence > Confidence::Weak) {
                falsep += 1;
                show("FALSE");
            } else if std::env::var("V").is_ok() {
                show("none");
            }
            continue;
        }
        n += 1;
        let r = h.iter().position(|x| x.id == e[0]);
        let ra = h.iter().position(|x| e.contains(&x.id.as_str()));
        if r == Some(0) {
            first += 1
        }
        if ra == Some(0) {
            any += 1
        }
        if r.is_some_and(|r| r < 3) {
            third += 1
        }
        let cert =
            h.first().map_or(false, |x| x.confidence == Confidence::Certain && !e.contains(&x.id.as_str()));
        if cert {
            show("FALSECERTAIN")
        } else if r != Some(0) {
            show("MISS")
        } else if std::env::var("V").is_ok() {
            show("ok")
        }
    }
    println!("n {n} first {first} any-first {any} top3 {third}; none {none} false {falsep}");
}

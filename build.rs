//! Builds the crate again when an article is added: the compiler only follows
//! those that were there before.

fn main() {
    println!("cargo::rerun-if-changed=kb");
}

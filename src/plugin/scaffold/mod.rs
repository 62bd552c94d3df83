//! A new plugin: a rule, an article that calls it, a test of each.

use std::fs;
use std::path::Path;

use super::manifest::is_name;

/// The name that stands in the templates.
const PLACEHOLDER: &str = "NEW-PLUGIN";

/// The files, below the plugin's folder, and their templates.
const TEMPLATES: [(&str, &str); 5] = [
    ("plugin.toml", include_str!("plugin.toml")),
    ("rules.rhai", include_str!("rules.rhai")),
    ("articles/NEW-PLUGIN.md", include_str!("article.md")),
    ("tests/disabled.toml", include_str!("disabled.toml")),
    ("tests/started.toml", include_str!("started.toml")),
];

/// Writes a new plugin into `folder`, which must not exist, and returns the
/// names of its files.
///
/// # Errors
/// What is wrong with the name, or the disk.
pub fn write(folder: &Path, name: &str) -> Result<Vec<String>, String> {
    if !is_name(name) {
        return Err(format!(
            "{name:?} is no name for a plugin: write lower-case letters, digits and hyphens, a letter first"
        ));
    }
    let failed = |error: std::io::Error| format!("{} cannot be written: {error}", folder.display());
    if let Some(parent) = folder.parent() {
        fs::create_dir_all(parent).map_err(failed)?;
    }
    // Fails where it exists: nobody's work is written over.
    fs::create_dir(folder).map_err(failed)?;
    let mut written = Vec::new();
    for (file, template) in TEMPLATES {
        let file = file.replace(PLACEHOLDER, name);
        let path = folder.join(&file);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        fs::write(&path, template.replace(PLACEHOLDER, name)).map_err(failed)?;
        written.push(file);
    }
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_none_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["", "Upper", "two words", "../up", "-x", "1x", "a/b", "c:"] {
            assert!(write(&folder.path().join("x"), name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn nothing_that_exists_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let plugin = folder.path().join("mine");
        assert_eq!(write(&plugin, "mine").unwrap().len(), TEMPLATES.len());
        assert!(write(&plugin, "mine").unwrap_err().contains("cannot be written"));
    }
}

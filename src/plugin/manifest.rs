//! `plugin.toml`: what a plugin is, what it offers, what it may read.

use serde::Deserialize;

/// A plugin's manifest.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Name, equal to the folder's.
    pub name: String,
    /// Version, for people and receipts.
    pub version: String,
    /// One sentence.
    pub description: String,
    /// What it may read.
    #[serde(default)]
    pub reads: Reads,
    /// Its rules.
    #[serde(default, rename = "rule")]
    pub rules: Vec<Rule>,
}

/// What a plugin may read of a target; everything else is refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reads {
    /// Keys, with everything below each.
    #[serde(default)]
    pub registry: Vec<String>,
    /// Folders, as Windows writes them, with everything below each.
    #[serde(default)]
    pub files: Vec<String>,
}

/// One rule: a function of the script with this name (hyphens as underscores).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Name, as fix blocks call it.
    pub name: String,
    /// What it finds, in one line.
    pub title: String,
    /// The arguments it takes.
    #[serde(default)]
    pub arguments: Vec<String>,
}

impl Manifest {
    /// Reads a manifest for the folder `folder`.
    ///
    /// # Errors
    /// What is wrong, in one sentence with its line where it has one.
    pub fn parse(folder: &str, text: &str) -> Result<Self, String> {
        let manifest: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        if manifest.name != folder {
            return Err(format!(
                "its name is {:?} but its folder is {folder:?}: give both one name",
                manifest.name
            ));
        }
        if !is_name(&manifest.name) {
            return Err(format!(
                "the name {:?} needs lower-case letters, digits and hyphens, a letter first",
                manifest.name
            ));
        }
        for rule in &manifest.rules {
            if rule.name.is_empty()
                || !rule.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
            {
                return Err(format!(
                    "the rule {:?} needs a name of lower-case letters and hyphens",
                    rule.name
                ));
            }
        }
        if manifest.rules.is_empty() {
            return Err("it offers no [[rule]]".to_owned());
        }
        Ok(manifest)
    }

    /// A rule by name.
    pub fn rule(&self, name: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.name == name)
    }
}

/// Whether a plugin may be called this.
pub(super) fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

impl Rule {
    /// The script's function.
    pub fn function(&self) -> String {
        self.name.replace('-', "_")
    }
}

impl Reads {
    /// Whether a key may be read.
    pub fn permit_key(&self, key: &str) -> bool {
        self.registry.iter().any(|root| is_below(key, root))
    }

    /// Whether a file may be looked at.
    pub fn permit_file(&self, path: &str) -> bool {
        self.files.iter().any(|root| is_below(path, root))
    }
}

/// Whether a path is `root` or lies below it, without regard to case. Paths
/// with `..` are below nothing.
fn is_below(path: &str, root: &str) -> bool {
    let parts = |text: &str| -> Vec<String> {
        text.split('\\').filter(|part| !part.is_empty()).map(str::to_lowercase).collect()
    };
    let (path, root) = (parts(path), parts(root));
    !path.iter().any(|part| part == "..") && !root.is_empty() && path.starts_with(&root)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
        name = "groups"
        version = "1.0"
        description = "d"
        [reads]
        registry = ['HKLM\SYSTEM\CurrentControlSet\Services']
        [[rule]]
        name = "missing-members"
        title = "t"
    "#;

    #[test]
    fn a_manifest_names_its_rules_and_reads() {
        let manifest = Manifest::parse("groups", GOOD).unwrap();
        assert_eq!(manifest.rule("missing-members").unwrap().function(), "missing_members");
        assert!(manifest.reads.permit_key(r"hklm\system\CURRENTCONTROLSET\services\BITS"));
        assert!(!manifest.reads.permit_key(r"HKLM\SYSTEM\CurrentControlSet\ServicesX"));
        assert!(!manifest.reads.permit_key(r"HKLM\SAM"));
        assert!(!manifest.reads.permit_file(r"C:\x"));
    }

    #[test]
    fn dots_lead_nowhere() {
        let reads = Reads { registry: Vec::new(), files: vec![r"C:\WINNT".to_owned()] };
        assert!(reads.permit_file(r"c:\winnt\system32"));
        assert!(!reads.permit_file(r"C:\WINNT\..\secret"));
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert!(Manifest::parse("other", GOOD).unwrap_err().contains("one name"));
        assert!(Manifest::parse("groups", "surprise = 1").is_err());
        let bad_rule = GOOD.replace("missing-members", "Missing Members");
        assert!(Manifest::parse("groups", &bad_rule).unwrap_err().contains("lower-case"));
    }
}

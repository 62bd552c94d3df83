//! Small broken installations: each is what an article's own example starts
//! from, so that the demo shows what the tests prove.

use std::path::{Path, PathBuf};

use crate::kb::fix::Example;
use crate::kb::{Article, Fix};
use crate::repair::release::builder_of;
use crate::windows::build::InstallationBuilder;

use super::{Session, SessionError};

/// A demo installation: which Windows, whose trouble, what it said.
struct Recipe {
    folder: &'static str,
    builder: fn() -> InstallationBuilder,
    article: &'static str,
    fix: &'static str,
    /// What the other articles about this Windows want is in order.
    healthy: &'static [(&'static str, &'static str)],
    said: &'static str,
}

/// What a sound Windows 2000 has besides its own trouble.
const SOUND_2000: &[(&str, &str)] = &[("kb910341", "senslogn-2000"), ("kb910341", "services-2000")];

/// What every Windows since XP has, whatever its trouble.
const SOUND_XP: &[(&str, &str)] = &[("smss-bootexecute", "missing"), ("exefile-assoc", "machine")];

const RECIPES: [Recipe; 5] = [
    Recipe {
        folder: "windows-2000",
        builder: InstallationBuilder::windows_2000,
        article: "netsvcs-2000",
        fix: "svchost-groups",
        healthy: SOUND_2000,
        said: "The System Event Notification service failed to start: error 1083. HRESULT was 8007043B from line 42 of .\\eventsystemobj.cpp",
    },
    Recipe {
        folder: "windows-xp",
        builder: InstallationBuilder::xp,
        article: "kb910341",
        fix: "senslogn-xp",
        healthy: SOUND_XP,
        said: "[Error number: 0x80240020] 0x800704DD while installing updates, Windows XP",
    },
    Recipe {
        folder: "server-2003-exchange",
        builder: InstallationBuilder::server_2003,
        article: "kb277770",
        fix: "dispatch-entries",
        healthy: &[
            ("kb910341", "senslogn-xp"),
            ("smss-bootexecute", "missing"),
            ("exefile-assoc", "machine"),
        ],
        said: "Could not start the Microsoft Exchange Routing Engine service. Error 1083",
    },
    Recipe {
        folder: "server-2000-iis",
        builder: || InstallationBuilder::windows_2000().server("Microsoft Windows 2000 Server"),
        article: "kb884872",
        fix: "machine-key",
        healthy: &[
            ("kb910341", "senslogn-2000"),
            ("kb910341", "services-2000"),
            ("netsvcs-2000", "svchost-groups"),
            ("kb277770", "dispatch-entries"),
        ],
        said: "W3SVC event 116: The service metabase path '/LM/W3SVC/' could not be opened. Error 1008",
    },
    Recipe {
        folder: "windows-vista",
        builder: || InstallationBuilder::vista().registry(DISK_DRIVERS),
        article: "kb968001",
        fix: "services-vista",
        healthy: &[
            ("smss-bootexecute", "missing"),
            ("exefile-assoc", "machine"),
            ("svc-wu-disabled", "start"),
        ],
        said: "-2147023651 Windows Update, Vista",
    },
];

/// One demo installation, built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoInstallation {
    /// Root of its volume.
    pub folder: PathBuf,
    /// The article about its trouble.
    pub article: String,
    /// The fix of the article that it needs.
    pub fix: String,
    /// What the machine said, as a technician would type it.
    pub said: String,
}

impl Session {
    /// Builds the demo installations below `directory`, a new or empty folder
    /// for each.
    ///
    /// # Errors
    /// [`super::ExitClass::Usage`] where they cannot be built there.
    pub fn build_demo(&self, directory: &Path) -> Result<Vec<DemoInstallation>, SessionError> {
        RECIPES.iter().map(|recipe| self.build_one(recipe, directory)).collect()
    }

    /// What an article's own example has after its repair.
    fn sound_state(&self, article: &str, fix: &str) -> Result<String, SessionError> {
        let found = self.article(article)?.fixes.iter().find(|known| known.id.fix == fix);
        let example = found.and_then(|fix| fix.examples.first());
        Ok(example.and_then(|example| example.registry_after.clone()).unwrap_or_default())
    }

    fn build_one(&self, recipe: &Recipe, directory: &Path) -> Result<DemoInstallation, SessionError> {
        let article = self.article(recipe.article)?;
        let fix = article.fixes.iter().find(|fix| fix.id.fix == recipe.fix);
        let example = fix.and_then(|fix| fix.examples.first()).ok_or_else(|| {
            SessionError::no_such(format!("{} has no example to demonstrate", recipe.article))
                .next("another pack replaces that article: run the demo without it")
        })?;
        let folder = directory.join(recipe.folder);
        let mut builder = (recipe.builder)().registry(NETWORK_CLIENT);
        for (article, fix) in recipe.healthy {
            builder = builder.registry(&self.sound_state(article, fix)?);
        }
        let builder = example_installation(builder, example);
        builder.build(&*self.storage, &folder).map_err(|error| {
            SessionError::usage(format!("cannot build a demo installation at {}: {error}", folder.display()))
                .next("name a folder that is empty or does not exist yet: pemedic demo DIR")
        })?;
        Ok(DemoInstallation {
            folder,
            article: recipe.article.to_owned(),
            fix: format!("{}/{}", recipe.article, recipe.fix),
            said: recipe.said.to_owned(),
        })
    }
}

/// The drivers without which Windows Vista and later do not reach their disk.
const DISK_DRIVERS: &str = r#"
[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\ACPI]
"Start"=dword:00000000
"Type"=dword:00000001

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\disk]
"Start"=dword:00000000
"Type"=dword:00000001

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\partmgr]
"Start"=dword:00000000
"Type"=dword:00000001

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\volmgr]
"Start"=dword:00000000
"Type"=dword:00000001

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\volsnap]
"Start"=dword:00000000
"Type"=dword:00000001
"#;

/// Client for Microsoft Networks, installed and bound, and a host name.
const NETWORK_CLIENT: &str = r#"
[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\LanmanWorkstation]
"Start"=dword:00000002
"Type"=dword:00000020

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\LanmanWorkstation\Linkage]
"Bind"=hex(7):5c,00,44,00,65,00,76,00,69,00,63,00,65,00,5c,00,4e,00,00,00,00,00

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters]
"Hostname"="pemedic-demo"
"#;

/// The installation that an example starts from.
pub fn example_installation(mut builder: InstallationBuilder, example: &Example) -> InstallationBuilder {
    if let Some(registry) = &example.registry_before {
        builder = builder.registry(registry);
    }
    for path in
        example.files_before.iter().flat_map(|files| files.lines()).filter(|line| !line.trim().is_empty())
    {
        builder = builder.file(path.trim(), path.trim().as_bytes());
    }
    builder
}

/// A builder of the oldest installation that a fix is for.
pub fn builder_for(article: &Article, fix: &Fix) -> InstallationBuilder {
    let entries = if fix.applies_to.is_empty() { &article.applies_to } else { &fix.applies_to };
    let Some(entry) = entries.first() else { return InstallationBuilder::xp() };
    builder_of(entry)
}

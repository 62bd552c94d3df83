//! The hives of an installation that is being built.

use crate::hive::reg_text::RegText;
use crate::hive::{self, Edited, Editor, HiveError, KeyPath, Value};

use super::super::control_set;
use super::super::folders::{self, PROFILE_LIST};
use super::super::path::Namespace;
use super::super::registry::key_name::{KeyName, Root};
use super::super::version::CURRENT_VERSION;
use super::BuildError;
use super::recipe::Recipe;

/// The control sets there are; the first one boots.
const CONTROL_SETS: [u32; 2] = [BOOTING, 2];
const BOOTING: u32 = 1;
/// The machine part of every account's SID here, and the first account's number.
const ACCOUNT_PREFIX: &str = "S-1-5-21-1085031214-1563985344-725345543";
const FIRST_ACCOUNT: usize = 1000;
/// Volume identity of `C:`: a disk signature and the partition's offset.
const VOLUME_IDENTITY: [u8; 12] = [0x50, 0xd3, 0x50, 0xd3, 0, 0x7e, 0, 0, 0, 0, 0, 0];
const SHELL_FOLDERS: &str = r"Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders";
const USER_HIVE_FORMAT: u32 = 3;

/// A hive with its place.
struct NewHive {
    root: Root,
    /// As Windows writes it, with variables.
    file: String,
    editor: Editor,
}

pub(super) struct Hives {
    recipe: Recipe,
    hives: Vec<NewHive>,
}

impl Hives {
    /// All hives with the values that every installation has.
    pub(super) fn new(recipe: &Recipe, computer_name: &str, people: &[String]) -> Result<Self, BuildError> {
        let mut hives = Self { recipe: *recipe, hives: Vec::new() };
        let config = recipe.config_folder();
        for name in ["SYSTEM", "SOFTWARE", "SAM", "SECURITY"] {
            let file = if recipe.is_vista_or_later() || name.starts_with("SA") || name.starts_with("SE") {
                name.to_owned()
            } else {
                name.to_lowercase()
            };
            hives.add(Root::Machine(name), format!(r"{config}\{file}"), recipe.hive_format())?;
        }
        hives.add(Root::DefaultUser, format!(r"{config}\DEFAULT"), recipe.hive_format())?;
        if recipe.is_vista_or_later() {
            hives.add(Root::Machine("COMPONENTS"), format!(r"{config}\COMPONENTS"), recipe.hive_format())?;
            hives.add(Root::BootConfiguration, r"C:\Boot\BCD".to_owned(), USER_HIVE_FORMAT)?;
        }
        hives.fill_system(computer_name)?;
        hives.fill_software()?;
        for (index, name) in people.iter().enumerate() {
            hives.add_person(&format!("{ACCOUNT_PREFIX}-{}", FIRST_ACCOUNT + index), name)?;
        }
        Ok(hives)
    }

    fn add(&mut self, root: Root, file: String, format: u32) -> Result<(), BuildError> {
        let hive = hive::create(format).map_err(|source| BuildError::Hive { hive: file.clone(), source })?;
        self.hives.push(NewHive { root, file, editor: hive.edit() });
        Ok(())
    }

    fn fill_system(&mut self, computer_name: &str) -> Result<(), BuildError> {
        let recipe = self.recipe;
        let mut values = vec![
            ("Select", "Current", Value::dword(BOOTING)),
            ("Select", "Default", Value::dword(BOOTING)),
            ("Select", "Failed", Value::dword(0)),
            ("Select", "LastKnownGood", Value::dword(2)),
            (r"MountedDevices", r"\DosDevices\C:", Value::binary(VOLUME_IDENTITY.to_vec())),
        ];
        let environment = r"Control\Session Manager\Environment";
        let control = [
            (r"Control\ComputerName\ComputerName", "ComputerName", Value::string(computer_name)),
            (r"Control\ProductOptions", "ProductType", Value::string(recipe.product_type)),
            (environment, "PROCESSOR_ARCHITECTURE", Value::string(recipe.architecture)),
            (environment, "windir", Value::expand_string("%SystemRoot%")),
        ];
        let mut keys = Vec::new();
        for set in CONTROL_SETS.map(control_set::key_name) {
            keys.extend(
                control.iter().map(|(key, name, value)| (format!(r"{set}\{key}"), *name, value.clone())),
            );
        }
        values.extend(keys.iter().map(|(key, name, value)| (key.as_str(), *name, value.clone())));
        self.fill(&Root::Machine("SYSTEM"), &values)?;
        for set in CONTROL_SETS.map(control_set::key_name) {
            self.create_key(&Root::Machine("SYSTEM"), &KeyPath::new(&set).join("Services"))?;
        }
        Ok(())
    }

    fn fill_software(&mut self) -> Result<(), BuildError> {
        let recipe = self.recipe;
        let root = format!(r"C:\{}", recipe.folder);
        let mut values: Vec<(&str, &str, Value)> = [
            ("CurrentVersion", recipe.version),
            ("CurrentBuild", recipe.build),
            ("CurrentBuildNumber", recipe.build),
            ("ProductName", recipe.product),
            ("SystemRoot", &root),
            ("PathName", &root),
        ]
        .into_iter()
        .map(|(name, text)| (CURRENT_VERSION, name, Value::string(text)))
        .collect();
        if let Some(major) = recipe.major {
            values.push((CURRENT_VERSION, "CurrentMajorVersionNumber", Value::dword(major)));
            values.push((CURRENT_VERSION, "CurrentMinorVersionNumber", Value::dword(0)));
        }
        let optional = [("EditionID", recipe.edition), ("CSDVersion", recipe.service_pack)];
        let present = optional.into_iter().filter_map(|(name, text)| Some((name, text?)));
        values.extend(present.map(|(name, text)| (CURRENT_VERSION, name, Value::string(text))));
        let programs = r"Microsoft\Windows\CurrentVersion";
        values.push((programs, "ProgramFilesDir", Value::string(r"C:\Program Files")));
        values.push((programs, "CommonFilesDir", Value::string(r"C:\Program Files\Common Files")));
        let profiles = Value::expand_string(recipe.profiles_folder());
        values.push((PROFILE_LIST, "ProfilesDirectory", profiles));
        if recipe.is_vista_or_later() {
            values.push((PROFILE_LIST, "ProgramData", Value::expand_string(r"%SystemDrive%\ProgramData")));
            values.push((PROFILE_LIST, "Public", Value::expand_string(r"%SystemDrive%\Users\Public")));
        } else {
            values.push((PROFILE_LIST, "AllUsersProfile", Value::string("All Users")));
            values.push((PROFILE_LIST, "DefaultUserProfile", Value::string("Default User")));
        }
        self.fill(&Root::Machine("SOFTWARE"), &values)?;
        self.create_key(&Root::Machine("SOFTWARE"), &KeyPath::new("Classes"))
    }

    fn add_person(&mut self, sid: &str, name: &str) -> Result<(), BuildError> {
        let folder = format!(r"{}\{name}", self.recipe.profiles_folder());
        let key = format!(r"{PROFILE_LIST}\{sid}");
        let image_path = Value::expand_string(&folder);
        self.fill(&Root::Machine("SOFTWARE"), &[(&key, "ProfileImagePath", image_path)])?;
        let classes = format!(r"{folder}\{}", self.recipe.classes_file());
        self.add(Root::UserClasses(sid.to_owned()), classes, USER_HIVE_FORMAT)?;
        self.add(Root::User(sid.to_owned()), format!(r"{folder}\NTUSER.DAT"), USER_HIVE_FORMAT)?;
        let local = if self.recipe.is_vista_or_later() {
            r"%USERPROFILE%\AppData\Local"
        } else {
            r"%USERPROFILE%\Local Settings\Application Data"
        };
        let values = [(SHELL_FOLDERS, "Local AppData", Value::expand_string(local))];
        self.fill(&Root::User(sid.to_owned()), &values)
    }

    /// Makes the registry as the text says.
    pub(super) fn import(&mut self, text: &RegText) -> Result<(), BuildError> {
        for entry in &text.entries {
            let name = KeyName::parse(&entry.key).ok_or_else(|| BuildError::UnknownKey(entry.key.clone()))?;
            let path = match name.root {
                Root::Machine("SYSTEM") => control_set::with_real_name(&name.path, BOOTING),
                _ => name.path,
            };
            let mut found = false;
            for hive in self.hives.iter_mut().filter(|hive| is_meant(&name.root, &hive.root)) {
                found = true;
                apply(&mut hive.editor, &path, entry)
                    .map_err(|source| BuildError::Hive { hive: hive.file.clone(), source })?;
            }
            if !found {
                return Err(BuildError::UnknownKey(entry.key.clone()));
            }
        }
        Ok(())
    }

    /// The letters and variables of the installation as its hives say them now.
    pub(super) fn namespace(&self) -> Result<Namespace, BuildError> {
        let mut namespace = Namespace::new('C', &[self.recipe.folder.to_owned()]);
        for hive in self.hives.iter().filter(|hive| hive.root == Root::Machine("SOFTWARE")) {
            folders::define(&mut namespace, hive.editor.hive())
                .map_err(|source| BuildError::Hive { hive: hive.file.clone(), source })?;
        }
        Ok(namespace)
    }

    /// The finished images with their paths as Windows writes them.
    pub(super) fn finish(self) -> Result<Vec<(String, Edited)>, BuildError> {
        let finished = self.hives.into_iter().map(|hive| match hive.editor.finish() {
            Ok(edited) => Ok((hive.file, edited)),
            Err(source) => Err(BuildError::Hive { hive: hive.file, source }),
        });
        finished.collect()
    }

    fn fill(&mut self, root: &Root, values: &[(&str, &str, Value)]) -> Result<(), BuildError> {
        for hive in self.hives.iter_mut().filter(|hive| hive.root == *root) {
            for (key, name, value) in values {
                let key = KeyPath::new(key);
                let editor = &mut hive.editor;
                editor
                    .create_key(&key)
                    .and_then(|()| editor.set_value(&key, name, value))
                    .map_err(|source| BuildError::Hive { hive: hive.file.clone(), source })?;
            }
        }
        Ok(())
    }

    fn create_key(&mut self, root: &Root, key: &KeyPath) -> Result<(), BuildError> {
        for hive in self.hives.iter_mut().filter(|hive| hive.root == *root) {
            hive.editor
                .create_key(key)
                .map_err(|source| BuildError::Hive { hive: hive.file.clone(), source })?;
        }
        Ok(())
    }
}

/// Whether a key of `named` is in the hive of `root`.
fn is_meant(named: &Root, root: &Root) -> bool {
    match named {
        Root::EveryUser => matches!(root, Root::User(_)),
        Root::EveryUserClasses => matches!(root, Root::UserClasses(_)),
        other => other == root,
    }
}

fn apply(
    editor: &mut Editor,
    key: &KeyPath,
    entry: &crate::hive::reg_text::RegEntry,
) -> Result<(), HiveError> {
    if entry.delete {
        return if editor.hive().key_exists(key)? { editor.delete_key(key) } else { Ok(()) };
    }
    editor.create_key(key)?;
    for (name, value) in &entry.values {
        match value {
            Some(value) => editor.set_value(key, name, value)?,
            None if editor.hive().value(key, name)?.is_some() => editor.delete_value(key, name)?,
            None => {}
        }
    }
    Ok(())
}

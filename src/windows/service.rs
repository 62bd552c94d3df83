//! Services and drivers: what their keys mean.
//!
//! Value names and meanings from "HKLM\SYSTEM\CurrentControlSet\Services
//! Registry Tree" (Windows driver reference) and `CreateService` (Win32 reference).

mod command_line;

use crate::hive::{Hive, HiveError, KeyPath, NamedValue, Value};

use super::path::component::same_name;
use super::registry::{Located, OfflineRegistry, RegistryError};

pub use command_line::{program_of, svchost_group_of};

/// Where services have their keys.
pub const SERVICES: &str = r"HKLM\SYSTEM\CurrentControlSet\Services";

/// A service or driver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// The key's name.
    pub name: String,
    /// `DisplayName` as stored; `@file,-number` where it is in a resource.
    pub display_name: Option<String>,
    /// `Type`: 1 kernel driver, 2 file system driver, 0x10 own process, 0x20
    /// shared process, with flags above; 0 where the key has none.
    pub kind: u32,
    /// `Start`: 0 boot, 1 system, 2 auto, 3 demand, 4 disabled.
    pub start: Option<u32>,
    /// `DelayedAutostart` is 1.
    pub delayed: bool,
    /// `ErrorControl`: 0 ignore, 1 normal, 2 severe, 3 critical.
    pub error_control: Option<u32>,
    /// What runs.
    pub program: Program,
    /// What must be there before it.
    pub order: LoadOrder,
    /// `ObjectName`: the account it runs under.
    pub account: Option<String>,
}

/// What a service runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Program {
    /// `ImagePath` as stored.
    pub image_path: Option<String>,
    /// The file in it, as Windows finds it: without quotes and arguments, and
    /// for a driver without an image path the one named after it.
    pub file: Option<String>,
    /// `Parameters\ServiceDll`, for services that share a process.
    pub service_dll: Option<String>,
    /// The group behind `-k` of `svchost.exe`.
    pub svchost_group: Option<String>,
}

/// When a service is loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoadOrder {
    /// `Group`.
    pub group: Option<String>,
    /// `DependOnService`.
    pub services: Vec<String>,
    /// `DependOnGroup`.
    pub groups: Vec<String>,
}

impl Service {
    /// A kernel or file system driver.
    pub fn is_driver(&self) -> bool {
        // SERVICE_DRIVER (winnt.h): kernel, file system, recognizer.
        self.kind & 0x0000_000B != 0
    }
}

/// One service; `None` where it has no key.
///
/// # Errors
/// [`RegistryError`].
pub fn read(registry: &OfflineRegistry<'_>, name: &str) -> Result<Option<Service>, RegistryError> {
    let mut places = registry.locate(&format!("{SERVICES}\\{name}"))?;
    let Some(located) = places.pop() else { return Ok(None) };
    let hive = registry.hive(&located)?;
    from_hive(&hive, &located.path, name).map_err(|source| damaged(&located, source))
}

/// Every service of the control set that boots, in stored (alphabetical) order.
///
/// # Errors
/// [`RegistryError`].
pub fn list(registry: &OfflineRegistry<'_>) -> Result<Vec<Service>, RegistryError> {
    let mut services = Vec::new();
    for located in registry.locate(SERVICES)? {
        let hive = registry.hive(&located)?;
        let names = hive.subkeys(&located.path).map_err(|source| damaged(&located, source))?;
        for name in names.unwrap_or_default() {
            let service = from_hive(&hive, &located.path.join(&name), &name);
            services.extend(service.map_err(|source| damaged(&located, source))?);
        }
    }
    Ok(services)
}

fn damaged(located: &Located, source: HiveError) -> RegistryError {
    RegistryError::Hive { key: located.full_name.clone(), source }
}

fn from_hive(hive: &Hive, key: &KeyPath, name: &str) -> Result<Option<Service>, HiveError> {
    let Some(values) = hive.values(key)? else { return Ok(None) };
    let text = |name| find(&values, name).and_then(Value::as_string).filter(|text| !text.is_empty());
    let number = |name| find(&values, name).and_then(Value::as_dword);
    let list = |name| find(&values, name).map(strings).unwrap_or_default();
    let dll = hive.value(&key.join("Parameters"), "ServiceDll")?;
    let mut service = Service {
        name: name.to_owned(),
        display_name: text("DisplayName"),
        kind: number("Type").unwrap_or_default(),
        start: number("Start"),
        delayed: number("DelayedAutostart") == Some(1),
        error_control: number("ErrorControl"),
        program: Program::default(),
        order: LoadOrder {
            group: text("Group"),
            services: list("DependOnService"),
            groups: list("DependOnGroup"),
        },
        account: text("ObjectName"),
    };
    let image_path = text("ImagePath");
    service.program = Program {
        file: program_file(&service, image_path.as_deref()),
        svchost_group: image_path.as_deref().and_then(svchost_group_of),
        service_dll: dll.and_then(|value| value.as_string()).filter(|dll| !dll.is_empty()),
        image_path,
    };
    Ok(Some(service))
}

fn program_file(service: &Service, image_path: Option<&str>) -> Option<String> {
    match image_path {
        Some(path) if service.is_driver() => Some(path.trim().to_owned()),
        Some(command_line) => program_of(command_line),
        None if service.is_driver() => Some(format!(r"\SystemRoot\System32\drivers\{}.sys", service.name)),
        None => None,
    }
}

fn find<'v>(values: &'v [NamedValue], name: &str) -> Option<&'v Value> {
    values.iter().find(|value| same_name(&value.name, name)).map(|value| &value.value)
}

/// The members of a list; some installers store a single one as a plain string.
fn strings(value: &Value) -> Vec<String> {
    let members = value.as_multi_string().or_else(|| value.as_string().map(|only| vec![only]));
    members.unwrap_or_default().into_iter().filter(|member| !member.is_empty()).collect()
}

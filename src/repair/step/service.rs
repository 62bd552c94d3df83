//! Steps on the start type of a service (values `Start` and
//! `DelayedAutostart`; Win32 reference, "Service Configuration Program").

use crate::hive::Value;
use crate::kb::fix::StartType;
use crate::windows::Located;

use super::super::change::ABSENT;
use super::super::intent::Intent;
use super::super::obstacle::Obstacle;
use super::super::resolve::Resolver;
use super::{Looked, places};

/// The service starts in one of these ways; the first is written where it
/// does not.
pub(super) fn start(
    service: &str,
    accepted: &[StartType],
    delayed: Option<bool>,
    resolver: Resolver<'_, '_>,
) -> Result<Looked, Obstacle> {
    let mut looked = Looked::default();
    for at in places(&format!(r"HKLM\SYSTEM\CurrentControlSet\Services\{service}"), resolver)? {
        if !resolver.workspace.key_exists(&at)? {
            return Err(Obstacle::blocked(format!(
                "the service {service} is not installed ({} is absent): a start type alone would not bring it back",
                at.full_name
            )));
        }
        start_value(&at, accepted, resolver, &mut looked)?;
        if let Some(delayed) = delayed {
            delayed_value(&at, delayed, resolver, &mut looked)?;
        }
    }
    Ok(looked)
}

fn start_value(
    at: &Located,
    accepted: &[StartType],
    resolver: Resolver<'_, '_>,
    looked: &mut Looked,
) -> Result<(), Obstacle> {
    let present = resolver.workspace.value(at, "Start")?;
    let number = present.as_ref().and_then(Value::as_dword);
    let found = match (number.and_then(named), &present) {
        (Some(name), _) => name.to_owned(),
        (None, Some(value)) => value.to_string(),
        (None, None) => ABSENT.to_owned(),
    };
    let place = format!("{}\\Start", at.full_name);
    let Some(preferred) = accepted.first() else { return Ok(()) };
    if accepted.iter().any(|start| Some(start_number(*start)) == number) {
        looked.saw(place, found, None);
        return Ok(());
    }
    let names: Vec<&str> = accepted.iter().filter_map(|start| named(start_number(*start))).collect();
    looked.saw(place, found, Some(names.join(" or ")));
    let value = Value::dword(start_number(*preferred));
    looked.intents.push(Intent::SetValue { at: at.clone(), name: "Start".to_owned(), value });
    Ok(())
}

fn delayed_value(
    at: &Located,
    delayed: bool,
    resolver: Resolver<'_, '_>,
    looked: &mut Looked,
) -> Result<(), Obstacle> {
    let name = "DelayedAutostart";
    let present = resolver.workspace.value(at, name)?;
    // Without the value a service is not delayed.
    let is_delayed = present.as_ref().and_then(Value::as_dword).is_some_and(|number| number != 0);
    let found = present.as_ref().map_or_else(|| ABSENT.to_owned(), ToString::to_string);
    let place = format!("{}\\{name}", at.full_name);
    if is_delayed == delayed {
        looked.saw(place, found, None);
        return Ok(());
    }
    let value = Value::dword(u32::from(delayed));
    looked.saw(place, found, Some(value.to_string()));
    looked.intents.push(Intent::SetValue { at: at.clone(), name: name.to_owned(), value });
    Ok(())
}

fn start_number(start: StartType) -> u32 {
    match start {
        StartType::Boot => 0,
        StartType::System => 1,
        StartType::Auto => 2,
        StartType::Demand => 3,
        StartType::Disabled => 4,
    }
}

fn named(number: u32) -> Option<&'static str> {
    ["boot (0)", "system (1)", "auto (2)", "demand (3)", "disabled (4)"]
        .get(usize::try_from(number).ok()?)
        .copied()
}

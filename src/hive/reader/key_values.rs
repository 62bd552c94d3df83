//! A key's values as both readers see them.

use nt_hive::NtHiveError;

use super::capitals::{are_contested, is_same_name};
use super::contain::contain;
use super::key::{Key, OutsideKey};
use super::{Budget, Cover, Seen};
use crate::hive::format::SEGMENT_SIZE;
use crate::hive::key_node::{at, flag};
use crate::hive::key_value::KeyValue;
use crate::hive::name::StoredName;
use crate::hive::{HiveError, NamedValue, Value};

/// nt-hive's view of a value.
type OutsideValue<'r, 'a> = nt_hive::KeyValue<'r, &'a [u8]>;

impl<'r, 'a> Key<'r, 'a> {
    /// All values in stored order.
    pub(in crate::hive) fn values(&self, budget: &mut Budget) -> Result<Seen<Vec<NamedValue>>, HiveError> {
        let mut own = Vec::new();
        for offset in self.node().values(self.cells())? {
            let value = KeyValue::read(self.cells(), offset)?;
            budget.take(value.stored_size(), value.offset)?;
            own.push(value);
        }
        let outside = match self.outside_values(own.len()) {
            Ok(outside) => outside,
            Err(cover) if own.is_empty() => return Ok(Seen { answer: Vec::new(), covers: vec![cover] }),
            Err(cover) => vec![Err(cover); own.len()],
        };
        if outside.len() != own.len() {
            let (outside, own) = (outside.len(), own.len());
            return Err(self.disagreement(&format!("{outside} values"), &format!("{own}")));
        }
        let mut seen = Seen::by_both(Vec::with_capacity(own.len()));
        for (own, outside) in own.iter().zip(outside) {
            let value = self.read_value(own, outside)?;
            seen.covers.extend(value.covers);
            seen.answer.push(NamedValue { name: own.name.to_string_lossy(), value: value.answer });
        }
        Ok(seen)
    }

    /// The value of a name.
    pub(in crate::hive) fn value(&self, name: &str) -> Result<Seen<Option<Value>>, HiveError> {
        let stored = StoredName::wide(name);
        let mut own = None;
        for offset in self.node().values(self.cells())? {
            let value = KeyValue::read(self.cells(), offset)?;
            if value.name.is_same(stored.as_name()) {
                own = Some(value);
                break;
            }
        }
        let asked = self
            .with_values()
            .and_then(|outside| contain(|| outside.value(name).transpose()).map_err(Cover::Failed));
        let read = |own: &KeyValue<'a>, outside| Ok(self.read_value(own, outside)?.map(Some));
        match (own, asked) {
            (None, Ok(None)) => Ok(Seen::by_both(None)),
            (None, Err(cover)) => Ok(Seen { answer: None, covers: vec![cover] }),
            (Some(own), Err(cover)) => read(&own, Err(cover)),
            (Some(own), Ok(Some(outside))) if value_names_agree(&outside, &own) => read(&own, Ok(outside)),
            (own, Ok(found)) => {
                // nt-hive missed it, or took another for it.
                if !are_contested(stored.as_name()) && !self.has_contested_values()? {
                    let says = |there| if there { "a value" } else { "no value" };
                    let (outside, own) = (says(found.is_some()), says(own.is_some()));
                    return Err(self.disagreement(&format!("{outside} {name:?}"), &own));
                }
                match own {
                    Some(own) => read(&own, Err(Cover::Capitals)),
                    None => Ok(Seen { answer: None, covers: vec![Cover::Capitals] }),
                }
            }
        }
    }

    fn has_contested_values(&self) -> Result<bool, HiveError> {
        for offset in self.node().values(self.cells())? {
            if are_contested(KeyValue::read(self.cells(), offset)?.name) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// nt-hive's values, each or what it said instead; at most one more than
    /// `expected`.
    fn outside_values(&self, expected: usize) -> Result<Vec<Result<OutsideValue<'r, 'a>, Cover>>, Cover> {
        let outside = self.with_values()?;
        let values = contain(|| outside.values().transpose()).map_err(Cover::Failed)?;
        let Some(mut values) = values else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        while found.len() <= expected {
            match contain(|| Ok(values.next())) {
                Ok(None) => break,
                Ok(Some(value)) => found.push(value.map_err(|error| Cover::Failed(error.to_string()))),
                // A panic may have left its place in the list behind.
                Err(said) => return Err(Cover::Failed(said)),
            }
        }
        Ok(found)
    }

    /// nt-hive's view, unless it would follow a list that means nothing.
    fn with_values(&self) -> Result<&OutsideKey<'r, 'a>, Cover> {
        let outside = self.outside()?;
        let node = self.node();
        if node.value_count() == 0 && !node.link(at::VALUE_LIST).is_none() {
            let is_handle = node.has_flag(flag::PREDEFINED_HANDLE);
            return Err(if is_handle { Cover::PredefinedHandle } else { Cover::StaleValueList });
        }
        Ok(outside)
    }

    /// A value that both see, or ours alone.
    fn read_value(
        &self,
        own: &KeyValue<'a>,
        outside: Result<OutsideValue<'r, 'a>, Cover>,
    ) -> Result<Seen<Value>, HiveError> {
        let decoded = Value { kind: own.kind(), data: own.data(self.cells())?.into_owned() };
        let outside = match outside {
            Ok(outside) if value_names_agree(&outside, own) => outside,
            Ok(_) => return Err(self.other_value(own, "another name")),
            Err(cover) => return Ok(Seen { answer: decoded, covers: vec![cover] }),
        };
        let mut covers = Vec::new();
        let data = match self.outside_data(own, &outside) {
            Ok(data) if data == decoded.data => data,
            Ok(_) => return Err(self.other_value(own, "other data")),
            Err(cover) => {
                covers.push(cover);
                decoded.data
            }
        };
        match contain(|| Ok(outside.data_type())) {
            Ok(Ok(kind)) if kind as u32 == decoded.kind.0 => {}
            Ok(Err(NtHiveError::UnsupportedKeyValueDataType { actual, .. })) if actual == decoded.kind.0 => {
                covers.push(Cover::UnknownType);
            }
            Ok(Err(error)) => covers.push(Cover::Failed(error.to_string())),
            Err(said) => covers.push(Cover::Failed(said)),
            Ok(Ok(_)) => return Err(self.other_value(own, "another type")),
        }
        // One value counts once.
        covers.truncate(1);
        Ok(Seen { answer: Value { kind: decoded.kind, data }, covers })
    }

    fn outside_data(&self, own: &KeyValue<'a>, outside: &OutsideValue<'r, 'a>) -> Result<Vec<u8>, Cover> {
        let size = own.data_size();
        if size > SEGMENT_SIZE && !self.cells().format.has_big_data() {
            return Err(Cover::WholeData);
        }
        if size == 0 && !own.is_inline() {
            return Err(Cover::EmptyData);
        }
        contain(|| outside.data()?.into_vec()).map_err(Cover::Failed)
    }

    fn other_value(&self, own: &KeyValue<'a>, what: &str) -> HiveError {
        let name = own.name.to_string_lossy();
        self.disagreement(&format!("{what} for the value {name:?}"), &"what it decodes itself")
    }
}

fn value_names_agree(outside: &OutsideValue<'_, '_>, own: &KeyValue<'_>) -> bool {
    contain(|| outside.name().map(|name| is_same_name(&name, own.name))) == Ok(true)
}

//! A key as both readers see it.

use std::fmt::Display;

use nt_hive::NtHiveNameString;

use super::capitals::{are_contested, is_same_name};
use super::contain::contain;
use super::{Budget, Cover, Reader, Seen};
use crate::hive::HiveError;
use crate::hive::cell::Cells;
use crate::hive::key_node::{HEAD_SIZE, KeyNode, at};
use crate::hive::name::{Name, StoredName};

/// nt-hive's view of a key.
pub(super) type OutsideKey<'r, 'a> = nt_hive::KeyNode<'r, &'a [u8]>;

/// A key under both readers; under our own alone where nt-hive has none.
pub(in crate::hive) struct Key<'r, 'a> {
    reader: &'r Reader<'a>,
    own: KeyNode<'a>,
    outside: Result<OutsideKey<'r, 'a>, Cover>,
}

impl<'r, 'a> Key<'r, 'a> {
    pub(super) fn root(reader: &'r Reader<'a>) -> Result<Self, HiveError> {
        let own = KeyNode::read(&reader.cells, reader.cells.root)?;
        let outside = match &reader.outside {
            Ok(outside) => contain(|| outside.root_key_node()).map_err(Cover::Failed),
            Err(cover) => Err(cover.clone()),
        };
        Self { reader, own, outside }.agreed_on_name()
    }

    /// The key as our decoder sees it, for what nt-hive does not give.
    pub(in crate::hive) fn node(&self) -> &KeyNode<'a> {
        &self.own
    }

    /// Why our decoder answers alone about this key, if it does.
    pub(super) fn cover(&self) -> Option<Cover> {
        self.outside.as_ref().err().cloned()
    }

    pub(super) fn cells(&self) -> &'r Cells<'a> {
        &self.reader.cells
    }

    pub(super) fn outside(&self) -> Result<&OutsideKey<'r, 'a>, Cover> {
        self.outside.as_ref().map_err(Clone::clone)
    }

    /// The subkey of a name.
    pub(in crate::hive) fn subkey(&self, name: &str) -> Result<Seen<Option<Self>>, HiveError> {
        let stored = StoredName::wide(name);
        let own = self.own.find(self.cells(), stored.as_name())?;
        let asked = self
            .with_subkeys()
            .and_then(|outside| contain(|| outside.subkey(name).transpose()).map_err(Cover::Failed));
        match (own, asked) {
            (None, Ok(None)) => Ok(Seen::by_both(None)),
            (None, Err(cover)) => Ok(Seen { answer: None, covers: vec![cover] }),
            (None, Ok(Some(outside))) => {
                let contested = contain(|| outside.name().map(|found| has_contested(&found)));
                if contested == Ok(true) || are_contested(stored.as_name()) {
                    return Ok(Seen { answer: None, covers: vec![Cover::Capitals] });
                }
                Err(self.disagreement(&format!("a subkey {name:?}"), &"none"))
            }
            // The key itself says that it is covered.
            (Some(own), Err(cover)) => Ok(Seen::by_both(Some(self.beside(own, Err(cover))))),
            (Some(own), Ok(found)) => {
                let found = found.filter(|outside| names_agree(outside, own.name));
                match found {
                    Some(outside) => Ok(Seen::by_both(Some(self.beside(own, Ok(outside))))),
                    None => self.found_in_list(own, name),
                }
            }
        }
    }

    /// A subkey that nt-hive's search missed: it must be in nt-hive's list, and
    /// letters of contested capitals beside it must explain the miss.
    fn found_in_list(&self, own: KeyNode<'a>, name: &str) -> Result<Seen<Option<Self>>, HiveError> {
        let siblings = self.subkeys(&mut self.reader.budget())?;
        let explained = siblings.answer.iter().any(|sibling| are_contested(sibling.own.name));
        let same = siblings.answer.into_iter().find(|sibling| sibling.own.offset == own.offset);
        match same {
            Some(key) if explained => Ok(Seen { answer: Some(key), covers: vec![Cover::Capitals] }),
            _ => Err(self.disagreement(&"none", &format!("a subkey {name:?}"))),
        }
    }

    /// All subkeys in stored order.
    pub(in crate::hive) fn subkeys(&self, budget: &mut Budget) -> Result<Seen<Vec<Self>>, HiveError> {
        let mut own = Vec::new();
        if let Some(list) = self.own.subkeys(self.cells())? {
            for subkey in list.iter(self.cells()) {
                let node = KeyNode::read(self.cells(), subkey?)?;
                budget.take(HEAD_SIZE + node.name.bytes().len(), node.offset)?;
                own.push(node);
            }
        }
        // No more than our decoder saw: the list was checked as far as that.
        let most = own.len() + 1;
        let asked = self.with_subkeys().and_then(|outside| {
            contain(|| match outside.subkeys().transpose()? {
                Some(subkeys) => subkeys.take(most).collect(),
                None => Ok(Vec::new()),
            })
            .map_err(Cover::Failed)
        });
        match asked {
            Err(cover) => {
                let covers = vec![cover.clone()];
                let answer = own.into_iter().map(|own| self.beside(own, Err(cover.clone()))).collect();
                Ok(Seen { answer, covers })
            }
            Ok(outside) if outside.len() == own.len() => {
                let pairs = own.into_iter().zip(outside);
                let keys = pairs.map(|(own, outside)| self.beside(own, Ok(outside)).agreed_on_name());
                keys.collect::<Result<_, _>>().map(Seen::by_both)
            }
            Ok(outside) => {
                let (outside, own) = (outside.len(), own.len());
                Err(self.disagreement(&format!("{outside} subkeys"), &format!("{own}")))
            }
        }
    }

    /// The class name's bytes, where there is one.
    pub(in crate::hive) fn class(&self) -> Result<Seen<Option<Vec<u8>>>, HiveError> {
        let Some(own) = self.own.class(self.cells())? else { return Ok(Seen::by_both(None)) };
        let asked = self.outside().and_then(|outside| {
            contain(|| match outside.class_name().transpose()? {
                Some(NtHiveNameString::Utf16LE(bytes) | NtHiveNameString::Latin1(bytes)) => {
                    Ok(bytes.to_vec())
                }
                None => Ok(Vec::new()),
            })
            .map_err(Cover::Failed)
        });
        match asked {
            Ok(class) if class == own => Ok(Seen::by_both(Some(class))),
            Ok(class) => Err(self.disagreement(
                &format!("a class name of {} bytes", class.len()),
                &format!("another of {}", own.len()),
            )),
            Err(cover) => Ok(Seen { answer: Some(own.to_vec()), covers: vec![cover] }),
        }
    }

    /// nt-hive's view, unless it would follow a list that means nothing.
    fn with_subkeys(&self) -> Result<&OutsideKey<'r, 'a>, Cover> {
        let outside = self.outside()?;
        if self.own.subkey_count() == 0 && !self.own.link(at::SUBKEY_LIST).is_none() {
            return Err(Cover::StaleSubkeyList);
        }
        Ok(outside)
    }

    fn beside(&self, own: KeyNode<'a>, outside: Result<OutsideKey<'r, 'a>, Cover>) -> Self {
        Self { reader: self.reader, own, outside }
    }

    /// The key, if both read the same name.
    fn agreed_on_name(mut self) -> Result<Self, HiveError> {
        let Ok(outside) = &self.outside else { return Ok(self) };
        let own = self.own.name;
        match contain(|| outside.name().map(|name| (is_same_name(&name, own), name.to_string_lossy()))) {
            Ok((true, _)) => Ok(self),
            Ok((false, name)) => Err(self.disagreement(&format!("the name {name:?}"), &"another")),
            Err(said) => {
                self.outside = Err(Cover::Failed(said));
                Ok(self)
            }
        }
    }

    pub(super) fn disagreement(&self, outside: &dyn Display, own: &dyn Display) -> HiveError {
        HiveError::Disagreement {
            offset: self.own.offset.absolute(),
            key: self.own.name.to_string_lossy(),
            outside: outside.to_string(),
            own: own.to_string(),
        }
    }
}

fn names_agree(outside: &OutsideKey<'_, '_>, own: Name<'_>) -> bool {
    contain(|| outside.name().map(|name| is_same_name(&name, own))) == Ok(true)
}

fn has_contested(name: &NtHiveNameString<'_>) -> bool {
    match name {
        NtHiveNameString::Latin1(bytes) => are_contested(Name::new(bytes, true)),
        NtHiveNameString::Utf16LE(bytes) => are_contested(Name::new(bytes, false)),
    }
}

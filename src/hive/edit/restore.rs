//! Putting a deleted key tree back.

use super::Editor;
use super::keys::check_depth;
use crate::hive::field::put;
use crate::hive::key_node::{at, flag};
use crate::hive::name::StoredName;
use crate::hive::{CellOffset, HiveError, KeyTree};

impl Editor {
    /// Adds `tree` under `parent`, which lies `depth` keys below the root.
    pub(super) fn add_tree(
        &mut self,
        parent: CellOffset,
        depth: usize,
        tree: &KeyTree,
    ) -> Result<(), HiveError> {
        check_depth(depth + 1)?;
        let mut name = StoredName::of_key(&tree.name, self.format())?;
        if tree.flags & flag::COMPRESSED_NAME == 0 {
            name = StoredName::wide(&tree.name);
        }
        let security = self.adopt_security(&tree.security)?;
        let key = self.place_key(parent, &name, tree.flags & !flag::HIVE_ENTRY, security)?;
        self.put_class(parent, key, tree.class.as_deref().unwrap_or_default())?;
        for named in &tree.values {
            self.put_value(key, &named.name, &named.value)?;
        }
        for subtree in &tree.subkeys {
            self.add_tree(key, depth + 1, subtree)?;
        }
        let payload = self.payload_mut(key)?;
        put(payload, at::ACCESS, &tree.access.to_le_bytes());
        put(payload, at::CONTROL, &tree.control.to_le_bytes());
        put(payload, at::LAST_WRITTEN, &tree.last_written.0.to_le_bytes());
        Ok(())
    }

    fn put_class(&mut self, parent: CellOffset, key: CellOffset, class: &[u8]) -> Result<(), HiveError> {
        if class.is_empty() {
            return Ok(());
        }
        let size = u16::try_from(class.len())
            .map_err(|_| HiveError::Limit(format!("a class name of {} bytes", class.len())))?;
        let cell = self.allocate(class.len())?;
        put(self.payload_mut(cell)?, 0, class);
        self.put_u32(key, at::CLASS, cell.get())?;
        put(self.payload_mut(key)?, at::CLASS_SIZE, &size.to_le_bytes());
        self.raise(parent, at::LARGEST_CLASS, size.into())
    }
}

//! An empty hive.

use super::base_block::{self, BASE_BLOCK_SIZE};
use super::bin::{self, BIN_ALIGNMENT, BIN_HEADER_SIZE, Bin};
use super::cell::Cell;
use super::field::put;
use super::format::Format;
use super::key_node::{NewKey, flag};
use super::name::StoredName;
use super::{CellOffset, FileTime, Hive, HiveError, key_security};

/// Administrators own it; the system and administrators may do everything,
/// everyone may read: `O:BAG:SYD:(A;CI;KA;;;SY)(A;CI;KA;;;BA)(A;CI;KR;;;WD)`.
const DESCRIPTOR: &[u8] = &[
    1, 0, 4, 0x80, 20, 0, 0, 0, 36, 0, 0, 0, 0, 0, 0, 0, 48, 0, 0,
    0, // header: self-relative, with DACL
    1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 32, 2, 0, 0, // owner: administrators
    1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0, // group: system
    2, 0, 72, 0, 3, 0, 0, 0, // three entries
    0, 2, 20, 0, 0x3f, 0, 0x0f, 0, 1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0, // system
    0, 2, 24, 0, 0x3f, 0, 0x0f, 0, 1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 32, 2, 0, 0, // administrators
    0, 2, 20, 0, 0x19, 0, 2, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, // everyone
];

/// Makes a hive of format 1.`minor` that holds its root key alone (Windows
/// writes 1.3 for profiles and the boot configuration, 1.5 for the machine).
///
/// # Errors
/// [`HiveError::UnsupportedVersion`] for a minor version other than 1 to 6.
pub fn create(minor: u32) -> Result<Hive, HiveError> {
    let format = Format::new(1, minor)?;
    let time = FileTime::now();
    let mut image = base_block::blank(format);
    image.resize(BASE_BLOCK_SIZE + BIN_ALIGNMENT, 0);
    let bin = Bin { start: 0, size: BIN_ALIGNMENT };
    let mut page = FirstPage { bytes: image.split_off(BASE_BLOCK_SIZE), next: BIN_HEADER_SIZE, format };
    bin::write_header(&mut page.bytes, bin);

    let name = StoredName::of_key("ROOT", format)?;
    let security_size = key_security::payload_size(DESCRIPTOR);
    let security = page.place(security_size, |payload, own| {
        key_security::encode(payload, own, own, DESCRIPTOR);
        put(payload, key_security::KEY_COUNT, &1_u32.to_le_bytes());
    });
    let flags = flag::HIVE_ENTRY | flag::NO_DELETE;
    let root = NewKey { name: &name, flags, parent: CellOffset::NONE, security, time };
    let root = page.place(root.payload_size(), |payload, _| root.encode(payload));
    page.fill_with_free_cell();

    image.append(&mut page.bytes);
    base_block::set_root(&mut image, root);
    base_block::set_bins_size(&mut image, 4096);
    base_block::seal(&mut image, 1, time);
    Hive::from_image(image)
}

/// The one bin of a new hive, filled from its start.
struct FirstPage {
    bytes: Vec<u8>,
    next: usize,
    format: Format,
}

impl FirstPage {
    fn place(&mut self, payload_size: usize, encode: impl FnOnce(&mut [u8], CellOffset)) -> CellOffset {
        let header = self.format.cell_header_size();
        let size = (header + payload_size).next_multiple_of(self.format.cell_alignment());
        let offset = self.next;
        let own = CellOffset::new(u32::try_from(offset).unwrap_or(u32::MAX));
        self.put_cell(size, true);
        if let Some(payload) = self.bytes.get_mut(offset + header..offset + size) {
            encode(payload, own);
        }
        own
    }

    fn fill_with_free_cell(&mut self) {
        self.put_cell(self.bytes.len() - self.next, false);
    }

    fn put_cell(&mut self, size: usize, is_allocated: bool) {
        let cell = Cell { size: u32::try_from(size).unwrap_or(0), is_allocated };
        put(&mut self.bytes, self.next, &cell.encode());
        if self.format.links_cells() && self.next == BIN_HEADER_SIZE {
            put(&mut self.bytes, self.next + 4, &u32::MAX.to_le_bytes());
        }
        let own = u32::try_from(self.next).unwrap_or(u32::MAX);
        self.next += size;
        if self.format.links_cells() && self.next < self.bytes.len() {
            put(&mut self.bytes, self.next + 4, &own.to_le_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hive::KeyPath;

    #[test]
    fn every_version_can_be_created_and_read() {
        for minor in 1..=6 {
            let hive = create(minor).unwrap();
            assert_eq!(hive.subkeys(&KeyPath::root()).unwrap(), Some(vec![]), "1.{minor}");
            assert_eq!(hive.values(&KeyPath::root()).unwrap(), Some(vec![]), "1.{minor}");
        }
        assert!(matches!(create(7), Err(HiveError::UnsupportedVersion { .. })));
    }

    #[test]
    fn the_descriptor_is_complete() {
        let sacl_and_dacl = usize::from(DESCRIPTOR[16]);
        let list_size = usize::from(DESCRIPTOR[sacl_and_dacl + 2]);
        assert_eq!(sacl_and_dacl + list_size, DESCRIPTOR.len());
    }
}

//! The base block's invariants.

use super::Defect;
use super::defects::Defects;
use crate::hive::HiveError;
use crate::hive::base_block::{BASE_BLOCK_SIZE, BaseBlock};
use crate::hive::bin::BIN_ALIGNMENT;

/// Checks the base block; `None` where it is not one this engine knows.
pub(super) fn check<'a>(image: &'a [u8], defects: &mut Defects) -> Option<BaseBlock<'a>> {
    let block = match BaseBlock::parse(image) {
        Ok(block) => block,
        Err(error) => {
            defects.add(unknown(&error));
            return None;
        }
    };
    let mut expect = |at: u64, rule, expected: u32, found: u32| {
        if expected != found {
            defects.add(Defect::new(at, rule, format!("{expected:#x}"), format!("{found:#x}")));
        }
    };
    expect(8, "sequence", block.primary_sequence(), block.secondary_sequence());
    expect(28, "file-type", 0, block.file_type());
    expect(32, "file-format", 1, block.file_format());
    expect(508, "checksum", block.computed_checksum(), block.stored_checksum());
    check_size(image, block, defects);
    Some(block)
}

fn unknown(error: &HiveError) -> Defect {
    match error {
        HiveError::UnsupportedVersion { major, minor } => {
            Defect::new(20, "version", "1.1 to 1.6", format!("{major}.{minor}"))
        }
        other => Defect::new(0, "base-block", "the base block of a hive", other.to_string()),
    }
}

/// A file may be longer than its bins (Windows enlarges files in steps), never
/// shorter.
fn check_size(image: &[u8], block: BaseBlock<'_>, defects: &mut Defects) {
    let size = block.bins_size() as usize;
    let room = image.len() - BASE_BLOCK_SIZE;
    if size == 0 || !size.is_multiple_of(BIN_ALIGNMENT) {
        defects.add(Defect::new(40, "bins-size", "a multiple of 0x1000", format!("{size:#x}")));
    }
    if size > room {
        let expected = format!("{:#x} bytes in the file", BASE_BLOCK_SIZE + size);
        defects.add(Defect::new(40, "file-size", expected, format!("{:#x}", image.len())));
    }
}

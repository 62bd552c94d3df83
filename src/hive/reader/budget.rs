//! How much one answer may hold.

use crate::hive::HiveError;
use crate::hive::audit::Defect;
use crate::hive::cell::CellOffset;

/// Bytes that an answer may still take. In a sound hive no cell is reached
/// twice, so nothing read from it is larger than its bins.
pub(in crate::hive) struct Budget {
    left: usize,
}

impl Budget {
    pub(super) fn new(bytes: usize) -> Self {
        Self { left: bytes }
    }

    /// Takes the bytes that the cell at `offset` and its data lie in.
    pub(in crate::hive) fn take(&mut self, bytes: usize, offset: CellOffset) -> Result<(), HiveError> {
        let Some(left) = self.left.checked_sub(bytes) else {
            let found = "keys or values that hold more than the whole hive";
            let expected = "one reference to each cell";
            return Err(Defect::new(offset.absolute(), "cell-shared", expected, found).into());
        };
        self.left = left;
        Ok(())
    }
}

//! The list of defects a walk collects.

use super::Defect;

/// More defects than this are not listed: the hive is beyond repair, and the
/// list must not outgrow it.
const LIMIT: usize = 50_000;

/// Defects in the order they were met.
#[derive(Default)]
pub(super) struct Defects {
    list: Vec<Defect>,
    unlisted: usize,
}

impl Defects {
    pub(super) fn add(&mut self, defect: Defect) {
        if self.list.len() < LIMIT {
            self.list.push(defect);
        } else {
            self.unlisted += 1;
        }
    }

    /// Whether another order of the same walk would have found the same: not
    /// where the second reference to a cell is blamed, or some are left out.
    pub(super) fn is_independent_of_order(&self) -> bool {
        self.unlisted == 0 && self.list.iter().all(|defect| defect.rule != "cell-shared")
    }

    /// Adds those of another list.
    pub(super) fn append(&mut self, other: Self) {
        self.unlisted += other.unlisted;
        other.list.into_iter().for_each(|defect| self.add(defect));
    }

    /// Adds the defect of a failed reading; gives what was read otherwise.
    pub(super) fn keep<T>(&mut self, read: Result<T, Defect>) -> Option<T> {
        match read {
            Ok(record) => Some(record),
            Err(defect) => {
                self.add(defect);
                None
            }
        }
    }

    /// All of them by offset, with a last one for those that were too many.
    pub(super) fn into_sorted(mut self) -> Vec<Defect> {
        self.list.sort_by_key(|defect| defect.offset);
        if self.unlisted > 0 {
            let found = format!("{} more", self.unlisted);
            self.list.push(Defect::new(u64::MAX, "too-many", format!("at most {LIMIT} defects"), found));
        }
        self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_bounded_and_says_so() {
        let mut defects = Defects::default();
        for offset in (0..LIMIT as u64 + 3).rev() {
            defects.add(Defect::new(offset, "cell-size", "", ""));
        }
        let sorted = defects.into_sorted();
        assert_eq!(sorted.len(), LIMIT + 1);
        assert_eq!((sorted[0].offset, sorted[LIMIT].rule), (3, "too-many"));
    }
}

//! Windows time stamps.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A point in time as Windows stores it: 100-nanosecond intervals since
/// 1601-01-01 00:00 UTC (`FILETIME`, Windows data types reference).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FileTime(pub u64);

/// 100-ns intervals between the Windows epoch (1601) and the Unix epoch (1970).
const UNIX_EPOCH_INTERVALS: i128 = 116_444_736_000_000_000;

impl FileTime {
    /// The present moment.
    pub fn now() -> Self {
        Self::from_timestamp(jiff::Timestamp::now())
    }

    /// Converts from a Unix time stamp; moments outside the Windows range
    /// become the nearest one inside.
    pub fn from_timestamp(timestamp: jiff::Timestamp) -> Self {
        let intervals = timestamp.as_nanosecond() / 100 + UNIX_EPOCH_INTERVALS;
        Self(u64::try_from(intervals.max(0)).unwrap_or(u64::MAX))
    }

    /// Converts what the file system says; `None` outside the years that can be written.
    pub fn from_system_time(time: std::time::SystemTime) -> Option<Self> {
        jiff::Timestamp::try_from(time).ok().map(Self::from_timestamp)
    }

    /// Converts to a Unix time stamp; `None` beyond the year 9999.
    pub fn to_timestamp(self) -> Option<jiff::Timestamp> {
        let nanoseconds = (i128::from(self.0) - UNIX_EPOCH_INTERVALS) * 100;
        jiff::Timestamp::from_nanosecond(nanoseconds).ok()
    }
}

/// UTC, to the second: `2004-09-14T07:08:00Z`.
impl fmt::Display for FileTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_timestamp() {
            Some(timestamp) => write!(f, "{timestamp:.0}"),
            None => write!(f, "{:#x}", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unix_epoch_is_the_documented_offset() {
        let epoch = FileTime::from_timestamp(jiff::Timestamp::UNIX_EPOCH);
        assert_eq!(epoch.0, 116_444_736_000_000_000);
        assert_eq!(epoch.to_string(), "1970-01-01T00:00:00Z");
    }

    #[test]
    fn out_of_range_times_still_print() {
        assert_eq!(FileTime(u64::MAX).to_string(), "0xffffffffffffffff");
        assert_eq!(FileTime(0).to_string(), "1601-01-01T00:00:00Z");
    }
}

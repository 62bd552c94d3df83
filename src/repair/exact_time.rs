//! Time stamps in receipts: readable, and exact to the 100 nanoseconds that
//! Windows counts.

use serde::{Deserialize, Deserializer, Serializer};

use crate::hive::FileTime;

pub(crate) fn serialize<S: Serializer>(time: &FileTime, serializer: S) -> Result<S::Ok, S::Error> {
    match time.to_timestamp().filter(|timestamp| FileTime::from_timestamp(*timestamp) == *time) {
        Some(timestamp) => serializer.collect_str(&timestamp),
        None => serializer.collect_str(&format_args!("{:#x}", time.0)),
    }
}

/// The same for a time that may be absent.
pub(crate) mod optional {
    use super::{Deserializer, FileTime, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        time: &Option<FileTime>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match time {
            Some(time) => super::serialize(time, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<FileTime>, D::Error> {
        super::deserialize(deserializer).map(Some)
    }
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<FileTime, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse(&text).ok_or_else(|| serde::de::Error::custom(format!("{text:?} is not a time")))
}

fn parse(text: &str) -> Option<FileTime> {
    match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok().map(FileTime),
        None => text.parse().ok().map(FileTime::from_timestamp),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Serialize, serde::Deserialize)]
    struct Stamp {
        #[serde(with = "super")]
        time: FileTime,
    }

    #[test]
    fn every_time_survives() {
        for time in [0, 1, 127_396_264_800_000_001, 116_444_736_000_000_000, i64::MAX as u64, u64::MAX] {
            let text = toml::to_string(&Stamp { time: FileTime(time) }).unwrap();
            assert_eq!(toml::from_str::<Stamp>(&text).unwrap().time, FileTime(time), "{text}");
        }
    }

    #[test]
    fn times_are_readable() {
        let text = toml::to_string(&Stamp { time: FileTime(116_444_736_000_000_001) }).unwrap();
        assert_eq!(text, "time = \"1970-01-01T00:00:00.0000001Z\"\n");
    }
}

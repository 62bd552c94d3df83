//! Applying the logs that belong to a dirty hive, in the order Windows does.

use std::cmp::Reverse;

use super::LogFile;
use super::transaction_log::{EntriesEnd, LogFormat, TransactionLog};
use crate::hive::FileTime;
use crate::hive::base_block::{self, BASE_BLOCK_SIZE, BaseBlock, SECTOR_SIZE};
use crate::hive::field::u64_at;

/// A hive grows by bins that its log holds in full, so it cannot grow by more
/// than the logs' length; this much beyond is grace.
const GROWTH_GRACE_BYTES: usize = 1 << 20;

/// A hive being recovered and what became of each log.
pub(super) struct Replay<'a> {
    pub(super) image: Vec<u8>,
    /// Whether the primary file's base block is damaged.
    headless: bool,
    size_max_bytes: usize,
    logs: Vec<Candidate<'a>>,
}

struct Candidate<'a> {
    name: &'a str,
    log: Option<TransactionLog<'a>>,
    verdict: String,
}

/// Which entries of a log were applied.
struct Applied {
    first: u32,
    last: u32,
    pages: usize,
}

impl<'a> Replay<'a> {
    pub(super) fn new(image: Vec<u8>, headless: bool, logs: &'a [LogFile]) -> Self {
        let logs_len: usize = logs.iter().map(|log| log.bytes.len()).sum();
        let size_max_bytes = image.len() + logs_len + GROWTH_GRACE_BYTES;
        let mut replay = Self { image, headless, size_max_bytes, logs: Vec::new() };
        for file in logs {
            let read = TransactionLog::read(file).and_then(|log| replay.check_origin(log));
            let (log, verdict) = match read {
                Ok(log) => (Some(log), "not needed".to_owned()),
                Err(why) => (None, why),
            };
            replay.logs.push(Candidate { name: &file.name, log, verdict });
        }
        replay
    }

    /// Applies what applies; the sequence number reached, or `None` where no
    /// log applies.
    pub(super) fn run(&mut self) -> Option<u32> {
        self.replay_new().or_else(|| self.replay_old())
    }

    /// One sentence for each log.
    pub(super) fn sentences(&self) -> Vec<String> {
        self.logs.iter().map(|log| format!("{}: {}", log.name, log.verdict)).collect()
    }

    /// A log of another hive is refused by what never changes in one hive's
    /// life, as far as both sides have it.
    fn check_origin(&self, log: TransactionLog<'a>) -> Result<TransactionLog<'a>, String> {
        let Some(primary) = self.block() else { return Ok(log) };
        let identities = [primary.resource_manager(), log.block.resource_manager()];
        let both_known = identities.iter().all(|identity| identity.iter().any(|byte| *byte != 0));
        let same = primary.format().ok() == log.block.format().ok()
            && primary.root() == log.block.root()
            && !(both_known && identities[0] != identities[1]);
        if same { Ok(log) } else { Err("belongs to another hive".to_owned()) }
    }

    /// The primary file's base block, where it can be trusted.
    fn block(&self) -> Option<BaseBlock<'_>> {
        if self.headless { None } else { BaseBlock::parse(&self.image).ok() }
    }

    /// New format: the log with the earlier entries first, then the one that
    /// goes on where it ends. With a damaged base block only the log with the
    /// latest entries counts.
    fn replay_new(&mut self) -> Option<u32> {
        let mut order = self.of_format(LogFormat::New);
        let oldest = match self.block() {
            Some(block) => block.secondary_sequence(),
            None => self.sequence_of(*order.first()?),
        };
        order.sort_by_key(|index| steps_after(oldest, self.sequence_of(*index)));
        if self.headless {
            let latest = order.pop()?;
            for older in order {
                let why = "not used: the hive's base block is damaged, so only the latest log counts";
                why.clone_into(&mut self.logs[older].verdict);
            }
            return self.apply_entries(latest).map(|applied| applied.last);
        }
        let mut reached: Option<u32> = None;
        for index in order {
            let sequence = self.sequence_of(index);
            let verdict = match reached {
                None if steps_after(oldest, sequence) < 0 => {
                    format!("stale: its entries begin at {sequence}, the hive already holds {oldest}")
                }
                Some(last) if sequence != last.wrapping_add(1) => {
                    format!("not applied: its entries begin at {sequence}, after {last} another must come")
                }
                _ => {
                    reached = self.apply_entries(index).map(|applied| applied.last).or(reached);
                    continue;
                }
            };
            self.logs[index].verdict = verdict;
        }
        reached
    }

    /// The logs of one format, in the order Windows tries them. With two logs
    /// in use, a third one without a number is left over from installation.
    fn of_format(&self, format: LogFormat) -> Vec<usize> {
        let of_format = |index: &usize| self.logs[*index].log.is_some_and(|log| log.format == format);
        let (numbered, single): (Vec<usize>, Vec<usize>) =
            (0..self.logs.len()).filter(of_format).partition(|index| is_numbered(self.logs[*index].name));
        if numbered.is_empty() { single } else { numbered }
    }

    fn sequence_of(&self, index: usize) -> u32 {
        self.logs[index].log.map_or(0, |log| log.block.primary_sequence())
    }

    fn apply_entries(&mut self, index: usize) -> Option<Applied> {
        let log = self.logs[index].log?;
        let mut entries = log.entries();
        let mut applied: Option<Applied> = None;
        let mut end = None;
        for entry in entries.by_ref() {
            if applied.is_none() && self.headless {
                self.take_block(&log);
            }
            if !self.grow(entry.bins_size) {
                end = Some(", then one whose hive size cannot be true");
                break;
            }
            for (offset, page) in entry.pages() {
                self.write_page(offset, page);
            }
            base_block::set_transactions_pending(&mut self.image, entry.transactions_pending);
            let progress = applied.get_or_insert(Applied { first: entry.sequence, last: 0, pages: 0 });
            progress.last = entry.sequence;
            progress.pages += entry.page_count();
        }
        let end = end.unwrap_or(match entries.end {
            Some(EntriesEnd::Torn) => ", then one that was cut off",
            _ => "",
        });
        self.logs[index].verdict = match &applied {
            Some(Applied { first, last, pages }) => {
                format!("applied entries {first} to {last} ({pages} dirty pages){end}")
            }
            None if end.is_empty() => "holds no entries to apply".to_owned(),
            None => format!("no entry could be applied{end}"),
        };
        applied
    }

    /// Old format: the log of the write that was cut off, which has the time
    /// stamp of the primary file's base block. Where that block is damaged, the
    /// first bin's copy of the stamp may still be that of the write before: then
    /// the latest log that is not older counts.
    fn replay_old(&mut self) -> Option<u32> {
        let written = match self.block() {
            Some(block) => block.last_written(),
            None => FileTime(u64_at(&self.image, BASE_BLOCK_SIZE + 20)),
        };
        let mut order = self.of_format(LogFormat::Old);
        if self.headless {
            order.sort_by_key(|index| Reverse(self.logs[*index].log.map(|log| log.last_written())));
        }
        for index in order {
            let Some(log) = self.logs[index].log else { continue };
            match self.apply_dirty_vector(&log, written) {
                Ok(pages) => {
                    self.logs[index].verdict = format!("applied {pages} dirty sectors");
                    return Some(log.block.primary_sequence());
                }
                Err(why) => self.logs[index].verdict = why,
            }
        }
        None
    }

    fn apply_dirty_vector(&mut self, log: &TransactionLog<'_>, written: FileTime) -> Result<usize, String> {
        let belongs = log.last_written() == written || (self.headless && log.last_written() > written);
        if !belongs {
            return Err(format!(
                "not of the hive's last write: written {}, the hive {written}",
                log.last_written()
            ));
        }
        let vector = log.dirty_vector().ok_or("cut off: not all of its dirty sectors are there")?;
        let bins = self.image.get(BASE_BLOCK_SIZE..).unwrap_or_default();
        if let Some(bin) = vector.first_wrong_bin(bins) {
            return Err(format!("damaged: what it holds for the bin at {bin:#x} is no bin"));
        }
        if !self.grow(log.block.bins_size() as usize) {
            return Err("damaged: the hive size it gives cannot be true".to_owned());
        }
        if self.headless {
            self.take_block(log);
        }
        for (offset, page) in vector.pages() {
            self.write_page(offset, page);
        }
        Ok(vector.page_count())
    }

    /// Recovers the base block from a log: its first sector is all that
    /// matters, and all that a log keeps.
    fn take_block(&mut self, log: &TransactionLog<'_>) {
        self.image[..SECTOR_SIZE].copy_from_slice(&log.bytes[..SECTOR_SIZE]);
    }

    /// Gives the bins this size, zero-filled where the file ends before; false
    /// where that size is impossible.
    fn grow(&mut self, bins_size: usize) -> bool {
        let Ok(stored) = u32::try_from(bins_size) else { return false };
        let file_len = BASE_BLOCK_SIZE + bins_size;
        if file_len > self.image.len() {
            if file_len > self.size_max_bytes {
                return false;
            }
            self.image.resize(file_len, 0);
        }
        base_block::set_bins_size(&mut self.image, stored);
        true
    }

    fn write_page(&mut self, offset: usize, page: &[u8]) {
        let start = BASE_BLOCK_SIZE + offset;
        if let Some(target) = self.image.get_mut(start..start + page.len()) {
            target.copy_from_slice(page);
        }
    }
}

/// How far `sequence` is ahead of `start`, negative for behind: the numbers
/// run over at 2³².
fn steps_after(start: u32, sequence: u32) -> i32 {
    sequence.wrapping_sub(start).cast_signed()
}

fn is_numbered(name: &str) -> bool {
    name.ends_with(|last: char| last.is_ascii_digit())
}

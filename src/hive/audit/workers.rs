//! The walk over a large hive, shared out among threads.
//!
//! Each worker walks whole subtrees with a map of its own and gives half of
//! what it has left to one that has nothing. A cell that two of them reached, or
//! one reached twice, says that the hive is damaged where the order of the walk
//! decides what is reported: then it is walked again by one alone. So the result
//! is always that of one.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::cell_map::CellMap;
use super::keys::Walk;
use super::read_ahead::BATCH;
use crate::hive::key_node::KeyNode;

/// Below this the threads cost more than they save.
const BINS_SIZE_MIN: usize = 1 << 20;
/// More wait for the same memory.
const WORKERS_MAX: usize = 4;
/// What the workers' maps may take together.
const MAPS_SIZE_MAX: usize = 16 << 20;

/// How many workers a hive of this size is worth.
pub(super) fn count(bins_size: usize) -> usize {
    if bins_size < BINS_SIZE_MIN {
        return 1;
    }
    let processors = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    processors.min(WORKERS_MAX).min(MAPS_SIZE_MAX / CellMap::size(bins_size)).max(1)
}

/// Walks what is pending with several workers; `false` where that gave no
/// result, and the walk is as it was.
pub(super) fn descend(walk: &mut Walk<'_>, workers: usize) -> bool {
    let queue = Queue::new(walk.pending.clone(), workers);
    let parts: Vec<Walk<'_>> = thread::scope(|scope| {
        let shared = &*walk;
        let work = || queue.serve(shared.part());
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        threads.into_iter().filter_map(|thread| thread.join().ok()).collect()
    });
    parts.len() == workers && walk.take(parts)
}

/// Keys whose subkeys are still to be walked, with their depth.
type Pending<'a> = Vec<(KeyNode<'a>, usize)>;

/// Keys that some worker may take.
struct Queue<'a> {
    state: Mutex<State<'a>>,
    changed: Condvar,
    workers: usize,
}

struct State<'a> {
    waiting: Pending<'a>,
    /// Workers with nothing to do: when all are, the walk is over.
    idle: usize,
    has_failed: bool,
}

impl<'a> Queue<'a> {
    fn new(waiting: Pending<'a>, workers: usize) -> Self {
        let state = Mutex::new(State { waiting, idle: 0, has_failed: false });
        Self { state, changed: Condvar::new(), workers }
    }

    fn lock(&self) -> MutexGuard<'_, State<'a>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Walks until nothing is left for anyone.
    fn serve(&self, mut part: Walk<'a>) -> Walk<'a> {
        let _watch = Watch(self);
        while let Some(taken) = self.take() {
            part.pending = taken;
            while part.step() {
                self.give(&mut part.pending);
            }
        }
        part
    }

    /// What is waiting; waits for it. `None` at the end.
    fn take(&self) -> Option<Pending<'a>> {
        let mut state = self.lock();
        state.idle += 1;
        loop {
            if state.has_failed {
                return None;
            }
            if !state.waiting.is_empty() {
                state.idle -= 1;
                return Some(std::mem::take(&mut state.waiting));
            }
            if state.idle == self.workers {
                self.changed.notify_all();
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Gives the older half to a worker that has nothing.
    fn give(&self, pending: &mut Pending<'a>) {
        if pending.len() < 2 * BATCH {
            return;
        }
        let mut state = self.lock();
        if state.idle > 0 && state.waiting.is_empty() {
            state.waiting.extend(pending.drain(..pending.len() / 2));
            self.changed.notify_one();
        }
    }
}

/// Ends the others when a worker panics: they would wait for it.
struct Watch<'q, 'a>(&'q Queue<'a>);

impl Drop for Watch<'_, '_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.lock().has_failed = true;
            self.0.changed.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Survey;
    use super::super::tests::{broken_samples, sample};
    use super::*;

    fn assert_same(image: &[u8], what: &str) {
        let alone = Survey::with_workers(image, 1);
        let shared = Survey::with_workers(image, 3);
        assert_eq!(alone.defects, shared.defects, "{what}");
        assert_eq!((alone.keys, alone.values), (shared.keys, shared.values), "{what}");
        assert_eq!((alone.bins, alone.free), (shared.bins, shared.free), "{what}");
    }

    #[test]
    fn workers_find_what_one_alone_finds() {
        assert_same(sample().image(), "sound");
        for (index, image) in broken_samples().iter().enumerate() {
            assert_same(image, &format!("sample {index}"));
        }
    }

    #[test]
    fn workers_agree_on_random_damage() {
        let image = sample().image().to_vec();
        let mut number = 0x9e37_79b9_7f4a_7c15_u64;
        for round in 0..150 {
            let mut image = image.clone();
            for _ in 0..=round % 5 {
                number = number.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
                let at = 4096 + usize::try_from(number >> 33).unwrap() % (image.len() - 4096);
                image[at] ^= 1 << (round % 8);
            }
            assert_same(&image, &format!("round {round}"));
        }
    }

    #[test]
    fn small_hives_are_walked_alone_and_maps_are_bounded() {
        assert_eq!(count(4096), 1);
        assert!(count(36 << 20) <= WORKERS_MAX);
        assert_eq!(count(1 << 31), 1);
    }
}

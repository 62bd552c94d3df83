//! A disk in memory that knows what would be left of it after a power cut.
//!
//! Beside what programs see (the live state) it keeps what is certain to be on
//! the medium. A file's content and metadata are certain after `sync_file`; an
//! entry made, removed or renamed is certain after `sync_dir` of every folder
//! it touches. All else may survive a power cut or not, each by itself and in
//! any order: a rename without the create before it, a create without its
//! content, content in part. Real file systems are kinder.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use pemedic::hive::FileTime;
use pemedic::hive::storage::{DirEntry, EntryKind, Storage};

/// Stands for owner, rights, attributes and times: what a file was made with.
pub const FRESH_METADATA: u64 = 0;

type FileId = usize;

/// How one operation goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It fails and changes nothing.
    Fail,
    /// It fails after its effect: half the bytes of a write, all of a rename.
    FailLate,
    /// The power is cut instead of it.
    PowerOff,
    /// The power is cut in the middle of it: half the bytes, all of a rename.
    PowerOffLate,
    /// A write that reports success and stores half the bytes.
    ShortWrite,
    /// A write that reports success and stores one bit wrong.
    FlippedBit,
}

/// Every fault there is.
pub const FAULTS: [Fault; 6] = [
    Fault::Fail,
    Fault::FailLate,
    Fault::PowerOff,
    Fault::PowerOffLate,
    Fault::ShortWrite,
    Fault::FlippedBit,
];

#[derive(Clone)]
struct File {
    bytes: Arc<Vec<u8>>,
    metadata: u64,
    content_durable: bool,
    /// What is certain of the metadata.
    durable_metadata: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Node {
    File(FileId),
    Directory,
}

/// One change of names that is not yet certain.
#[derive(Clone, Debug)]
struct Change {
    removed: Option<(PathBuf, Node)>,
    added: Option<(PathBuf, Node)>,
    /// Folders that must be synced before it is certain.
    unsynced: BTreeSet<PathBuf>,
}

#[derive(Clone, Default)]
struct State {
    files: Vec<File>,
    names: BTreeMap<PathBuf, Node>,
    durable_names: BTreeMap<PathBuf, Node>,
    pending: Vec<Change>,
    operations: Vec<String>,
    fault: Option<(usize, Fault)>,
    is_off: bool,
    read_only: bool,
    free_bytes: Option<u64>,
    held_open: BTreeSet<PathBuf>,
}

/// The disk. Its root folder is `/`.
pub struct CrashStorage {
    state: Mutex<State>,
}

impl CrashStorage {
    /// An empty disk.
    pub fn new() -> Self {
        let mut state = State::default();
        state.names.insert(PathBuf::from("/"), Node::Directory);
        state.durable_names = state.names.clone();
        Self { state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Puts a file on the medium, its folders with it; not counted as an
    /// operation.
    pub fn put(&self, path: &str, bytes: &[u8], metadata: u64) {
        let mut state = self.state();
        let path = PathBuf::from(path);
        for folder in path.ancestors().skip(1) {
            state.names.insert(folder.to_owned(), Node::Directory);
            state.durable_names.insert(folder.to_owned(), Node::Directory);
        }
        let bytes = Arc::new(bytes.to_vec());
        state.files.push(File { bytes, metadata, content_durable: true, durable_metadata: metadata });
        let node = Node::File(state.files.len() - 1);
        state.names.insert(path.clone(), node);
        state.durable_names.insert(path, node);
    }

    /// Lets operation number `at`, counted from now, go wrong.
    pub fn inject(&self, at: usize, fault: Fault) {
        let mut state = self.state();
        let at = at + state.operations.len();
        state.fault = Some((at, fault));
    }

    /// Nothing goes wrong any more, and the power is back; what was not certain
    /// is taken to have survived.
    pub fn heal(&self) {
        let mut state = self.state();
        state.fault = None;
        state.is_off = false;
    }

    /// Makes the volume read-only, or writable again.
    pub fn set_read_only(&self, read_only: bool) {
        self.state().read_only = read_only;
    }

    /// Leaves so much room on the volume; writing takes of it, removing gives
    /// back.
    pub fn set_free_bytes(&self, free_bytes: u64) {
        self.state().free_bytes = Some(free_bytes);
    }

    /// Another program holds the file open and shares nothing.
    pub fn hold_open(&self, path: &str) {
        self.state().held_open.insert(PathBuf::from(path));
    }

    /// What was done so far, one line for each operation.
    pub fn operations(&self) -> Vec<String> {
        self.state().operations.clone()
    }

    /// Every file as programs see it: content and metadata.
    pub fn files(&self) -> BTreeMap<PathBuf, (Arc<Vec<u8>>, u64)> {
        let state = self.state();
        let named = state.names.iter().filter_map(|(path, node)| match node {
            Node::File(id) => {
                Some((path.clone(), (state.files[*id].bytes.clone(), state.files[*id].metadata)))
            }
            Node::Directory => None,
        });
        named.collect()
    }

    /// One file's content and metadata.
    pub fn file(&self, path: &str) -> Option<(Arc<Vec<u8>>, u64)> {
        self.files().remove(Path::new(path))
    }

    /// All folders.
    pub fn folders(&self) -> Vec<PathBuf> {
        let state = self.state();
        let folders = state.names.iter().filter(|(_, node)| **node == Node::Directory);
        folders.map(|(path, _)| path.clone()).collect()
    }

    /// The same disk after a restart in good order: all that programs saw is
    /// certain, nothing goes wrong.
    pub fn settled(&self) -> CrashStorage {
        let state = self.state();
        let mut files = state.files.clone();
        for file in &mut files {
            file.content_durable = true;
            file.durable_metadata = file.metadata;
        }
        let names = state.names.clone();
        let (read_only, free_bytes) = (state.read_only, state.free_bytes);
        let durable_names = names.clone();
        let state = State { files, names, durable_names, read_only, free_bytes, ..State::default() };
        CrashStorage { state: Mutex::new(state) }
    }

    /// The medium after a power cut now of which nothing survived that was not
    /// certain.
    pub fn nothing_uncertain(&self) -> CrashStorage {
        self.outcome(0, 0)
    }

    /// Every state the medium can be in after a power cut now: each subset of
    /// the uncertain changes, with each way of tearing the uncertain files.
    pub fn outcomes(&self) -> Vec<CrashStorage> {
        let changes = self.state().pending.len();
        assert!(changes <= 12, "too many uncertain changes to go through them all; sample instead");
        let mut outcomes = Vec::new();
        for subset in 0..1_u64 << changes {
            let ways = self.torn_files(subset).iter().map(|id| self.tears(*id)).max().unwrap_or(1);
            outcomes.extend((0..ways).map(|way| self.outcome(subset, way)));
        }
        outcomes
    }

    /// Some of them, chosen by `seed`.
    pub fn sample_outcomes(&self, count: usize, seed: u64) -> Vec<CrashStorage> {
        let mut random = seed | 1;
        let mut next = || {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            random
        };
        (0..count).map(|_| self.outcome(next(), usize::try_from(next() >> 33).unwrap())).collect()
    }

    /// The files of this outcome whose content is not certain.
    fn torn_files(&self, subset: u64) -> Vec<FileId> {
        let names = self.surviving_names(subset);
        let state = self.state();
        let files = names.values().filter_map(|node| match node {
            Node::File(id) if !state.files[*id].content_durable => Some(*id),
            _ => None,
        });
        files.collect()
    }

    fn tears(&self, id: FileId) -> usize {
        tears(self.state().files[id].bytes.len()).len()
    }

    /// The names that exist if of the uncertain changes just those in `subset`
    /// survive.
    fn surviving_names(&self, subset: u64) -> BTreeMap<PathBuf, Node> {
        let state = self.state();
        let mut names = state.durable_names.clone();
        let surviving = state.pending.iter().enumerate().filter(|(index, _)| subset >> (index % 64) & 1 != 0);
        for (_, change) in surviving {
            apply(change, &mut names);
        }
        let reachable: BTreeMap<PathBuf, Node> = names
            .iter()
            .filter(|(path, _)| {
                path.ancestors().skip(1).all(|folder| names.get(folder) == Some(&Node::Directory))
            })
            .map(|(path, node)| (path.clone(), *node))
            .collect();
        reachable
    }

    fn outcome(&self, subset: u64, way: usize) -> CrashStorage {
        let names = self.surviving_names(subset);
        let state = self.state();
        let mut files = state.files.clone();
        for file in &mut files {
            if !file.content_durable {
                let ways = tears(file.bytes.len());
                file.bytes = Arc::new(ways[way % ways.len()].apply(&file.bytes));
                file.content_durable = true;
            }
            // Metadata alone may have survived as well; take turns.
            if way.is_multiple_of(2) {
                file.metadata = file.durable_metadata;
            }
            file.durable_metadata = file.metadata;
        }
        let state = State { files, durable_names: names.clone(), names, ..State::default() };
        CrashStorage { state: Mutex::new(state) }
    }

    /// Notes an operation and lets it go wrong if it is the one to.
    fn begin(&self, what: &str, path: &Path) -> io::Result<Option<Fault>> {
        let mut state = self.state();
        if state.is_off {
            return Err(io::Error::other("the power is off"));
        }
        state.operations.push(format!("{what} {}", path.display()));
        let number = state.operations.len() - 1;
        let fault = state.fault.filter(|(at, _)| *at == number).map(|(_, fault)| fault);
        if matches!(fault, Some(Fault::PowerOff | Fault::PowerOffLate)) {
            state.is_off = true;
        }
        match fault {
            Some(Fault::Fail) => Err(io::Error::other(format!("injected: {what} fails"))),
            Some(Fault::PowerOff) => Err(io::Error::other("the power is cut")),
            other => Ok(other),
        }
    }

    fn check_writable(&self) -> io::Result<()> {
        if self.state().read_only { Err(ErrorKind::ReadOnlyFilesystem.into()) } else { Ok(()) }
    }

    fn check_not_held(&self, path: &Path) -> io::Result<()> {
        if self.state().held_open.contains(path) { Err(ErrorKind::PermissionDenied.into()) } else { Ok(()) }
    }

    fn change(&self, removed: Option<(PathBuf, Node)>, added: Option<(PathBuf, Node)>) {
        let folders = [&removed, &added].into_iter().flatten().filter_map(|(path, _)| path.parent());
        let unsynced = folders.map(Path::to_path_buf).collect();
        let change = Change { removed, added, unsynced };
        let mut state = self.state();
        apply(&change, &mut state.names);
        state.pending.push(change);
    }

    fn node(&self, path: &Path) -> io::Result<Node> {
        self.state().names.get(path).copied().ok_or_else(|| ErrorKind::NotFound.into())
    }

    fn file_id(&self, path: &Path) -> io::Result<FileId> {
        match self.node(path)? {
            Node::File(id) => Ok(id),
            Node::Directory => Err(ErrorKind::IsADirectory.into()),
        }
    }

    /// A file that lost its only name gives its room back.
    fn give_back(&self, node: Option<Node>) {
        let Some(Node::File(id)) = node else { return };
        let mut state = self.state();
        let len = state.files[id].bytes.len() as u64;
        state.free_bytes = state.free_bytes.map(|free| free + len);
    }

    fn check_folder(&self, path: &Path) -> io::Result<()> {
        match self.node(path)? {
            Node::Directory => Ok(()),
            Node::File(_) => Err(ErrorKind::NotADirectory.into()),
        }
    }
}

/// Names are removed only where they still mean what they meant: an earlier
/// change of the same name may not have survived.
fn apply(change: &Change, names: &mut BTreeMap<PathBuf, Node>) {
    if let Some((path, node)) = &change.removed
        && names.get(path) == Some(node)
    {
        names.remove(path);
    }
    if let Some((path, node)) = &change.added {
        names.insert(path.clone(), *node);
    }
}

/// What is left of a file whose content was not certain.
#[derive(Clone, Copy, Debug)]
enum Tear {
    Whole,
    /// The file ends here.
    EndsAt(usize),
    /// Full length, but from here on nothing was written.
    ZeroFrom(usize),
    /// Full length, but these bytes were not written.
    Hole(usize, usize),
}

impl Tear {
    fn apply(self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        match self {
            Tear::Whole => {}
            Tear::EndsAt(at) => bytes.truncate(at),
            Tear::ZeroFrom(at) => bytes[at..].fill(0),
            Tear::Hole(from, to) => bytes[from..to].fill(0x5a),
        }
        bytes
    }
}

/// Every tear at 512 bytes of a small file; of a large one, those at 4 KiB of
/// its start, middle and end.
fn tears(len: usize) -> Vec<Tear> {
    let step = if len <= 64 * 1024 { 512 } else { (len / 16).next_multiple_of(4096) };
    let mut tears = vec![Tear::Whole];
    for at in (0..len).step_by(step) {
        tears.extend([Tear::EndsAt(at), Tear::ZeroFrom(at), Tear::Hole(at, (at + 512).min(len))]);
        tears.push(Tear::Hole(at, (at + 4096).min(len)));
    }
    tears
}

fn half(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len() / 2]
}

impl Storage for CrashStorage {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.begin("read", path)?;
        let id = self.file_id(path)?;
        Ok(self.state().files[id].bytes.to_vec())
    }

    fn entry(&self, path: &Path) -> io::Result<Option<DirEntry>> {
        self.begin("entry", path)?;
        let state = self.state();
        Ok(state.names.get(path).map(|node| dir_entry(&state, path, *node)))
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<DirEntry>> {
        self.begin("list", directory)?;
        self.check_folder(directory)?;
        let state = self.state();
        let inside = state.names.iter().filter(|(path, _)| path.parent() == Some(directory));
        Ok(inside.map(|(path, node)| dir_entry(&state, path, *node)).collect())
    }

    fn create_dir(&self, directory: &Path) -> io::Result<()> {
        let fault = self.begin("create_dir", directory)?;
        self.check_writable()?;
        self.check_folder(directory.parent().unwrap())?;
        if self.node(directory).is_ok() {
            return Err(ErrorKind::AlreadyExists.into());
        }
        self.change(None, Some((directory.to_owned(), Node::Directory)));
        late(fault)
    }

    fn write_new(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let fault = self.begin("write_new", path)?;
        self.check_writable()?;
        self.check_folder(path.parent().unwrap())?;
        if self.node(path).is_ok() {
            return Err(ErrorKind::AlreadyExists.into());
        }
        let mut stored = match fault {
            Some(Fault::FailLate | Fault::PowerOffLate | Fault::ShortWrite) => half(bytes).to_vec(),
            _ => bytes.to_vec(),
        };
        if fault == Some(Fault::FlippedBit)
            && let Some(byte) = stored.last_mut()
        {
            *byte ^= 1;
        }
        let room = self.state().free_bytes.map_or(usize::MAX, |free| usize::try_from(free).unwrap());
        let is_full = stored.len() > room;
        stored.truncate(room);
        let node = {
            let mut state = self.state();
            let room = room - stored.len();
            state.free_bytes = state.free_bytes.map(|_| room as u64);
            let bytes = Arc::new(stored);
            let metadata = FRESH_METADATA;
            state.files.push(File { bytes, metadata, content_durable: false, durable_metadata: metadata });
            Node::File(state.files.len() - 1)
        };
        self.change(None, Some((path.to_owned(), node)));
        if is_full { Err(ErrorKind::StorageFull.into()) } else { late(fault) }
    }

    fn sync_file(&self, path: &Path) -> io::Result<()> {
        let fault = self.begin("sync_file", path)?;
        let id = self.file_id(path)?;
        // A flush that fails late has flushed nothing that can be relied on.
        late(fault)?;
        let file = &mut self.state().files[id];
        file.content_durable = true;
        file.durable_metadata = file.metadata;
        Ok(())
    }

    fn sync_dir(&self, directory: &Path) -> io::Result<()> {
        let fault = self.begin("sync_dir", directory)?;
        self.check_folder(directory)?;
        late(fault)?;
        let mut state = self.state();
        for change in &mut state.pending {
            change.unsynced.remove(directory);
        }
        // What is certain is moved over; the rest stays, in its order.
        let pending = std::mem::take(&mut state.pending);
        for change in pending {
            if change.unsynced.is_empty() {
                apply(&change, &mut state.durable_names);
            } else {
                state.pending.push(change);
            }
        }
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let fault = self.begin("rename", to)?;
        self.check_writable()?;
        self.check_not_held(from)?;
        self.check_not_held(to)?;
        let node = self.node(from)?;
        self.check_folder(to.parent().unwrap())?;
        let replaced = self.node(to).ok();
        if replaced == Some(Node::Directory) || (node == Node::Directory && replaced.is_some()) {
            return Err(ErrorKind::AlreadyExists.into());
        }
        if self.state().names.keys().any(|path| path.parent() == Some(from)) {
            return Err(ErrorKind::Unsupported.into());
        }
        self.give_back(replaced);
        self.change(Some((from.to_owned(), node)), Some((to.to_owned(), node)));
        late(fault)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        let fault = self.begin("remove_file", path)?;
        self.check_writable()?;
        self.check_not_held(path)?;
        let node = self.node(path)?;
        if node == Node::Directory {
            return Err(ErrorKind::IsADirectory.into());
        }
        self.give_back(Some(node));
        self.change(Some((path.to_owned(), node)), None);
        late(fault)
    }

    fn remove_dir(&self, directory: &Path) -> io::Result<()> {
        let fault = self.begin("remove_dir", directory)?;
        self.check_writable()?;
        self.check_folder(directory)?;
        if self.state().names.keys().any(|path| path.parent() == Some(directory)) {
            return Err(ErrorKind::DirectoryNotEmpty.into());
        }
        self.change(Some((directory.to_owned(), Node::Directory)), None);
        late(fault)
    }

    fn copy_metadata(&self, from: &Path, to: &Path) -> io::Result<()> {
        let fault = self.begin("copy_metadata", to)?;
        self.check_writable()?;
        let (from, to) = (self.file_id(from)?, self.file_id(to)?);
        let metadata = self.state().files[from].metadata;
        self.state().files[to].metadata = metadata;
        late(fault)
    }

    fn free_space(&self, directory: &Path) -> io::Result<u64> {
        self.begin("free_space", directory)?;
        Ok(self.state().free_bytes.unwrap_or(u64::MAX))
    }

    fn is_read_only(&self, directory: &Path) -> io::Result<bool> {
        self.begin("is_read_only", directory)?;
        Ok(self.state().read_only)
    }

    fn holders(&self, files: &[PathBuf]) -> Vec<(PathBuf, String)> {
        let state = self.state();
        let held = files.iter().filter(|file| state.held_open.contains(*file));
        held.map(|file| (file.clone(), "another program".to_owned())).collect()
    }
}

/// The error of an operation that had its effect and fails all the same.
fn late(fault: Option<Fault>) -> io::Result<()> {
    match fault {
        Some(Fault::FailLate) => Err(io::Error::other("injected: fails after its effect")),
        Some(Fault::PowerOffLate) => Err(io::Error::other("the power is cut")),
        _ => Ok(()),
    }
}

fn dir_entry(state: &State, path: &Path, node: Node) -> DirEntry {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (kind, len, metadata) = match node {
        Node::File(id) => {
            let file = &state.files[id];
            (EntryKind::File, file.bytes.len() as u64, file.metadata)
        }
        Node::Directory => (EntryKind::Directory, 0, FRESH_METADATA),
    };
    // The times are part of what the number stands for.
    let time = Some(FileTime(metadata));
    DirEntry { name, kind, len, created: time, modified: time }
}

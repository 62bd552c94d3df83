//! An offline Windows installation: what its keys, services and paths mean.
//!
//! Knows where hives are, which control set boots, how Windows' own paths map
//! to the mounted disk. Knows nothing of articles or repairs.

pub mod build;
pub mod control_set;
pub mod discover;
pub mod file_times;
pub mod file_version;
pub mod folders;
pub mod installation;
mod locate;
mod lookup;
pub mod mounted_devices;
pub mod path;
pub mod profile;
pub mod registry;
pub mod service;
pub mod state;
pub mod version;
pub mod volumes;

pub use discover::{discover, discover_folders};
pub use installation::{Installation, Role};
pub use path::TargetPath;
pub use profile::Profile;
pub use registry::{HiveName, Located, OfflineRegistry};
pub use service::Service;
pub use version::Version;

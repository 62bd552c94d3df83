//! An offline Windows installation: what its keys, services and paths mean.
//!
//! Knows where hives are, which control set boots, how Windows' own paths map
//! to the mounted disk. Knows nothing of articles or repairs.

pub mod installation;
pub mod path;
pub mod registry;
pub mod version;

pub use installation::Installation;
pub use path::TargetPath;
pub use registry::{HiveName, Located, OfflineRegistry};
pub use version::Version;

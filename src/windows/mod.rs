//! An offline Windows installation: what its keys, services and paths mean.

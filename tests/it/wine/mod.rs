//! The Windows executable under Wine, compared with the one of this system: the
//! same repairs, the same bytes, the same screens. Run by `.ci/wine`, which
//! makes the machine (`PEMEDIC_WINE`); skipped without it.

mod command_line;
mod compare;
mod interface;
mod machine;
mod registry_files;

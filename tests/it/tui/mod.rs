//! The interface as a technician meets it: keys in, text out.

mod fixture;
mod journeys;
mod screens;
mod stage;
mod walk;

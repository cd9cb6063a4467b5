//! Reports: who gets a turn, what stands in the file, what happens when attempts are killed, overtaken or fail, and
//! the stores that files go to.

mod attempts;
mod cleanup;
mod content;
pub mod desk;
mod failures;
mod folder;
mod gcs;
mod google;
mod moody;
mod s3;
mod schedule;
pub mod support;
mod turns;
mod unheard;

//! The outside world, behind a trait where there are two real implementations. Every client has time-outs.

pub mod gtfs_source;

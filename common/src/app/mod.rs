//! The verbs, one noun a file: begin a transaction, ask `domain`, write through `db`, enqueue, commit.
//! No network call stands between begin and commit.

pub mod api_key;
pub mod notification;
pub mod timetable;

//! APIs as separate processes, several on one database: one with a wrong clock, one that is replaced, one that is
//! stuck, one that loses the database.

mod clock;
mod database;
mod restart;
pub mod support;

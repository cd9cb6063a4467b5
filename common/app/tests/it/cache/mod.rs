//! What processes keep in memory, with a real PostgreSQL and real concurrency: no change is missed, from any writer and
//! in any order of commits.

mod age;
mod change;
mod key;
mod support;

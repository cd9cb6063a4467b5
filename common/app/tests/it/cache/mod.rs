//! What processes keep in memory, with a real PostgreSQL and real concurrency: nothing is missed, whoever wrote it and in
//! whatever order it was committed.

mod age;
mod change;
mod key;
mod support;

//! What processes keep in memory, with a real PostgreSQL and real concurrency: nothing is missed, whoever wrote it and in
//! whatever order it was committed.

#[cfg(test)]
mod age;
#[cfg(test)]
mod change;
#[cfg(test)]
mod key;
#[cfg(test)]
mod support;

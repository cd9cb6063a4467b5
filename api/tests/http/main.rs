//! The HTTP door as a client meets it.
//!
//! `cfg(test)` lets helpers unwrap as clippy lets tests.

#[cfg(test)]
mod body;
#[cfg(test)]
mod catalogue;
#[cfg(test)]
mod document;
#[cfg(test)]
mod envelope;
#[cfg(test)]
mod key;
#[cfg(test)]
mod seen;
#[cfg(test)]
mod support;

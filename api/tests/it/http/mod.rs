//! The HTTP door as a client meets it.
//!
//! `cfg(test)` lets helpers unwrap as clippy lets tests.

#[cfg(test)]
mod body;
#[cfg(test)]
mod bounds;
#[cfg(test)]
mod catalogue;
#[cfg(test)]
mod conditional;
#[cfg(test)]
mod cors;
#[cfg(test)]
mod document;
#[cfg(test)]
mod door;
#[cfg(test)]
mod envelope;
#[cfg(test)]
mod in_flight;
#[cfg(test)]
mod key;
#[cfg(test)]
mod method;
#[cfg(test)]
mod page;
#[cfg(test)]
mod probe;
#[cfg(test)]
mod security;
#[cfg(test)]
mod seen;
#[cfg(test)]
mod slow;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tls;

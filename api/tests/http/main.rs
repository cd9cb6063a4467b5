//! The HTTP door as a client meets it.

mod catalogue;
mod document;
mod envelope;
mod key;
mod support;

//! Pure rules, one noun a file: no async, no SQL, no HTTP, no queue; the time is an argument.

pub mod catalogue;
pub mod fold;
pub mod language;
pub mod order;
pub mod zone;

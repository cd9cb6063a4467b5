//! Pure rules, one noun a file: no async, no SQL, no HTTP, no queue; the time is an argument.

pub mod geo;
pub mod gtfs;
pub mod language;
pub mod order;
pub mod realign;
pub mod slug;
pub mod tariff;
pub mod zone;

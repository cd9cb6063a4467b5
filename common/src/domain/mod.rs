//! Pure rules, one noun a file: no async, no SQL, no HTTP, no queue; the time is an argument.

pub mod gazetteer;
pub mod geo;
pub mod gtfs;
pub mod language;
pub mod order;
pub mod party;
pub mod realign;
pub mod refund_rule;
pub mod slug;
pub mod tariff;
pub mod zone;

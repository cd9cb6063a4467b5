//! The layers around every handler. What differs between operations is in [`crate::route`].
//!
//! From the outside in: [`trace`] (request id, one log line) with [`security`] (headers) and [`measure`] (metrics),
//! [`head`], [`compression`], [`cors`], [`conditional`] (304), [`rate_limit`], [`full_queue`] (searches that cannot be
//! answered soon), [`envelope`] (errors, panics and time-outs become the envelope; OPTIONS), [`body`] (limits, with
//! [`in_flight`]), [`concurrency_limit`] (requests at a time), [`noted`] (read your own writes), [`idempotency`] (POSTs
//! that are sent again), routes. Around all of it, in the process, is [`retire`] (the end).

pub mod body;
pub mod compression;
pub mod concurrency_limit;
pub mod conditional;
pub mod cors;
pub mod envelope;
pub mod full_queue;
pub mod head;
pub mod idempotency;
pub mod in_flight;
pub mod measure;
pub mod noted;
pub mod rate_limit;
pub mod retire;
pub mod security;
pub mod trace;

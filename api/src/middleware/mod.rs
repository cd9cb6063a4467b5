//! What happens to every request around its handler. From the outside in: [`trace`] (request id, headers, one log
//! line), [`compression`], [`rate_limit`], [`envelope`] (errors, panics and time-outs become the envelope), [`body`] (limits),
//! [`crowd`] (requests at a time), routes.

pub mod body;
pub mod compression;
pub mod crowd;
pub mod envelope;
pub mod methods;
pub mod rate_limit;
pub mod trace;

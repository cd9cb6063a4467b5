//! Spans of real processes, as a collector gets them.

mod collector;
mod isolation;
mod journey;
mod store;
pub mod support;

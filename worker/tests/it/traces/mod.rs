//! Spans of real processes, as a collector receives them.

mod attempt;
mod collector;
mod isolation;
mod journey;
mod store;
pub mod support;

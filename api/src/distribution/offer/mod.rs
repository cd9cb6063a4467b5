//! Search: the schedule and offers (contract section 4).

pub mod wire;

//! Reports through the whole platform: asked for, relayed by a scheduler, made by a real `report_worker` that is
//! really killed.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "the stage of a test may panic"
)]

mod kill;
mod support;
mod upkeep;

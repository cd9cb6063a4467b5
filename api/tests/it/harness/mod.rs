//! What tests of the API have in common.

pub mod answer;
pub mod browser;
pub mod caller;
pub mod client;
pub mod document;
pub mod feed;
pub mod manager;
pub mod operation;
pub mod operator;
pub mod partner;
pub mod process;
pub mod server;
pub mod visitor;

use kernel::clock::Clock;
use serde_json::{Value, json};

/// The time at which tests with a clock begin: a Monday, ten in the morning in Kyiv.
pub const OPENING: &str = "2027-02-01T08:00:00Z";

/// A Monday on which all trips run.
pub const DAY: &str = "2027-02-08";

/// The time of a clock, as responses have it.
pub fn instant(clock: &Clock) -> Value {
    json!(clock.now().format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string())
}

/// A store in a folder of the build, for tests that do not check its files.
pub fn store() -> String {
    format!("file://{}/store", env!("CARGO_TARGET_TMPDIR").replace(' ', "%20"))
}

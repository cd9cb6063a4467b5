//! What every test of the API works with.

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

/// When the tests that move a clock begin: a Monday, ten in the morning in Kyiv.
pub const OPENING: &str = "2027-02-01T08:00:00Z";

/// A Monday on which everything runs.
pub const DAY: &str = "2027-02-08";

/// A store in a folder of the build, for tests that do not look into it.
pub fn store() -> String {
    format!("file://{}/store", env!("CARGO_TARGET_TMPDIR").replace(' ', "%20"))
}

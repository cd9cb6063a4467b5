//! What a check of the harness has found.

/// A broken promise.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// What should be true.
    pub rule: &'static str,
    /// What is not, with ids.
    pub detail: String,
}

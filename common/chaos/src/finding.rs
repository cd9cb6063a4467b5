//! A violation that the harness found.

/// A violation of a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// What should be true.
    pub rule: &'static str,
    /// What is not true, with ids.
    pub detail: String,
}

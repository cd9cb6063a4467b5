//! Response bodies of the operation on invariants.

use app::invariant::Checked;
use schemars::JsonSchema;
use serde::Serialize;

use crate::wire::value::Instant;

/// A rule that must always hold.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Invariant {
    /// Name of the rule.
    #[schemars(example = &"seat_sold_twice")]
    pub rule: &'static str,
    /// Description of a violation.
    #[schemars(example = &"two orders hold the same seat on overlapping segments")]
    pub meaning: &'static str,
    /// Number of violations, capped at 1000.
    #[schemars(example = 0)]
    pub violations: usize,
    /// Ids of some violations.
    #[schemars(length(max = 5), example = ["ord_0198c0de00007000800000000000abcd"])]
    pub examples: Vec<String>,
    /// When it was last checked; null if it never was.
    pub checked_at: Option<Instant>,
}

impl From<Checked> for Invariant {
    fn from(checked: Checked) -> Self {
        Self {
            rule: checked.rule.name(),
            meaning: checked.rule.meaning(),
            violations: checked.violations,
            examples: checked.examples,
            checked_at: checked.checked_at.map(Instant),
        }
    }
}

/// All rules.
#[derive(Debug, Serialize, JsonSchema)]
pub struct InvariantList {
    /// The rules.
    #[schemars(length(max = 100))]
    pub invariants: Vec<Invariant>,
}

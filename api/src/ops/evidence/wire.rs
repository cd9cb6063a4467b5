//! What stories and checks answer with.

use app::invariant::Checked;
use app::story;
use schemars::JsonSchema;
use serde::Serialize;

use crate::wire::value::Instant;

/// Event history of an object.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Story {
    /// What it is about.
    #[schemars(example = &"ord_0198c0de00007000800000000000abcd")]
    pub id: String,
    /// Events, oldest first; the last entries describe the current state.
    #[schemars(length(max = 5000))]
    pub entries: Vec<StoryEntry>,
    /// Whether there are more events than are shown.
    #[schemars(example = false)]
    pub is_cut: bool,
}

/// An event.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StoryEntry {
    /// When it happened.
    pub at: Instant,
    /// What it is about: `request`, `event`, `move`, `message`, `no message`, `report`, `timetable`, `job` or
    /// `now`.
    #[schemars(example = &"message")]
    pub kind: &'static str,
    /// Id of the order, message, report, uploaded timetable, job or request.
    #[schemars(example = &"ntf_0198c0de00007000800000000000abcd")]
    pub id: String,
    /// What happened.
    #[schemars(example = &"e-mail sent")]
    pub text: String,
    /// Ids of related objects.
    #[schemars(length(max = 100), example = ["bkg_0198c0de00007000800000000000abcd"])]
    pub ids: Vec<String>,
}

impl From<story::Story> for Story {
    fn from(story: story::Story) -> Self {
        Self {
            id: story.id.to_string(),
            entries: story.entries.into_iter().map(Into::into).collect(),
            is_cut: story.is_cut,
        }
    }
}

impl From<story::Entry> for StoryEntry {
    fn from(entry: story::Entry) -> Self {
        Self {
            at: Instant(entry.at),
            kind: entry.kind.word(),
            id: entry.id,
            text: entry.text,
            ids: entry.ids,
        }
    }
}

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
    /// Some of them.
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

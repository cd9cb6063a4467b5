//! Response bodies of the operation on stories.

use app::story;
use schemars::JsonSchema;
use serde::Serialize;

use crate::wire::value::Instant;

/// Story of an object: its events in chronological order.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Story {
    /// Id of the object.
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
    /// Kind of entry: `request`, `event`, `move`, `message`, `no message`, `report`, `timetable`, `job` or
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

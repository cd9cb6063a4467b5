//! Request bodies of the operations on departures.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::wire::body::bodies;

/// Details of closing or reopening a departure for sale.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DepartureSale {
    /// Reason to record in the history.
    #[schemars(length(min = 1, max = 500))]
    #[schemars(example = &"A smaller bus runs on this day")]
    pub reason: Option<String>,
}

bodies!(DepartureSale);

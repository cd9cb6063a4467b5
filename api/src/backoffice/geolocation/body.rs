//! What operations on tracked objects are asked with.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::wire::body::bodies;

/// The switch of an object.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Toggle {
    /// Whether it is to be tracked.
    pub enabled: bool,
}

bodies!(Toggle);

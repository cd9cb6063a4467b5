//! Request bodies of the operations on tracked objects.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::wire::body::bodies;

/// Whether to track an object.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Toggle {
    /// `true` turns tracking on, `false` turns it off.
    #[schemars(example = true)]
    pub enabled: bool,
}

bodies!(Toggle);

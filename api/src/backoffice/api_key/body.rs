//! Request bodies of the operations on API keys.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::wire::body::bodies;

/// An API key to create.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateApiKey {
    /// What the key is used for.
    #[schemars(length(min = 1, max = 100))]
    #[schemars(example = &"Web shop, from November 2026")]
    pub name: String,
}

bodies!(CreateApiKey);

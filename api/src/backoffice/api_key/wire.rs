//! Response bodies of the operations on API keys.

use app::api_key::StoredKey;
use domain::id::ApiKeyId;
use schemars::JsonSchema;
use serde::Serialize;

use crate::wire::value::{Id, Instant};

/// A page of API keys.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiKeyList {
    /// Newest first.
    #[schemars(length(max = 100))]
    pub api_keys: Vec<ApiKey>,
    /// Total number of API keys, regardless of `take` and `skip`.
    #[schemars(example = 2)]
    pub total: usize,
}

/// A newly created API key.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewApiKey {
    /// Metadata of the key.
    pub api_key: ApiKey,
    /// The key to send as `x-api-key`. It is not shown again.
    #[schemars(example = &"pxs_staging_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    pub key: String,
}

/// Metadata of an API key.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiKey {
    /// Opaque id.
    pub id: Id<ApiKeyId>,
    /// What the key is used for.
    #[schemars(example = &"Web shop, from November 2026")]
    pub name: String,
    /// First characters of the key.
    #[schemars(example = &"pxs_staging_0123")]
    pub hint: String,
    /// Environment in which the key works.
    #[schemars(example = &"staging")]
    pub environment: String,
    /// When the key was created.
    #[schemars(example = &"2026-06-01T12:00:00.000Z")]
    pub created_at: Instant,
    /// When the key was last used, accurate to the minute.
    #[schemars(example = &"2026-06-09T08:15:00.000Z")]
    pub last_used_at: Option<Instant>,
    /// When the key was revoked; null if it was not revoked.
    #[schemars(example = serde_json::Value::Null)]
    pub revoked_at: Option<Instant>,
}

impl ApiKey {
    /// A key.
    #[must_use]
    pub fn new(key: StoredKey) -> Self {
        Self {
            id: Id(key.id),
            name: key.name,
            hint: key.hint,
            environment: key.environment,
            created_at: Instant(key.created_at),
            last_used_at: key.last_used_at.map(Instant),
            revoked_at: key.revoked_at.map(Instant),
        }
    }
}

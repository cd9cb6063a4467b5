//! Settings that pages of the console depend on. They contain no secret: anyone may read them.

use app::google::Google;
use poem_openapi::OpenApi;
use schemars::JsonSchema;
use serde::Serialize;

use super::Chapter;
use crate::auth::guest::Guest;
use crate::state::Shared;
use crate::wire::reply::{Answer, Reply, refusals};

refusals! {
    /// Reading the settings.
    Read: [
        (403, "`FORBIDDEN`: the request comes from a page of another origin."),
        (429, "`RATE_LIMITED`: the rate limit of the client's address is exceeded; try again after `Retry-After` seconds."),
    ];
}

/// Settings that pages of the console depend on.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Configuration {
    /// Whether users can sign in with Google by redirect (`googleStart`).
    #[schemars(example = true)]
    pub google_sign_in: bool,
    /// URL of the PMTiles file with the streets that maps show; null if there is none.
    #[schemars(length(max = 2000), example = serde_json::Value::Null)]
    pub map_pmtiles_url: Option<String>,
}

/// Operations on settings.
#[derive(Debug, Clone, Copy)]
pub struct ConfigurationApi;

#[OpenApi(prefix_path = "/v2/configuration", tag = "Chapter::Sessions")]
impl ConfigurationApi {
    /// Get the settings of the console
    ///
    /// Returns the settings that pages need before a user signs in. Requires no session.
    #[oai(path = "/", method = "get", operation_id = "getConfiguration")]
    pub(crate) async fn get(&self, state: Shared<'_>, _guest: Guest) -> Answer<Configuration, Read> {
        Ok(Reply::new(Configuration {
            google_sign_in: state.google.as_ref().is_some_and(Google::has_redirect),
            map_pmtiles_url: state.map_pmtiles_url.clone(),
        }))
    }
}

//! Files in a folder, for anyone who has a link that this platform signed (`clients::storage`). Not part of the OpenAPI
//! document: operations return the links, which lead to the bucket if files are stored in one.

use std::collections::HashMap;

use app::error::{AppError, Noun, chain};
use domain::link::LinkError;
use poem::http::header;
use poem::web::{Path, Query};
use poem::{Body, Response, handler};
use storage::{CONTENT_TYPE, FILES_PATH, content_disposition};

use crate::error::{ApiError, Code};
use crate::state::Shared;

/// The route; the key of a file has several segments.
#[must_use]
pub fn route() -> String {
    format!("{FILES_PATH}/*key")
}

/// Sends a file.
///
/// # Errors
/// 403 when the link is not valid (any more), 404 if the file does not exist (any more).
#[handler]
pub async fn file(
    state: Shared<'_>,
    Path(key): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, ApiError> {
    let signature = query.get("signature").map(String::as_str).unwrap_or_default();
    let expires = query.get("expires").and_then(|text| text.parse().ok()).unwrap_or(0);
    let now = state.platform.clock.now();
    let verified = state.storage.verify(&key, expires, signature, now);
    verified.map_err(|error| match error {
        LinkError::Forged => ApiError::new(Code::Forbidden, "The link is not valid"),
        LinkError::Expired => ApiError::new(Code::Forbidden, "The link has expired; request a new one"),
    })?;
    let opened = state.storage.open(&key).await;
    let opened = opened.map_err(|error| ApiError::unavailable(chain(&error)))?;
    let opened = opened.ok_or(AppError::NotFound(Noun::Resource))?;
    Ok(Response::builder()
        .content_type(CONTENT_TYPE)
        .header(header::CONTENT_LENGTH, opened.size)
        .header(header::CONTENT_DISPOSITION, content_disposition(&key))
        .header(header::CACHE_CONTROL, "private, no-store")
        .body(Body::from_bytes_stream(opened.into_bytes())))
}

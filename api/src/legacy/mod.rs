//! The old partner API (`/rest`, `x-api-key`), deprecated (contract section 8): convert in, the same verb as `/v2`,
//! convert out. It has no rule of its own but the one by which it ends (`common::domain::legacy`).

use poem_openapi::Tags;

pub mod body;
pub mod header;
pub mod migration;
pub mod offer;
pub mod order;
pub mod purchase;
pub mod refusal;
pub mod window;
pub mod wire;

/// Chapters of the document; `crate::openapi` gives their order.
#[derive(Debug, Clone, Copy, Tags)]
pub enum Chapter {
    /// The old partner API, deprecated. Every answer says since when (`Deprecation`), until when (`Sunset`) and how to
    /// leave it (`Link`). It closes for a partner once the sunset has passed and the partner has not called it for 30
    /// days. A missing or unknown key is 403 here, with the code `UNAUTHORIZED`.
    Legacy,
}

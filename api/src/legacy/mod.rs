//! The old partner API (`/rest`, `x-api-key`), deprecated (contract section 8): it converts the request, calls the same
//! use case as `/v2`, and converts the result. The only rule of its own is when it ends (`domain::legacy`).

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

/// Chapters of the document. `crate::openapi` determines their order.
#[derive(Debug, Clone, Copy, Tags)]
pub enum Chapter {
    /// The old partner API, deprecated. The headers of every response give the time from which it is deprecated
    /// (`Deprecation`), the earliest time at which it ends (`Sunset`) and the migration guide (`Link`). The API closes
    /// for a partner once the sunset has passed and the partner has not called it for 30 days. The response to a
    /// missing or unknown key is 403 here, with the code `UNAUTHORIZED`.
    Legacy,
}

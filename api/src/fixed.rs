//! Responses that do not change while the process runs: pages, their style, the OpenAPI document.

use bytes::Bytes;
use poem::endpoint::make_sync;
use poem::http::header;
use poem::{Endpoint, Response};

use crate::wire::etag;

/// The type of pages.
pub const HTML: &str = "text/html; charset=utf-8";

/// What a browser may do with such a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Nothing runs, and styles come from here. For pages and everything that is not one.
    Text,
    /// The script and style inside the page run, and may talk to this API only. For `/docs`.
    Script,
    /// Scripts, styles and workers that are files of this origin run, and may talk to this API only. For the console.
    Console,
}

impl Policy {
    /// Its `Content-Security-Policy`.
    #[must_use]
    pub const fn header(self) -> &'static str {
        match self {
            Self::Text => {
                "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; \
                 frame-ancestors 'none'"
            }
            Self::Script => {
                "default-src 'none'; script-src 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src data:; \
                 connect-src 'self'; frame-ancestors 'none'"
            }
            // The same as in console/scripts/policy.mjs, under which the console is tested.
            Self::Console => {
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
                 connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            }
        }
    }
}

/// A response with `text`, which browsers may keep for five minutes.
pub fn fixed(content_type: &'static str, policy: Policy, text: impl Into<Bytes>) -> impl Endpoint + 'static {
    let text = text.into();
    let tag = etag::of(&text);
    make_sync(move |_| {
        Response::builder()
            .content_type(content_type)
            .header(header::CONTENT_SECURITY_POLICY, policy.header())
            .header(header::CACHE_CONTROL, "public, max-age=300")
            .header(header::ETAG, tag.clone())
            .body(text.clone())
    })
}

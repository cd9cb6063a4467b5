//! Where a feed was fetched from, and which version of it.

/// Where a feed was fetched from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Checksum of the address and of everything else that an import depends on, except for the response.
    pub sha256: Vec<u8>,
    /// How the server identifies this version of the feed.
    pub validators: Validators,
}

/// How a server identifies a version of a feed (RFC 9110, section 8.8).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub modified: Option<String>,
}

impl Validators {
    /// Whether there is no validator for a conditional request.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.etag.is_none() && self.modified.is_none()
    }
}

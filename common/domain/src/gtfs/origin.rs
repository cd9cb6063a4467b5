//! Where a feed was fetched from, and which version of it.

/// Where a feed was fetched from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Checksum of the address and of all that an import depends on besides the answer.
    pub sha256: Vec<u8>,
    /// What the server calls this version of the feed.
    pub validators: Validators,
}

/// What a server calls a version of a feed (RFC 9110 section 8.8).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub modified: Option<String>,
}

impl Validators {
    /// Whether there is anything to ask with.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.etag.is_none() && self.modified.is_none()
    }
}

//! The guide from `/rest` to `/v2`: the page of `docs/guides`, as it is.

/// Where the page is.
pub const PATH: &str = "/guides/rest-to-v2-migration";

/// The page, plain text that people can read.
pub const TEXT: &str = include_str!("../../../docs/guides/rest-to-v2-migration.md");

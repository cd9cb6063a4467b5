//! Names of headers that carry credentials.

/// The header that carries the key of a partner.
pub const API_KEY: &str = "x-api-key";

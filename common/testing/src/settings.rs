//! Settings with which any process starts in a test.

use config::Settings;
use figment::Figment;
use figment::providers::Serialized;

/// Key that encrypts secrets in the database.
pub const VAULT_KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

/// The defaults, this database, and a value for every setting that some process requires. Nothing listens at the URLs;
/// a test merges those of the servers that it starts itself.
#[must_use]
pub fn settings(database_url: &str) -> Figment {
    const SECRET: &str = "0123456789abcdef0123456789abcdef";
    [
        ("database_url", database_url),
        ("redis_url", "redis://127.0.0.1:1/"),
        ("offer_secret", SECRET),
        ("session_secret", SECRET),
        ("storage_url", "file:///nonexistent"),
        ("link_secret", SECRET),
        ("vault_key", VAULT_KEY),
    ]
    .into_iter()
    // Each request refreshes the cache first, so that a test need not wait for its changes.
    .fold(
        Settings::defaults().merge(("cache_max_age_ms", 0)),
        |figment, (name, value)| figment.merge(Serialized::default(name, value)),
    )
}

//! The person who runs a command.

/// The name of the person at the terminal, from `USER`; `None` when it is missing or blank.
#[must_use]
pub fn user_name() -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "settings are read in this crate")]
    let name = std::env::var("USER").unwrap_or_default();
    Some(name).filter(|name| !name.trim().is_empty())
}

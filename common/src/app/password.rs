//! Passwords: argon2id (RFC 9106) with the parameters that the argon2 crate recommends.
//!
//! Hashing takes tens of milliseconds of one core: callers that serve requests run it on a blocking thread.

use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier};
use secrecy::{ExposeSecret, SecretString};

use crate::error::{AppError, AppResult};

/// Hash of a new password in PHC format, with a random salt.
///
/// # Errors
/// When the password is shorter than 8 or longer than 128 characters.
pub fn hash(password: &SecretString) -> AppResult<String> {
    let password = password.expose_secret();
    if !(8..=128).contains(&password.chars().count()) {
        return Err(AppError::field("password", "length", "must have 8 to 128 characters"));
    }
    let hash: PasswordHash = Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(|e| AppError::Internal(format!("a password does not hash: {e}")))?;
    Ok(hash.to_string())
}

/// Whether a password is the one behind a hash; a hash that cannot be read fits none.
#[must_use]
pub fn fits(password: &SecretString, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| {
        Argon2::default()
            .verify_password(password.expose_secret().as_bytes(), &hash)
            .is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::{fits, hash};

    #[test]
    fn only_the_same_password_fits() {
        let stored = hash(&"correct horse".into()).unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert!(fits(&"correct horse".into(), &stored));
        assert!(!fits(&"battery staple".into(), &stored));
        assert!(!fits(&"correct horse".into(), "not a hash"));
        assert!(hash(&"short".into()).is_err());
    }
}

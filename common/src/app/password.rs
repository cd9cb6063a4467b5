//! Passwords: argon2id (RFC 9106) with the parameters that the argon2 crate recommends.
//!
//! Hashing takes tens of milliseconds of one core: callers that serve requests go through a [`Verifier`].

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::available_parallelism;

use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use crate::error::{AppError, AppResult};

/// Characters that a password may have.
const MAX_LENGTH: usize = 128;

/// A hash of our parameters that fits no password that anybody knows (its bytes are random).
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$Q8A8Uj6ZG+zARyQROIQvrg$itXIxYJe50U/KWJ2WYhr0zb9D8cFBGh2f7nOOWhv0Q0";

/// Hash of a new password in PHC format, with a random salt.
///
/// # Errors
/// When the password is shorter than 8 or longer than 128 characters.
pub fn hash(password: &SecretString) -> AppResult<String> {
    let password = password.expose_secret();
    if !(8..=MAX_LENGTH).contains(&password.chars().count()) {
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

/// Verifies passwords for requests: beside the async threads, as many at a time as there are cores.
#[derive(Debug)]
pub struct Verifier {
    cores: Arc<Semaphore>,
    verified: AtomicU64,
}

impl Default for Verifier {
    fn default() -> Self {
        Self {
            cores: Arc::new(Semaphore::new(available_parallelism().map_or(1, usize::from))),
            verified: AtomicU64::new(0),
        }
    }
}

impl Verifier {
    /// Whether a password is the one behind a hash. Without a hash, and for a password that none can be of, the
    /// answer is no, after the same work.
    ///
    /// # Errors
    /// When the process is ending.
    pub async fn fits(&self, password: &SecretString, hash: Option<String>) -> AppResult<bool> {
        let ending = |_| AppError::Unavailable("the process is ending");
        let permit = Arc::clone(&self.cores).acquire_owned().await.map_err(ending)?;
        self.verified.fetch_add(1, Ordering::Relaxed);
        let possible = password.expose_secret().chars().take(MAX_LENGTH + 1).count() <= MAX_LENGTH;
        let password = if possible {
            password.clone()
        } else {
            SecretString::default()
        };
        let known = possible && hash.is_some();
        let work = move || {
            // A request that is given up leaves the work behind: the core is taken until it is done.
            let _permit = permit;
            fits(&password, hash.as_deref().unwrap_or(NOBODY))
        };
        let fits = tokio::task::spawn_blocking(work).await;
        let fits = fits.map_err(|e| AppError::Internal(format!("a password is not verified: {e}")))?;
        Ok(fits && known)
    }

    /// Verifications so far. Every attempt to sign in costs one, whether there is such a person or not.
    #[must_use]
    pub fn verified(&self) -> u64 {
        self.verified.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use argon2::PasswordHash;

    use super::{MAX_LENGTH, NOBODY, Verifier, fits, hash};

    #[test]
    fn only_the_same_password_fits() {
        let stored = hash(&"correct horse".into()).unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert!(fits(&"correct horse".into(), &stored));
        assert!(!fits(&"battery staple".into(), &stored));
        assert!(!fits(&"correct horse".into(), "not a hash"));
        assert!(hash(&"short".into()).is_err());
    }
    #[test]
    fn the_hash_of_nobody_costs_what_every_hash_costs() {
        let stored = hash(&"correct horse".into()).unwrap();
        let (stored, nobody) = (PasswordHash::new(&stored).unwrap(), PasswordHash::new(NOBODY).unwrap());
        assert_eq!(
            (&nobody.algorithm, &nobody.version, &nobody.params),
            (&stored.algorithm, &stored.version, &stored.params)
        );
        let lengths = |hash: &PasswordHash| (hash.salt.as_ref().map(|s| s.len()), hash.hash.map(|h| h.len()));
        assert_eq!(lengths(&nobody), lengths(&stored));
    }

    #[tokio::test]
    async fn what_cannot_fit_costs_a_verification_all_the_same() {
        let verifier = Verifier::default();
        let (right, long) = ("correct horse", "x".repeat(MAX_LENGTH + 1));
        let stored = hash(&right.into()).unwrap();
        assert!(verifier.fits(&right.into(), Some(stored.clone())).await.unwrap());
        for (password, hash) in [(right, None), ("", Some(stored.clone())), (&*long, Some(stored))] {
            assert!(!verifier.fits(&password.into(), hash).await.unwrap(), "{password}");
        }
        assert_eq!(verifier.verified(), 4);
    }
}

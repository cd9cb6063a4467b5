//! Passwords: argon2id (RFC 9106) with the parameters that the argon2 crate recommends.
//!
//! The same password arrives in different bytes from different keyboards: a Mac sends `й` and `ї` as a letter and a
//! mark (NFD), others as one character (NFC), and some layouts type a no-break space. So passwords are hashed in the
//! form of RFC 8265 (OpaqueString): NFC, every space U+0020. Older hashes are of the unnormalised input; they are
//! accepted in any of the usual forms, and replaced.
//!
//! Hashing takes tens of milliseconds of one core: callers that serve requests go through a [`Verifier`].

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::available_parallelism;

use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

use crate::error::{AppError, AppResult};

mod change;

pub use change::{PasswordChange, change};

/// Maximum number of characters of a password, in its normal form.
const MAX_LENGTH: usize = 128;

/// Maximum number of characters before normalisation: in NFD, a letter can take several.
const MAX_TYPED: usize = 4 * MAX_LENGTH;

/// A hash with our parameters that matches no known password (its bytes are random).
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$Q8A8Uj6ZG+zARyQROIQvrg$itXIxYJe50U/KWJ2WYhr0zb9D8cFBGh2f7nOOWhv0Q0";

/// The form in which a password is hashed.
fn normal(password: &SecretString) -> SecretString {
    let space = |c: char| if c.is_whitespace() && !c.is_control() { ' ' } else { c };
    let normal: String = password.expose_secret().nfc().map(space).collect();
    normal.into()
}

/// The forms from which a stored hash may have been made: first the normal form, then the password as typed now and as
/// another keyboard would have sent it. Their number depends on the typed password, not on the stored hash; for ASCII
/// there is one.
fn forms(password: &SecretString) -> Vec<SecretString> {
    let typed = password.expose_secret();
    let mut forms = vec![normal(password)];
    for form in [typed.to_owned(), typed.nfc().collect(), typed.nfd().collect()] {
        let form = SecretString::from(form);
        if forms.iter().all(|known| known.expose_secret() != form.expose_secret()) {
            forms.push(form);
        }
    }
    forms
}

/// Hash of a new password in PHC format, with a random salt.
///
/// # Errors
/// When the password is shorter than 8 or longer than 128 characters.
pub fn hash(password: &SecretString) -> AppResult<String> {
    check("password", password)?;
    hash_form(&normal(password))
}

/// Checks whether a text can be a password; `field` is the field in which it was sent.
///
/// # Errors
/// When it is shorter than 8 or longer than 128 characters.
pub fn check(field: &str, password: &SecretString) -> AppResult<()> {
    let length = normal(password).expose_secret().chars().count();
    if (8..=MAX_LENGTH).contains(&length) {
        Ok(())
    } else {
        Err(AppError::field(field, "length", "must be 8 to 128 characters long"))
    }
}

fn hash_form(form: &SecretString) -> AppResult<String> {
    let hash: PasswordHash = Argon2::default()
        .hash_password(form.expose_secret().as_bytes())
        .map_err(|e| AppError::Internal(format!("hashing a password failed: {e}")))?;
    Ok(hash.to_string())
}

/// Whether a password is the one behind a hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fit {
    /// It is not. A hash that cannot be read fits none.
    No,
    /// It is.
    Yes,
    /// It is, and the hash is of an older form: this new hash must replace it.
    Renew(String),
}

/// Whether a password is the one behind a hash, in any of its forms.
///
/// # Errors
/// When the new hash of an old password cannot be made.
pub fn fit(password: &SecretString, hash: &str) -> AppResult<Fit> {
    let stored = PasswordHash::new(hash).ok();
    let fits = |form: &SecretString| {
        let form = form.expose_secret().as_bytes();
        stored
            .as_ref()
            .is_some_and(|stored| Argon2::default().verify_password(form, stored).is_ok())
    };
    let forms = forms(password);
    match forms.iter().position(fits) {
        None => Ok(Fit::No),
        Some(0) => Ok(Fit::Yes),
        Some(_) => hash_form(&normal(password)).map(Fit::Renew),
    }
}

/// Verifies passwords for requests: outside the async threads, as many at a time as there are cores.
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
    /// Whether a password is the one behind a hash. Without a hash, or if the password is too long for any hash, the
    /// result is no, after the same work.
    ///
    /// # Errors
    /// When the process is ending.
    pub async fn fit(&self, password: &SecretString, hash: Option<String>) -> AppResult<Fit> {
        let ending = |_| AppError::Unavailable("the process is ending");
        let permit = Arc::clone(&self.cores).acquire_owned().await.map_err(ending)?;
        self.verified.fetch_add(1, Ordering::Relaxed);
        let typed = password.expose_secret().chars().take(MAX_TYPED + 1).count();
        let possible = typed <= MAX_TYPED && normal(password).expose_secret().chars().count() <= MAX_LENGTH;
        let password = if possible {
            password.clone()
        } else {
            SecretString::default()
        };
        let known = possible && hash.is_some();
        let work = move || {
            // The work continues after its request is canceled: the core is occupied until it is done.
            let _permit = permit;
            fit(&password, hash.as_deref().unwrap_or(NOBODY))
        };
        let fit = tokio::task::spawn_blocking(work).await;
        let fit = fit.map_err(|e| AppError::Internal(format!("verifying a password failed: {e}")))??;
        Ok(if known { fit } else { Fit::No })
    }

    /// The [`hash`] of a new password, which takes as long as verifying one.
    ///
    /// # Errors
    /// As [`hash`]; and when the process is ending.
    pub async fn hash(&self, password: &SecretString) -> AppResult<String> {
        let ending = |_| AppError::Unavailable("the process is ending");
        let permit = Arc::clone(&self.cores).acquire_owned().await.map_err(ending)?;
        let password = password.clone();
        let work = move || {
            let _permit = permit;
            hash(&password)
        };
        let hashed = tokio::task::spawn_blocking(work).await;
        hashed.map_err(|e| AppError::Internal(format!("hashing a password failed: {e}")))?
    }

    /// Attempts so far. Each costs the verification of every form of what was typed, whether the user exists or not.
    #[must_use]
    pub fn verified(&self) -> u64 {
        self.verified.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use argon2::PasswordHash;
    use rstest::rstest;
    use secrecy::SecretString;

    use super::{Fit, MAX_LENGTH, NOBODY, Verifier, fit, forms, hash, hash_form};

    /// "їжачокйде" as other systems send it, and as a Mac does.
    const COMPOSED: &str = "\u{457}жачок\u{439}де";
    const DECOMPOSED: &str = "\u{456}\u{308}жачок\u{438}\u{306}де";

    #[test]
    fn only_the_same_password_fits() {
        let stored = hash(&"correct horse".into()).unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert_eq!(fit(&"correct horse".into(), &stored).unwrap(), Fit::Yes);
        assert_eq!(fit(&"battery staple".into(), &stored).unwrap(), Fit::No);
        assert_eq!(fit(&"correct horse".into(), "not a hash").unwrap(), Fit::No);
        assert!(hash(&"short".into()).is_err());
    }

    #[rstest]
    #[case(COMPOSED, DECOMPOSED)]
    #[case("caf\u{e9} au lait", "cafe\u{301} au lait")]
    #[case("with a space", "with\u{a0}a\u{202f}space")]
    #[case("\u{c5}ngstr\u{f6}m!", "\u{212b}ngstro\u{308}m!")]
    fn a_password_fits_in_every_form_of_its_characters(#[case] one: &str, #[case] other: &str) {
        for (set, typed) in [(one, other), (other, one), (one, one)] {
            let stored = hash(&set.into()).unwrap();
            assert_eq!(fit(&typed.into(), &stored).unwrap(), Fit::Yes, "{set:?} {typed:?}");
        }
    }

    #[rstest]
    #[case(DECOMPOSED, DECOMPOSED)]
    #[case(DECOMPOSED, COMPOSED)]
    #[case("with\u{a0}a space", "with\u{a0}a space")]
    #[case("caf\u{e9}\u{a0}au lait", "cafe\u{301}\u{a0}au lait")]
    fn an_old_hash_fits_and_is_renewed(#[case] set: &str, #[case] typed: &str) {
        let old = hash_form(&set.into()).unwrap();
        let Fit::Renew(new) = fit(&typed.into(), &old).unwrap() else {
            panic!("an old hash")
        };
        for typed in [set, typed] {
            assert_eq!(fit(&typed.into(), &new).unwrap(), Fit::Yes, "{typed:?}");
        }
        assert_eq!(fit(&"something else".into(), &old).unwrap(), Fit::No);
    }

    #[test]
    fn the_length_is_that_of_the_normal_form() {
        // Eight characters that a Mac sends as sixteen, and four that it sends as eight.
        assert!(hash(&"\u{438}\u{306}".repeat(8).into()).is_ok());
        assert!(hash(&"\u{438}\u{306}".repeat(4).into()).is_err());
        assert!(hash(&"\u{438}\u{306}".repeat(MAX_LENGTH).into()).is_ok());
        assert!(hash(&"x".repeat(MAX_LENGTH + 1).into()).is_err());
    }

    #[test]
    fn an_ascii_password_is_verified_once() {
        let number = |password: &str| forms(&SecretString::from(password)).len();
        assert_eq!(
            [number("correct horse"), number(COMPOSED), number(DECOMPOSED)],
            [1, 2, 2]
        );
    }

    #[test]
    fn the_hash_for_unknown_users_costs_what_every_hash_costs() {
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
    async fn an_impossible_password_costs_a_verification_too() {
        let verifier = Verifier::default();
        let (right, long) = ("correct horse", "x".repeat(MAX_LENGTH + 1));
        let stored = hash(&right.into()).unwrap();
        let right_one = verifier.fit(&right.into(), Some(stored.clone())).await.unwrap();
        assert_eq!(right_one, Fit::Yes);
        for (password, hash) in [(right, None), ("", Some(stored.clone())), (&*long, Some(stored))] {
            let fit = verifier.fit(&password.into(), hash).await.unwrap();
            assert_eq!(fit, Fit::No, "{password}");
        }
        assert_eq!(verifier.verified(), 4);
    }
}

//! Throttling of sign-in (contract section 6): failures are counted by account, by address, and by both together, in
//! Redis, for all replicas of the API at once. An account that nobody has is counted like any other.
//!
//! Redis is not the truth of anything: while it is away or slow, everybody may try, and the log says so. Names of
//! counters are MACs, so that neither mail addresses nor network addresses stand in Redis.

use std::fmt::Write;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use aws_lc_rs::hmac;

use crate::clients::attempts::{Attempts, AttemptsError};
use crate::clients::redis::Redis;
use crate::domain::throttle::{Counted, Limits, account, place};
use crate::error::{AppError, AppResult, chain};

/// How long a sign-in may be kept waiting by Redis.
pub const PATIENCE: Duration = Duration::from_millis(250);

/// Time between two lines in the log about a Redis that is away.
const QUIET: Duration = Duration::from_secs(10);

/// Admits attempts to sign in.
#[derive(Debug)]
pub struct Throttle {
    attempts: Attempts,
    key: hmac::Key,
    limits: Limits,
    unthrottled: AtomicU64,
    told_at: Mutex<Option<Instant>>,
}

/// An attempt that was admitted; it counts as a failure until it is [forgiven](Throttle::forgive).
#[derive(Debug)]
#[must_use]
pub struct Attempt {
    counters: Vec<(Counted, String)>,
}

impl Throttle {
    /// A throttle with the usual limits. `secret` is the same on all replicas.
    #[must_use]
    pub fn new(redis: Redis, secret: &[u8]) -> Self {
        Self::with(redis, secret, Limits::default(), PATIENCE)
    }

    /// A throttle with limits and patience of its own.
    #[must_use]
    pub fn with(redis: Redis, secret: &[u8], limits: Limits, patience: Duration) -> Self {
        Self {
            attempts: Attempts::new(redis, patience),
            key: hmac::Key::new(hmac::HMAC_SHA256, secret),
            limits,
            unthrottled: AtomicU64::new(0),
            told_at: Mutex::default(),
        }
    }

    /// Counts an attempt against an account, if it names one, from an address.
    ///
    /// # Errors
    /// [`AppError::RateLimited`] when there were too many failures; this attempt is then not counted.
    pub async fn admit(&self, email: Option<&str>, address: IpAddr) -> AppResult<Attempt> {
        let counters = self.counters(email, address);
        let limited: Vec<(String, u32)> = counters
            .iter()
            .map(|(counted, name)| (name.clone(), self.limits.of(*counted)))
            .collect();
        match self.attempts.take(&limited, self.limits.window).await {
            Ok(None) => Ok(Attempt { counters }),
            Ok(Some(wait)) => {
                let seconds = wait.as_millis().div_ceil(1000);
                tracing::info!("an attempt to sign in is refused: too many failures");
                Err(AppError::RateLimited(u32::try_from(seconds).unwrap_or(u32::MAX)))
            }
            Err(error) => {
                self.unthrottled.fetch_add(1, Ordering::Relaxed);
                self.tell(&error);
                Ok(Attempt { counters: Vec::new() })
            }
        }
    }

    /// An attempt was no failure: it is taken back. `proven` says that the person proved who they are; their earlier
    /// failures from this address are then forgotten, while those of the account from elsewhere and of others from
    /// this address stay.
    pub async fn forgive(&self, attempt: Attempt, proven: bool) {
        let is_cleared = |counted| proven && counted == Counted::AccountFromAddress;
        let mut kept = Vec::new();
        let mut cleared = None;
        for (counted, name) in attempt.counters {
            if is_cleared(counted) {
                cleared = Some(name);
            } else {
                kept.push(name);
            }
        }
        let given_back = async {
            if !kept.is_empty() {
                self.attempts.give_back(&kept).await?;
            }
            match cleared {
                Some(name) => self.attempts.forget(&name).await,
                None => Ok(()),
            }
        };
        if let Err(error) = given_back.await {
            self.tell(&error);
        }
    }

    /// Identifies somebody, if they may try. Wrong credentials count; what else may go wrong is not their failure.
    /// An attempt whose caller hangs up counts, too.
    ///
    /// # Errors
    /// [`AppError::RateLimited`], and those of the attempt.
    pub async fn guard<T>(
        &self,
        email: Option<&str>,
        address: IpAddr,
        identify: impl Future<Output = AppResult<T>>,
    ) -> AppResult<T> {
        let attempt = self.admit(email, address).await?;
        let answer = identify.await;
        if !matches!(answer, Err(AppError::InvalidCredentials)) {
            self.forgive(attempt, answer.is_ok()).await;
        }
        answer
    }

    /// Whether attempts are counted now.
    pub async fn works(&self) -> bool {
        self.attempts.check().await.is_ok()
    }

    /// Attempts that were admitted uncounted since the process began, because Redis did not answer.
    #[must_use]
    pub fn unthrottled(&self) -> u64 {
        self.unthrottled.load(Ordering::Relaxed)
    }

    fn counters(&self, email: Option<&str>, address: IpAddr) -> Vec<(Counted, String)> {
        let place = place(address).to_string();
        let mut counters = vec![(Counted::Address, self.name("address", &[&place]))];
        if let Some(account) = email.map(account) {
            counters.push((Counted::Account, self.name("account", &[&account])));
            let both = self.name("account and address", &[&place, &account]);
            counters.push((Counted::AccountFromAddress, both));
        }
        counters
    }

    /// Name of a counter. The braces put all of them on one node of a cluster, or no script could see them together.
    fn name(&self, kind: &str, parts: &[&str]) -> String {
        let mut context = hmac::Context::with_key(&self.key);
        context.update(b"throttle ");
        context.update(kind.as_bytes());
        for part in parts {
            // No address contains a line feed, and the mail address comes last.
            context.update(b"\n");
            context.update(part.as_bytes());
        }
        let mut name = "{sign-in}:".to_owned();
        for byte in &context.sign().as_ref()[..16] {
            let _ = write!(name, "{byte:02x}");
        }
        name
    }

    fn tell(&self, error: &AttemptsError) {
        let mut told_at = self.told_at.lock().unwrap_or_else(PoisonError::into_inner);
        if told_at.is_none_or(|at| at.elapsed() >= QUIET) {
            *told_at = Some(Instant::now());
            tracing::warn!(
                error = chain(error),
                unthrottled = self.unthrottled(),
                "sign-in is not throttled"
            );
        }
    }
}

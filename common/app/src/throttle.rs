//! Throttling of sign-in (contract section 6): failures are counted by account, by address, and by both together, in
//! Redis, for all replicas of the API. Accounts that do not exist are counted like others.
//!
//! Anyone who knows an e-mail address can use up the attempts of its account from addresses that never signed in to it,
//! but not the attempts of its owner from known ones: a known device ([`domain::device`]) is counted separately, and at
//! a known address the account is not counted together with other addresses.
//!
//! Redis is not required: while it is unreachable or slow, every attempt is allowed and a warning is logged. Names of
//! counters are MACs, so that neither e-mail addresses nor network addresses are stored in Redis.

use std::fmt::Write;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use aws_lc_rs::hmac;
use clients::attempts::{Attempts, AttemptsError, Counter, Shared, Taken};
use connect::redis::Redis;
use domain::device::Device;
use domain::throttle::{Counted, KNOWN, Limits, account, place};
use kernel::log_limit::LogLimit;

use crate::error::{AppError, AppResult, chain};

/// How long a sign-in waits for Redis.
pub const TIMEOUT: Duration = Duration::from_millis(250);

/// Admits attempts to sign in.
#[derive(Debug)]
pub struct Throttle {
    attempts: Attempts,
    key: hmac::Key,
    limits: Limits,
    unthrottled: AtomicU64,
    /// Problems of an unavailable Redis.
    problems: LogLimit,
}

/// Where an attempt comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client {
    /// The network address, as far as it can be trusted.
    pub address: IpAddr,
    /// The device, if it is one from which the account was signed in to before.
    pub device: Option<Device>,
}

impl From<IpAddr> for Client {
    fn from(address: IpAddr) -> Self {
        let device = None;
        Self { address, device }
    }
}

/// An attempt that was admitted; it counts as a failure until it is [forgiven](Throttle::forgive).
#[derive(Debug)]
#[must_use]
pub struct Attempt {
    /// Its counters.
    counters: Vec<(Counted, String)>,
    /// The marker of the address for the account.
    marker: Option<String>,
}

impl Throttle {
    /// A throttle with the usual limits. `secret` is the same on all replicas.
    #[must_use]
    pub fn new(redis: Redis, secret: &[u8]) -> Self {
        Self::with(redis, secret, Limits::default(), TIMEOUT)
    }

    /// A throttle with the given limits and time-out.
    #[must_use]
    pub fn with(redis: Redis, secret: &[u8], limits: Limits, timeout: Duration) -> Self {
        Self {
            attempts: Attempts::new(redis, timeout),
            key: hmac::Key::new(hmac::HMAC_SHA256, secret),
            limits,
            unthrottled: AtomicU64::new(0),
            problems: LogLimit::default(),
        }
    }

    /// Counts an attempt against an account, if it names one, from a client.
    ///
    /// # Errors
    /// [`AppError::RateLimited`] when there were too many failures; this attempt is then not counted.
    pub async fn admit(&self, email: Option<&str>, client: Client) -> AppResult<Attempt> {
        let account = email.map(account);
        let place = place(client.address).to_string();
        let mut own = Vec::new();
        let mut shared = None;
        // A successful sign-in makes the address known.
        let marker = account.as_ref().map(|account| self.name("known", &[&place, account]));
        match (&account, client.device) {
            (_, Some(device)) => own.push((Counted::Device, self.name("device", &[&hex(&device.id)]))),
            (None, None) => own.push((Counted::Address, self.name("address", &[&place]))),
            (Some(account), None) => {
                own.push((Counted::Address, self.name("address", &[&place])));
                let both = self.name("account and address", &[&place, account]);
                own.push((Counted::AccountFromAddress, both));
                shared = Some((Counted::AccountFromUnknown, self.name("account", &[account])));
            }
        }
        let counter = |(counted, name): &(Counted, String)| Counter {
            name: name.clone(),
            limit: self.limits.of(*counted),
        };
        let counters: Vec<Counter> = own.iter().map(counter).collect();
        let unless_known = shared.as_ref().zip(marker.as_ref()).map(|(shared, marker)| Shared {
            counters: vec![counter(shared)],
            unless: marker.clone(),
        });
        match self
            .attempts
            .take(&counters, unless_known.as_ref(), self.limits.window)
            .await
        {
            Ok(Taken::Counted { shared: counted }) => {
                own.extend(shared.filter(|_| counted));
                Ok(Attempt { counters: own, marker })
            }
            Ok(Taken::Full(wait)) => {
                let seconds = wait.as_millis().div_ceil(1000);
                tracing::info!("sign-in attempt refused: too many failures");
                Err(AppError::RateLimited(u32::try_from(seconds).unwrap_or(u32::MAX)))
            }
            Err(error) => {
                self.unthrottled.fetch_add(1, Ordering::Relaxed);
                self.tell(&error);
                let counters = Vec::new();
                Ok(Attempt { counters, marker })
            }
        }
    }

    /// Takes back an attempt that was not a failure. `proven` means that the user was authenticated; their earlier
    /// failures from this device or address are then deleted, while failures of the account from other addresses and of
    /// other accounts from this address stay, and the address is known for the account from now on.
    pub async fn forgive(&self, attempt: Attempt, proven: bool) {
        let Attempt { counters, marker } = attempt;
        let is_cleared = |counted| proven && matches!(counted, Counted::AccountFromAddress | Counted::Device);
        let (cleared, kept): (Vec<_>, Vec<_>) = counters.into_iter().partition(|(counted, _)| is_cleared(*counted));
        let names = |counters: Vec<(Counted, String)>| counters.into_iter().map(|(_, name)| name).collect::<Vec<_>>();
        let known: Vec<String> = marker.into_iter().filter(|_| proven).collect();
        let (kept, cleared) = (names(kept), names(cleared));
        if let Err(error) = self.attempts.settle(&kept, &cleared, &known, KNOWN).await {
            self.tell(&error);
        }
    }

    /// Authenticates a user, unless throttled. Wrong credentials count; other errors do not. An attempt whose caller
    /// disconnects counts, too.
    ///
    /// # Errors
    /// [`AppError::RateLimited`], and those of the attempt.
    pub async fn guard<T>(
        &self,
        email: Option<&str>,
        client: Client,
        identify: impl Future<Output = AppResult<T>>,
    ) -> AppResult<T> {
        let attempt = self.admit(email, client).await?;
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

    /// Name of a counter or marker. The braces put all of them on one node of a cluster, so that a script can use them
    /// together.
    fn name(&self, kind: &str, parts: &[&str]) -> String {
        let mut context = hmac::Context::with_key(&self.key);
        context.update(b"throttle ");
        context.update(kind.as_bytes());
        for part in parts {
            // No address contains a line feed, and the mail address comes last.
            context.update(b"\n");
            context.update(part.as_bytes());
        }
        format!("{{sign-in}}:{}", hex(&context.sign().as_ref()[..16]))
    }

    fn tell(&self, error: &AttemptsError) {
        if self.problems.note(1, Instant::now()).is_some() {
            tracing::warn!(
                error = chain(error),
                unthrottled = self.unthrottled(),
                "sign-in is not throttled"
            );
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

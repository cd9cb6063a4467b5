//! Requests that take effect once (contract section 1), even if they are sent repeatedly.
//!
//! The response is written in the transaction of the effect, so there are both or neither, even if the process is
//! killed. While a request is served, that transaction holds an advisory lock, which is released by its end. In order:
//!
//! 1. [`IdempotentRequest::enter`] sets the caller.
//! 2. [`IdempotentRequest::begin`] takes the lock and looks for an earlier response, in one statement.
//! 3. [`BorrowedTransaction::done`] records that the effect is in the transaction.
//! 4. [`IdempotentRequest::settle`] writes the response and commits. If a duplicate request committed between the look
//!    and the lock, writing finds its response: the effect is undone, and that response is sent. What the use case does
//!    in memory because of its effect waits until then ([`Consequence`]).
//!
//! A refused request leaves no effect. Its response is kept too, in a transaction of its own, under the same lock. If
//! the request was answered before, the earlier response is sent, even in place of a refusal that is not kept; and while a
//! duplicate is being served, such a refusal is [`AppError::IdempotencyInFlight`].

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use db::idempotency::{Entry, Kept};
use domain::idempotency::{Answer, Caller, LIFETIME, Request};
use domain::vault::Vault;
use kernel::clock::Clock;
use sqlx::{PgPool, Postgres, Transaction};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::error::{AppError, AppResult};
use crate::metrics::{self, IdempotencyOutcome};

mod borrowed;
mod earlier;
mod later;
mod sealed;

pub use borrowed::BorrowedTransaction;
pub use later::Consequence;

type Slot = Option<Transaction<'static, Postgres>>;

/// A request with an idempotency key.
#[derive(Debug)]
pub struct IdempotentRequest {
    pool: PgPool,
    clock: Clock,
    vault: Arc<Vault>,
    /// The request as far as it is known at its beginning.
    begun: Request,
    /// The request with its body. Empty while the body has not arrived; until then no earlier response can be compared
    /// with it, and no response is kept for it.
    request: OnceLock<Request>,
    caller: OnceLock<Caller>,
    found: OnceLock<Found>,
    /// The transaction of the effect, once begun. It is kept here between the use case and the response.
    slot: Arc<Mutex<Slot>>,
    is_done: AtomicBool,
    /// What happens in memory once the outcome is known.
    later: later::Later,
    /// Whether a concurrent duplicate of the request is in progress.
    met_twin: AtomicBool,
}

fn misused() -> AppError {
    AppError::Internal("a request with an idempotency key can have only one effect".to_owned())
}

/// The earlier use of the key.
#[derive(Debug)]
enum Found {
    Same(Answer),
    Other,
}

impl IdempotentRequest {
    /// A request whose caller is not known yet.
    #[must_use]
    pub fn new(pool: PgPool, clock: Clock, vault: Arc<Vault>, request: Request) -> Self {
        let once = Self::without_body(pool, clock, vault, request);
        once.request.get_or_init(|| request);
        once
    }

    /// A request whose caller and body are not known yet; [`note_body`](Self::note_body) adds the body.
    #[must_use]
    pub fn without_body(pool: PgPool, clock: Clock, vault: Arc<Vault>, begun: Request) -> Self {
        Self {
            pool,
            clock,
            vault,
            begun,
            request: OnceLock::new(),
            caller: OnceLock::new(),
            found: OnceLock::new(),
            slot: Arc::default(),
            is_done: AtomicBool::new(false),
            later: later::Later::default(),
            met_twin: AtomicBool::new(false),
        }
    }

    /// Sets the caller, who is authorised by now.
    pub fn enter(&self, caller: Caller) {
        self.caller.get_or_init(|| caller);
    }

    /// Adds the SHA-256 of a body that arrived while the request is served.
    pub fn note_body(&self, sha256: [u8; 32]) {
        self.request.get_or_init(|| self.begun.with_body(sha256));
    }

    /// The whole request.
    fn request(&self) -> AppResult<&Request> {
        let unknown =
            || AppError::Internal("the body of a request with an idempotency key is not known yet".to_owned());
        self.request.get().ok_or_else(unknown)
    }

    /// Whether the caller is known. Without a caller nothing is looked up or stored.
    #[must_use]
    pub fn has_caller(&self) -> bool {
        self.caller.get().is_some()
    }

    /// Begins the transaction of the effect; one that a use case dropped ends first.
    ///
    /// # Errors
    /// [`AppError::Answered`] and [`AppError::IdempotencyKeyReused`] when it was answered before,
    /// [`AppError::IdempotencyInFlight`] while a duplicate is being served, and database errors.
    pub async fn begin(self: &Arc<Self>) -> AppResult<BorrowedTransaction> {
        let mut slot = Arc::clone(&self.slot).try_lock_owned().map_err(|_| misused())?;
        if self.is_done.load(Ordering::Relaxed) {
            return Err(misused());
        }
        if let Some(dropped) = slot.take() {
            dropped.rollback().await?;
        }
        *slot = Some(self.open().await?);
        self.lend(slot)
    }

    /// The transaction of the effect once more, after [`BorrowedTransaction::done`].
    ///
    /// # Errors
    /// When there is none.
    pub fn read(self: &Arc<Self>) -> AppResult<BorrowedTransaction> {
        let slot = Arc::clone(&self.slot).try_lock_owned().map_err(|_| misused())?;
        self.lend(slot)
    }

    fn lend(self: &Arc<Self>, slot: OwnedMutexGuard<Slot>) -> AppResult<BorrowedTransaction> {
        Ok(BorrowedTransaction {
            tx: OwnedMutexGuard::try_map(slot, Option::as_mut).map_err(|_| misused())?,
            once: Arc::clone(self),
        })
    }

    /// Adds what is to be done when it is known whether the effect, recorded by [`BorrowedTransaction::done`], holds.
    pub fn when_settled(&self, consequence: Consequence) {
        self.later.add(consequence);
    }

    /// Stores the response: together with the effect if there is one, else alone, if it is one that is kept. Returns
    /// the response to send instead, if the request was answered before.
    ///
    /// # Errors
    /// When the effect is not certain: database errors, and a success without a transaction.
    /// Otherwise as [`begin`](Self::begin).
    pub async fn settle(&self, answer: &Answer) -> AppResult<Option<&Answer>> {
        let settled = self.settle_uncounted(answer).await;
        metrics::count_idempotency(match (&settled, self.found.get()) {
            (Ok(Some(_)), _) => IdempotencyOutcome::Replayed,
            (Err(AppError::IdempotencyKeyReused), _) | (_, Some(Found::Other)) => IdempotencyOutcome::Mismatch,
            (Err(AppError::IdempotencyInFlight), _) => IdempotencyOutcome::InFlight,
            (Err(_), _) => IdempotencyOutcome::Failed,
            (Ok(None), _) if self.met_twin.load(Ordering::Relaxed) => IdempotencyOutcome::InFlight,
            (Ok(None), _) => IdempotencyOutcome::First,
        });
        settled
    }

    async fn settle_uncounted(&self, answer: &Answer) -> AppResult<Option<&Answer>> {
        let begun = self.slot.lock().await.take();
        match (begun, self.found.get(), self.caller.get()) {
            (Some(tx), _, Some(caller)) if self.is_done.load(Ordering::Relaxed) && answer.is_success() => {
                let kept = self.keep(tx, caller, answer).await;
                self.later.settled(&kept);
                kept
            }
            (Some(dropped), ..) => {
                self.later.undone();
                dropped.rollback().await?;
                self.keep_alone(answer).await
            }
            (None, Some(Found::Same(first)), _) => Ok(Some(first)),
            (None, Some(Found::Other), _) => Ok(None),
            (None, None, _) => self.keep_alone(answer).await,
        }
    }

    async fn keep_alone(&self, answer: &Answer) -> AppResult<Option<&Answer>> {
        let (Some(caller), Some(_)) = (self.caller.get(), self.request.get()) else {
            return Ok(None);
        };
        if answer.is_success() {
            return Err(AppError::Internal(
                "the effect is not in the transaction of the request".to_owned(),
            ));
        }
        if !answer.is_kept() {
            return self.outcome_of_twin(caller).await;
        }
        match (self.open().await, self.found.get()) {
            (Ok(tx), _) => self.keep(tx, caller, answer).await,
            (Err(AppError::Answered), Some(Found::Same(first))) => Ok(Some(first)),
            (Err(error), _) => Err(error),
        }
    }

    /// A transaction with the lock of the request, if it has not been answered before.
    async fn open(&self) -> AppResult<Transaction<'static, Postgres>> {
        let Some(caller) = self.caller.get() else {
            return Err(AppError::Internal("an idempotency key without a caller".to_owned()));
        };
        let mut tx = db::begin(&self.pool).await?;
        let after = self.clock.now() - LIFETIME;
        let refused = match db::idempotency::enter(&mut tx, caller, self.request()?, after).await? {
            Entry::Free => return Ok(tx),
            Entry::InFlight => {
                self.met_twin.store(true, Ordering::Relaxed);
                AppError::IdempotencyInFlight
            }
            Entry::Answered(kept) => match self.note(caller, kept) {
                Ok(Found::Same(_)) => AppError::Answered,
                Ok(Found::Other) => AppError::IdempotencyKeyReused,
                Err(error) => error,
            },
        };
        // Awaited here, so that a retry finds the lock free.
        tx.rollback().await.map_err(AppError::from).and(Err(refused))
    }

    /// Writes the response and commits; returns the response of a duplicate that was faster.
    async fn keep(
        &self,
        mut tx: Transaction<'static, Postgres>,
        caller: &Caller,
        answer: &Answer,
    ) -> AppResult<Option<&Answer>> {
        let place = self.request()?.place(caller);
        let broken = |_| AppError::Internal("a response without a status".to_owned());
        let kept = Kept {
            fingerprint: self.request()?.fingerprint.to_vec(),
            status: answer.status.try_into().map_err(broken)?,
            content_type: answer.content_type.clone(),
            content_location: answer.content_location.clone(),
            sealed_body: sealed::seal(&self.vault, &place, &answer.body)?,
        };
        let now = self.clock.now();
        if db::idempotency::insert(&mut tx, caller, self.request()?, &kept, now, now - LIFETIME).await? {
            tx.commit().await?;
            return Ok(None);
        }
        tx.rollback().await?;
        let mut conn = self.pool.acquire().await?;
        match self.first(&mut conn, caller).await? {
            Some(first) => Ok(Some(first)),
            None => Err(AppError::Unavailable(
                "the response to a duplicate request no longer exists",
            )),
        }
    }
}

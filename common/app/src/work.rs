//! The transaction of a use case. Callers of a use case that changes something pass it a [`Work`]; the use case begins
//! and commits as if the transaction were its own. For a request with an idempotency key it is not: the commit only
//! records that the work is done, and the transaction ends when it also contains the response ([`super::idempotency`]).
//! What a use case does in memory after its commit (counts, freed seats) therefore goes through [`Work::after_commit`].

use std::iter;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use domain::idempotency::Caller;
use sqlx::{PgConnection, PgPool, Postgres, Transaction};

use super::idempotency::{BorrowedTransaction, IdempotentRequest};
use crate::error::{AppError, AppResult, chain};

/// Where the transaction of a use case comes from.
#[derive(Debug, Clone)]
pub enum Work {
    /// From the pool, owned by the use case.
    Own(PgPool),
    /// From a request with an idempotency key.
    Idempotent(Arc<IdempotentRequest>),
}

impl Work {
    /// Sets the caller, as soon as it is known.
    pub fn enter(&self, caller: impl FnOnce() -> Caller) {
        if let Self::Idempotent(once) = self {
            once.enter(caller());
        }
    }

    /// Adds the SHA-256 of a body that had not arrived when the request began, before the transaction begins.
    pub fn note_body(&self, sha256: [u8; 32]) {
        if let Self::Idempotent(once) = self {
            once.note_body(sha256);
        }
    }

    /// Begins the transaction.
    ///
    /// # Errors
    /// Database errors; with an idempotency key as [`IdempotentRequest::begin`].
    pub async fn begin(&self) -> AppResult<Tx> {
        match self {
            Self::Own(pool) => Ok(Tx::Own(db::begin(pool).await?)),
            Self::Idempotent(once) => Ok(Tx::Borrowed(once.begin().await?)),
        }
    }

    /// Begins reading the outcome of the use case, after its commit: in a snapshot, or in the transaction of the
    /// request, in which everything that the use case locked is unchanged.
    ///
    /// # Errors
    /// Database errors only.
    pub async fn read(&self) -> AppResult<Tx> {
        match self {
            Self::Own(pool) => Ok(Tx::Own(db::snapshot(pool).await?)),
            Self::Idempotent(once) => Ok(Tx::Borrowed(once.read()?)),
        }
    }

    /// Does something in memory because of what was committed, as soon as it is certain: call it after [`Tx::commit`].
    /// Nothing happens if a request with an idempotency key ends without its effect.
    pub fn after_commit(&self, consequence: impl FnOnce() + Send + 'static) {
        self.when_settled(move |outcome| {
            if outcome.is_ok() {
                consequence();
            }
        });
    }

    /// As [`after_commit`](Self::after_commit), also if there is no effect: then with the reason.
    pub fn when_settled(&self, consequence: impl FnOnce(Result<(), &AppError>) + Send + 'static) {
        match self {
            Self::Own(_) => consequence(Ok(())),
            Self::Idempotent(once) => once.when_settled(Box::new(consequence)),
        }
    }
}

/// A transaction. When dropped, it has no effect.
#[derive(Debug)]
pub enum Tx {
    /// Owned by the use case.
    Own(Transaction<'static, Postgres>),
    /// Borrowed from the request.
    Borrowed(BorrowedTransaction),
}

impl Tx {
    /// Commits it, or marks it to be committed together with the response.
    ///
    /// # Errors
    /// Database errors only.
    pub async fn commit(self) -> AppResult<()> {
        match self {
            Self::Own(tx) => tx.commit().await?,
            Self::Borrowed(tx) => tx.done(),
        }
        Ok(())
    }

    /// Ends it without an effect, for callers that need another connection next.
    ///
    /// # Errors
    /// Database errors only.
    pub async fn rollback(self) -> AppResult<()> {
        match self {
            Self::Own(tx) => Ok(tx.rollback().await?),
            Self::Borrowed(tx) => tx.give_up().await,
        }
    }
}

impl Deref for Tx {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        match self {
            Self::Own(tx) => tx,
            Self::Borrowed(tx) => tx,
        }
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut PgConnection {
        match self {
            Self::Own(tx) => tx,
            Self::Borrowed(tx) => tx,
        }
    }
}

/// The error of a transaction that several requests shared, for each of them: the first one gets the error itself.
pub(crate) fn shared(error: AppError, requests: usize) -> Vec<AppError> {
    let others: Vec<AppError> = (1..requests).map(|_| like(&error)).collect();
    iter::once(error).chain(others).collect()
}

fn like(error: &AppError) -> AppError {
    match error {
        AppError::Forbidden(reason) => AppError::Forbidden(reason),
        AppError::DepartureClosed => AppError::DepartureClosed,
        AppError::Unavailable(reason) => AppError::Unavailable(reason),
        AppError::DatabaseUnavailable { trouble, .. } => AppError::Unavailable(trouble.text()),
        // With its causes: the client of the first may have left, and then the error itself is not logged.
        other => AppError::Internal(format!("shared a transaction that failed: {}", chain(other))),
    }
}

//! The transaction of a request with an idempotency key, while a use case has it.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use sqlx::{PgConnection, Postgres, Transaction};
use tokio::sync::OwnedMappedMutexGuard;

use super::{IdempotentRequest, Slot};
use crate::error::AppResult;

/// The transaction of a request while a use case has borrowed it. When dropped, it has no effect.
#[derive(Debug)]
pub struct BorrowedTransaction {
    pub(super) tx: OwnedMappedMutexGuard<Slot, Transaction<'static, Postgres>>,
    pub(super) once: Arc<IdempotentRequest>,
}

impl BorrowedTransaction {
    /// Records that the effect is in it; only the response is missing.
    pub fn done(self) {
        self.once.is_done.store(true, Ordering::Relaxed);
    }

    /// Ends it without an effect; the use case will begin again.
    ///
    /// # Errors
    /// Database errors only.
    pub async fn give_up(self) -> AppResult<()> {
        let Self { tx, once } = self;
        drop(tx);
        match once.slot.lock().await.take() {
            Some(tx) => Ok(tx.rollback().await?),
            None => Ok(()),
        }
    }
}

impl Deref for BorrowedTransaction {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.tx
    }
}

impl DerefMut for BorrowedTransaction {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.tx
    }
}

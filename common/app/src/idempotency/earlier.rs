//! Earlier responses to a request, and whether one is about to come. How responses are written is in the parent module.

use std::sync::atomic::Ordering;

use db::idempotency::Kept;
use domain::idempotency::{Answer, Caller, LIFETIME};
use sqlx::PgConnection;

use super::{Found, IdempotentRequest, sealed};
use crate::error::{AppError, AppResult};

impl IdempotentRequest {
    /// The response to a duplicate, which may have succeeded in the meantime, and may be the reason for a refusal here.
    /// While a duplicate is being served, neither is known: a client must not be refused for lack of seats and then get
    /// one.
    pub(super) async fn outcome_of_twin(&self, caller: &Caller) -> AppResult<Option<&Answer>> {
        let mut conn = self.pool.acquire().await?;
        if db::idempotency::is_in_flight(&mut conn, caller, self.request()?).await? {
            self.met_twin.store(true, Ordering::Relaxed);
            return Err(AppError::IdempotencyInFlight);
        }
        // Read after the lock was free, so that the response of a duplicate that had it is seen.
        self.first(&mut conn, caller).await
    }

    /// The earlier response to the request, if there is one.
    pub(super) async fn first(&self, conn: &mut PgConnection, caller: &Caller) -> AppResult<Option<&Answer>> {
        let after = self.clock.now() - LIFETIME;
        if let Some(kept) = db::idempotency::find(conn, caller, self.request()?, after).await? {
            self.note(caller, kept)?;
        }
        match self.found.get() {
            Some(Found::Same(first)) => Ok(Some(first)),
            Some(Found::Other) => Err(AppError::IdempotencyKeyReused),
            None => Ok(None),
        }
    }

    /// Remembers an earlier response.
    pub(super) fn note(&self, caller: &Caller, kept: Kept) -> AppResult<&Found> {
        if kept.fingerprint != self.request()?.fingerprint {
            return Ok(self.found.get_or_init(|| Found::Other));
        }
        let broken = |_| AppError::Internal("a stored response has no status".to_owned());
        let place = self.request()?.place(caller);
        let answer = Answer {
            status: kept.status.try_into().map_err(broken)?,
            content_type: kept.content_type,
            content_location: kept.content_location,
            body: sealed::open(&self.vault, &place, &kept.sealed_body)?,
        };
        Ok(self.found.get_or_init(|| Found::Same(answer)))
    }
}

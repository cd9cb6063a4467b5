//! What a use case does in memory because of its effect (counts, freed seats), for a request with an idempotency key:
//! it waits here until the outcome of the transaction is known. A request that is abandoned before that drops it.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::idempotency::Answer;

use crate::error::{AppError, AppResult};

/// Something to do when the outcome is known; an error is the reason why there is no effect.
pub type Consequence = Box<dyn FnOnce(Result<(), &AppError>) + Send>;

/// The consequences of one request, in the order in which they were added.
#[derive(Default)]
pub(super) struct Later(Mutex<Vec<Consequence>>);

impl Later {
    pub(super) fn add(&self, consequence: Consequence) {
        self.waiting().push(consequence);
    }

    /// The transaction of the effect was to be committed with this result: nothing, or an earlier response in place of
    /// the effect.
    pub(super) fn settled(&self, kept: &AppResult<Option<&Answer>>) {
        match kept {
            Ok(None) => self.tell(Ok(())),
            Ok(Some(_)) => self.tell(Err(&AppError::Answered)),
            Err(error) => self.tell(Err(error)),
        }
    }

    /// The effect was undone, because there is no response that belongs to it.
    pub(super) fn undone(&self) {
        self.tell(Err(&AppError::Internal("an effect without its response".to_owned())));
    }

    /// Passes the outcome to all of them, each of them once.
    fn tell(&self, outcome: Result<(), &AppError>) {
        let waiting = std::mem::take(&mut *self.waiting());
        for consequence in waiting {
            consequence(outcome);
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Consequence>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Later {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Later").field(&self.waiting().len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::Later;
    use crate::error::AppError;

    #[test]
    fn each_consequence_receives_the_outcome_once() {
        let (told, later) = (Arc::new(AtomicU32::new(0)), Later::default());
        let add = |weight: u32| {
            let told = Arc::clone(&told);
            later.add(Box::new(move |outcome| {
                let weight = if outcome.is_ok() { weight } else { 100 * weight };
                told.fetch_add(weight, Ordering::Relaxed);
            }));
        };
        add(1);
        add(2);
        later.settled(&Ok(None));
        later.settled(&Ok(None));
        assert_eq!(told.load(Ordering::Relaxed), 3);
        add(4);
        later.settled(&Err(AppError::IdempotencyInFlight));
        assert_eq!(told.load(Ordering::Relaxed), 403);
        add(5);
        later.undone();
        assert_eq!(told.load(Ordering::Relaxed), 903);
    }
}

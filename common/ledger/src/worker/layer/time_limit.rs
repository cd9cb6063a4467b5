//! Limits the time that an attempt may take.
//!
//! A handler whose effect is being recorded ([`crate::effect`]) is neither stopped at its time-out nor cut short; its
//! deadline in the ledger is extended meanwhile.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use apalis_core::error::BoxDynError;
use apalis_core::task::Task;
use futures::FutureExt;
use futures::future::BoxFuture;
use tower_layer::Layer;
use tower_service::Service;

use crate::effect::Effect;
use crate::worker::shared::{Ended, Held, Shared};
use crate::worker::starter;
use crate::{Job, Outcome, Terms};

/// How often the deadline is extended of a job that is past its time-out and still records its effect.
const PROLONGING: Duration = Duration::from_secs(10);

/// Stops handlers that take too long, or that still run when the process has to end.
pub struct TimeLimitLayer {
    shared: Arc<Shared>,
}

impl TimeLimitLayer {
    pub fn new(shared: &Arc<Shared>) -> Self {
        Self {
            shared: Arc::clone(shared),
        }
    }
}

impl<S> Layer<S> for TimeLimitLayer {
    type Service = TimeLimit<S>;

    fn layer(&self, inner: S) -> Self::Service {
        TimeLimit {
            inner,
            shared: Arc::clone(&self.shared),
        }
    }
}

/// See [`TimeLimitLayer`].
#[derive(Clone)]
pub struct TimeLimit<S> {
    inner: S,
    shared: Arc<Shared>,
}

impl<S, J> Service<Task<J>> for TimeLimit<S>
where
    J: Job,
    S: Service<Task<J>>,
    S::Response: Into<Outcome>,
    S::Error: Into<BoxDynError>,
    S::Future: Send + 'static,
{
    /// `None` when it was cut short.
    type Response = Option<Ended>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Option<Ended>, Infallible>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        // An error here would also occur in the call, where there is a job to record it for.
        self.inner.poll_ready(cx).map(|_| Ok(()))
    }

    fn call(&mut self, task: Task<J>) -> Self::Future {
        let shared = Arc::clone(&self.shared);
        let held = task.data().get::<Held>().cloned();
        let handler = self.inner.call(task).map(|ended| match ended {
            Ok(response) => response.into(),
            Err(error) => Outcome::of_error(&error.into()),
        });
        async move {
            let effect = Effect::default();
            let mut limited = pin!(limited(handler, &J::TERMS, &effect, &shared, held.as_ref()));
            Ok(tokio::select! {
                outcome = &mut limited => Some(outcome),
                () = shared.cut.cancelled() => match effect.is_pending() {
                    true => Some(limited.await),
                    false => None,
                },
            })
        }
        .boxed()
    }
}

/// The outcome of a handler, or that it took too long.
async fn limited(
    handler: impl Future<Output = Outcome>,
    terms: &Terms,
    effect: &Effect,
    shared: &Shared,
    held: Option<&Held>,
) -> Ended {
    let timeout = terms.timeout.to_std().unwrap_or_default();
    let mut handler = pin!(effect.watch(handler));
    let mut wait = timeout;
    loop {
        match tokio::time::timeout(wait, &mut handler).await {
            Ok(outcome) => return outcome.into(),
            Err(_) if !effect.is_pending() => {
                return Ended {
                    outcome: Outcome::retry(format!("the handler took longer than {} s", timeout.as_secs())),
                    is_late: true,
                };
            }
            Err(_) => {
                if let Some(held) = held {
                    starter::begin(&shared.starts, held.claimed(), terms.lease()).await;
                }
                wait = PROLONGING;
            }
        }
    }
}

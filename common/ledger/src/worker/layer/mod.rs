//! The layers around a handler, from the outside in: log lines, start and outcome, time limit, panics. Layers that a
//! worker adds ([`WorkerBuilder::layer`](apalis_core::worker::builder::WorkerBuilder::layer)) are inside these.

use std::any::Any;
use std::sync::Arc;

use apalis::layers::catch_panic::CatchPanicLayer;
use tower_layer::Stack;

use super::shared::Shared;

mod attempt;
mod span;
mod time_limit;

use attempt::AttemptLayer;
use span::SpanLayer;
use time_limit::TimeLimitLayer;

/// A handler panicked. The message may quote what it worked with, so it is left out; the location is in the log.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the handler panicked")]
pub struct Panicked;

type OnPanic = fn(&Box<dyn Any + Send>) -> Panicked;

/// The layers of [`JobQueue`](super::JobQueue).
pub type Layers = Stack<CatchPanicLayer<OnPanic, Panicked>, Stack<TimeLimitLayer, Stack<AttemptLayer, SpanLayer>>>;

/// The layers of a process.
pub fn layers(shared: &Arc<Shared>) -> Layers {
    Stack::new(
        CatchPanicLayer::with_panic_handler((|_| Panicked) as OnPanic),
        Stack::new(
            TimeLimitLayer::new(shared),
            Stack::new(AttemptLayer::new(shared), SpanLayer::new(shared.queue.name())),
        ),
    )
}

//! The slot of an admitted request, and how its outcome is reported.

use std::time::Duration;

use domain::provider::Fault;
use tokio::time::Instant;

use super::{Breakers, End};

/// A slot at a unit.
#[derive(Debug)]
pub struct BreakerSlot<'a> {
    breakers: &'a Breakers,
    unit: String,
    is_over: bool,
}

impl<'a> BreakerSlot<'a> {
    pub(super) fn new(breakers: &'a Breakers, unit: &str) -> Self {
        Self {
            breakers,
            unit: unit.to_owned(),
            is_over: false,
        }
    }

    /// The unit gave a well-formed answer, whether a success or not.
    pub fn answered(self) {
        self.end(End::Answered);
    }

    /// The outcome is not about the unit.
    pub fn unsaid(self) {
        self.end(End::Unsaid);
    }

    /// The unit failed; `asked` is the pause that it asked for.
    pub fn failed(self, fault: Fault, asked: Option<Duration>) {
        self.end(End::Failed {
            fault,
            asked: asked.unwrap_or_default(),
        });
    }

    /// Reports how a request ended: it is a failure of the unit unless the request was at fault.
    pub fn ended(self, fault: Option<Fault>, asked: Option<Duration>) {
        match fault {
            None | Some(Fault::Request) => self.answered(),
            Some(fault) => self.failed(fault, asked),
        }
    }

    fn end(mut self, end: End) {
        self.is_over = true;
        self.breakers.end(&self.unit, end, Instant::now());
    }
}

impl Drop for BreakerSlot<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            let (fault, asked) = (Fault::Provider, Duration::ZERO);
            self.breakers
                .end(&self.unit, End::Failed { fault, asked }, Instant::now());
        }
    }
}

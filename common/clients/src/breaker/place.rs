//! What whoever was let in holds, and how they tell what came of it.

use std::time::Duration;

use domain::provider::Fault;
use tokio::time::Instant;

use super::{Breakers, End};

/// A place at a unit.
#[derive(Debug)]
pub struct Place<'a> {
    breakers: &'a Breakers,
    unit: String,
    is_over: bool,
}

impl<'a> Place<'a> {
    pub(super) fn new(breakers: &'a Breakers, unit: &str) -> Self {
        Self {
            breakers,
            unit: unit.to_owned(),
            is_over: false,
        }
    }

    /// The unit answered in its form, whatever it said.
    pub fn answered(self) {
        self.end(End::Answered);
    }

    /// Nothing was learnt of the unit.
    pub fn unsaid(self) {
        self.end(End::Unsaid);
    }

    /// The unit failed, and asked to be left alone for so long where it said so.
    pub fn failed(self, fault: Fault, asked: Option<Duration>) {
        self.end(End::Failed {
            fault,
            asked: asked.unwrap_or_default(),
        });
    }

    /// How a request ended: only what is not the request's fault is a failure of the unit.
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

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            let (fault, asked) = (Fault::Provider, Duration::ZERO);
            self.breakers
                .end(&self.unit, End::Failed { fault, asked }, Instant::now());
        }
    }
}

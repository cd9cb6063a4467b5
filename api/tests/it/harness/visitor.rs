//! A caller without an API key.

use std::ops::Deref;

use super::caller::Caller;

/// A visitor of the website: its requests carry no key.
#[derive(Debug, Clone)]
pub struct Visitor(pub Caller);

impl Deref for Visitor {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.0
    }
}

//! Who calls: partners by key.

pub mod partner;

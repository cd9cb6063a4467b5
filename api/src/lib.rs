//! The HTTP door: it converts requests to verbs' arguments and verbs' results to answers. No rule and no SQL here.

pub mod error;
pub mod wire;

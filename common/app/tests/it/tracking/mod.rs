//! Buses at tracking providers: what clients understand, what is stored of it, and who is asked.

mod cleanup;
mod hostile;
mod isolation;
mod old_names;
mod outlier;
mod poll;
mod secrets;
mod support;
mod switch;
mod sync;
mod token;

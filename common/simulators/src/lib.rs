//! Stand-ins for the outside world: a mail server that keeps mails as files, a Viber provider that lists what it got, a
//! tracking provider whose buses drive. `./dev up` runs them as processes (`worker/src/bin/mail_sim.rs`, `viber_sim.rs`,
//! `fms_sim.rs`); tests run them inside and tell them to fail. They speak the real protocols over real sockets and recognise a repeat as the real ones do.
//!
//! Behind the feature `simulators`, which no production binary needs.

pub mod settings;
pub mod smtp;
pub mod tracking;
pub mod viber;

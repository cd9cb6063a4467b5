//! Simulators of external systems: a mail server that keeps mails as files, a Viber provider that lists the messages
//! that it received, a tracking provider whose buses drive, a provider of sign-ins, and a partner that sells the demo.
//! `./dev up` runs them as processes (`src/bin`); tests run the providers in their own process and make them fail. They
//! speak the real protocols over real sockets and recognise a repeated request as the real ones do. No production
//! binary depends on this crate.

pub mod google;
pub mod sales;
pub mod settings;
pub mod smtp;
pub mod tracking;
pub mod viber;

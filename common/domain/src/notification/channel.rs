//! The channels of messages.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::language::{UnknownWord, words};

words! {
    /// How a message travels.
    Channel, "Email Viber" {
        /// Mail, to passengers with an address.
        Email = "Email",
        /// Viber, to passengers with a phone that lists it.
        Viber = "Viber",
    }
}

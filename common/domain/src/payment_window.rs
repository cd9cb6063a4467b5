//! The payment window: how long an unpaid ticket keeps its seat. What its end does to a ticket is in
//! [`State::at`](crate::ticket::State::at).

use chrono::TimeDelta;

/// How long an unpaid ticket keeps its seat (contract section 5).
pub const PAYMENT_WINDOW: TimeDelta = TimeDelta::minutes(20);

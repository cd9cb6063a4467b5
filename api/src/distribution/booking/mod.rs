//! Bookings (contract section 5).

pub mod body;
pub mod refusal;
pub mod wire;

//! The request of a partner to create a booking.

use domain::language::Messenger;
use domain::money::Currency;
use rust_decimal::Decimal;

/// The request of a partner; formats (lengths, E.164) are already checked.
#[derive(Debug, Clone)]
pub struct NewBooking {
    /// The offer token.
    pub offer_id: String,
    /// One of the offer's currencies.
    pub currency: Currency,
    /// Passengers.
    pub passengers: Vec<NewPassenger>,
    /// A remark, copied to each ticket.
    pub note: Option<String>,
}

/// A passenger.
#[derive(Debug, Clone)]
pub struct NewPassenger {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// E.164 numbers and where they can be messaged.
    pub phones: Vec<(String, Vec<Messenger>)>,
    /// A discount of the company.
    pub discount_id: Option<String>,
    /// Paid in advance to the partner.
    pub prepaid: Option<Decimal>,
}

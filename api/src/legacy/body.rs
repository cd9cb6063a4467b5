//! Request bodies of the operations of `/rest`.

use std::borrow::Cow;

use app::booking;
use app::error::{AppError, AppResult};
use domain::money::Currency;
use domain::ticket::{Action, PaymentStatus, TicketStatus};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

use crate::distribution::booking::body::{NewPhone, passenger};
use crate::wire::body::bodies;
use crate::wire::value::{Amount, Word};

/// Maximum number of bookings that one call creates.
pub const MAX_OFFERS: usize = 10;

/// A field that old clients send and that is no longer used. Any value is ignored.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ignored;

impl<'de> Deserialize<'de> for Ignored {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}

impl JsonSchema for Ignored {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Ignored".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "deprecated": true })
    }
}

/// Orders to create: one booking for each offer.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateOrders {
    /// Currency of the bookings. Every offer must have a price in it.
    pub currency: Word<Currency>,
    /// Passengers, each with an offer. At most ten different offers, and at most as many passengers per offer
    /// as it was searched for.
    #[schemars(length(min = 1, max = 50))]
    pub passengers: Vec<OrderedPassenger>,
    /// Note that is copied to each ticket.
    #[schemars(length(max = 500))]
    #[schemars(example = &"Window seat, please")]
    pub note: Option<String>,
    /// Accepted and ignored: the price is that of the offer.
    #[serde(default)]
    pub price: Ignored,
    /// Accepted and ignored: seats are assigned automatically.
    #[serde(default)]
    pub seats: Ignored,
    /// Accepted and ignored: the recipient is always the agent.
    #[serde(default)]
    pub payment_recipient: Ignored,
    /// Accepted and ignored.
    #[serde(default)]
    pub invoice: Ignored,
    /// Accepted and ignored.
    #[serde(default)]
    pub session_id: Ignored,
    /// Accepted and ignored.
    #[serde(default)]
    pub octobus_race_id: Ignored,
    /// Accepted and ignored.
    #[serde(default)]
    pub bla_bla_car_race_id: Ignored,
    /// Accepted and ignored: the source is that of the offer.
    #[serde(default)]
    pub source: Ignored,
}

passenger! {
    /// A passenger, with an offer.
    OrderedPassenger {
        /// `id` of an offer, exactly as it was returned.
        #[schemars(length(min = 1, max = 8192))]
        #[schemars(example = &"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ2IjoxfQ.c2lnbmF0dXJl")]
        pub offer_id: String,
    } {
        /// Accepted and ignored: the price is that of the offer.
        #[serde(default)]
        pub price: Ignored,
        /// Accepted and ignored: seats are assigned automatically.
        #[serde(default)]
        pub seats: Ignored,
        /// Accepted and ignored: the recipient is always the agent.
        #[serde(default)]
        pub payment_recipient: Ignored,
        /// Accepted and ignored.
        #[serde(default)]
        pub invoice: Ignored,
        /// Accepted and ignored.
        #[serde(default)]
        pub session_id: Ignored,
        /// Accepted and ignored.
        #[serde(default)]
        pub octobus_race_id: Ignored,
        /// Accepted and ignored.
        #[serde(default)]
        pub bla_bla_car_race_id: Ignored,
        /// Accepted and ignored: the source is that of the offer.
        #[serde(default)]
        pub source: Ignored,
    }
}

/// Orders to pay for, book or cancel.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateOrders {
    /// Ids of orders, from any of the partner's bookings. A duplicate counts once.
    #[schemars(length(min = 1, max = 100), inner(length(max = 100)))]
    #[schemars(example = ["ord_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a"])]
    pub ids: Vec<String>,
    /// `Paid` pays for the orders, `Booked` books them. Not allowed together with `status`.
    #[schemars(example = &"Paid")]
    pub payment_status: Option<Word<PaymentStatus>>,
    /// `Canceled` cancels the orders. Not allowed together with `paymentStatus`.
    #[schemars(example = serde_json::Value::Null)]
    pub status: Option<Word<TicketStatus>>,
}

impl UpdateOrders {
    /// The corresponding action of `/v2`.
    ///
    /// # Errors
    /// Forbidden for an action of the company; validation for a change that a partner cannot make.
    pub fn action(&self) -> AppResult<Action> {
        use {PaymentStatus as Payment, TicketStatus as Status};
        let (status, payment) = (self.status.map(|w| w.0), self.payment_status.map(|w| w.0));
        match (status, payment) {
            (Some(Status::Confirmed | Status::NotConfirmed), _) | (_, Some(Payment::Prepaid)) => Err(
                AppError::Forbidden("Only the company can set Confirmed, NotConfirmed and Prepaid, in the back office"),
            ),
            (None, None) => Err(AppError::field(
                "status",
                "required",
                "is required unless paymentStatus is given",
            )),
            (Some(_), Some(_)) => Err(AppError::field(
                "paymentStatus",
                "exclusive",
                "must not be changed together with status",
            )),
            (None, Some(Payment::Paid)) => Ok(Action::Pay),
            (None, Some(Payment::Booked)) => Ok(Action::Book),
            (None, Some(Payment::Unpaid)) => Err(AppError::field("paymentStatus", "enum", "must be Paid or Booked")),
            (Some(Status::Canceled), None) => Ok(Action::Cancel),
            (Some(_), None) => Err(AppError::field("status", "enum", "must be Canceled")),
        }
    }
}

bodies!(CreateOrders, UpdateOrders);

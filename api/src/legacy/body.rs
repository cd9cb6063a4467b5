//! What operations of `/rest` are asked with.

use std::borrow::Cow;

use common::app::booking;
use common::domain::order::{Action, PaymentStatus, TicketStatus};
use common::error::{AppError, AppResult};
use common::money::Currency;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

use crate::distribution::booking::body::{NewPhone, passenger};
use crate::wire::body::bodies;
use crate::wire::value::{Amount, Word};

/// Bookings that one call makes at most.
pub const MAX_OFFERS: usize = 10;

/// A field that old clients send and that says nothing any more: whatever it holds is read and dropped.
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

/// Declares a body with what old clients send besides, in the order as well as in each passenger.
macro_rules! old {
    ($declare:ident! { $($given:tt)* }) => {
        $declare! {
            $($given)*
            {
                /// Accepted and ignored: the offer has its price.
                #[serde(default)]
                pub price: Ignored,
                /// Accepted and ignored: seats are given by us.
                #[serde(default)]
                pub seats: Ignored,
                /// Accepted and ignored: it is always the agent.
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
                /// Accepted and ignored: the offer has its source.
                #[serde(default)]
                pub source: Ignored,
            }
        }
    };
}

macro_rules! order {
    ($(#[$about:meta])* $name:ident { $($before:tt)* } { $($after:tt)* }) => {
        $(#[$about])*
        #[derive(Debug, Deserialize, JsonSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct $name {
            $($before)*
            $($after)*
        }
    };
}

old! {
    order! {
        /// Orders to make: one booking for each offer that is named.
        CreateOrders {
            /// One that the offers have a price in.
            pub currency: Word<Currency>,
            /// Who travels with which offer: at most ten offers, and each with at most as many as it was searched for.
            #[schemars(length(min = 1, max = 50))]
            pub passengers: Vec<OrderedPassenger>,
            /// Copied to each ticket.
            #[schemars(length(max = 500))]
            #[schemars(example = &"Window seat, please")]
            pub note: Option<String>,
        }
    }
}

old! {
    passenger! {
        /// Who travels, with which offer.
        OrderedPassenger {
            /// `id` of an offer, as it was answered.
            #[schemars(length(min = 1, max = 8192))]
            #[schemars(example = &"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ2IjoxfQ.c2lnbmF0dXJl")]
            pub offer_id: String,
        }
    }
}

/// What to do with orders: pay them, book them or cancel them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateOrders {
    /// Orders of any of the partner's bookings; a duplicate counts once.
    #[schemars(length(min = 1, max = 100), inner(length(max = 100)))]
    #[schemars(example = ["ord_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a"])]
    pub ids: Vec<String>,
    /// `Paid` pays and `Booked` books, unless there is a `status`.
    #[schemars(example = &"Paid")]
    pub payment_status: Option<Word<PaymentStatus>>,
    /// `Canceled` cancels, unless there is a `paymentStatus`.
    #[schemars(example = serde_json::Value::Null)]
    pub status: Option<Word<TicketStatus>>,
}

impl UpdateOrders {
    /// The action of `/v2` that is meant.
    ///
    /// # Errors
    /// Forbidden for what is the carrier's; validation for everything that is no change a partner can make.
    pub fn action(&self) -> AppResult<Action> {
        use {PaymentStatus as Payment, TicketStatus as Status};
        let (status, payment) = (self.status.map(|w| w.0), self.payment_status.map(|w| w.0));
        match (status, payment) {
            (Some(Status::Confirmed | Status::NotConfirmed), _) | (_, Some(Payment::Prepaid)) => Err(
                AppError::Forbidden("Confirmed, NotConfirmed and Prepaid are the carrier's: use the backoffice"),
            ),
            (None, None) => Err(AppError::field(
                "status",
                "required",
                "one of status and paymentStatus is required",
            )),
            (Some(_), Some(_)) => Err(AppError::field(
                "paymentStatus",
                "exclusive",
                "cannot be changed together with status",
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

//! What operations on orders are asked with.

use chrono::NaiveDate;
use common::app::regrouping::Identity;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::distribution::booking::body::NewPhone;
use crate::wire::body::bodies;
use crate::wire::value::Amount;

/// Why an order is rejected.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rejection {
    /// For the history.
    #[schemars(length(min = 1, max = 500))]
    #[schemars(example = &"The bus is in repair")]
    pub reason: Option<String>,
}

/// What was paid in advance.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Prepayment {
    /// More than 0, at most the price, at most two decimals; what the partner recorded at the sale when it is left out.
    #[schemars(range(min = 0, max = 100_000_000), extend("multipleOf" = 0.01))]
    #[schemars(example = 100)]
    pub amount: Option<Amount>,
}

/// What changes; at least one of `departureDate`, `tripId`, `routeId` and `passenger`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MoveOrder {
    /// Local day of boarding; that of now when it is left out.
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    #[schemars(example = &"2026-06-10")]
    pub departure_date: Option<NaiveDate>,
    /// Another trip of the company between the same stops.
    #[schemars(length(min = 1, max = 100))]
    #[schemars(example = &"trp_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    pub trip_id: Option<String>,
    /// The route of the trip, enough when it has one trip that day. Without either the trip stays.
    #[schemars(length(min = 1, max = 100))]
    #[schemars(example = &"rte_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    pub route_id: Option<String>,
    /// Who travels instead.
    pub passenger: Option<OtherPassenger>,
    /// Other orders of the same booking that move along; together they get one new booking.
    #[schemars(length(min = 1, max = 100), inner(length(max = 100)))]
    #[schemars(example = ["ord_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a"])]
    pub order_ids: Option<Vec<String>>,
    /// For the history.
    #[schemars(length(min = 1, max = 500))]
    #[schemars(example = &"The passenger asked for it")]
    pub reason: Option<String>,
}

/// Who travels instead. It replaces all that was known of the passenger; an address that is left out is none.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OtherPassenger {
    /// Given name; it needs a letter that can be seen, and has no control characters.
    #[schemars(length(min = 1, max = 100))]
    #[schemars(example = &"Тарас")]
    pub first_name: String,
    /// Family name; the same rules.
    #[schemars(length(min = 1, max = 100))]
    #[schemars(example = &"Бондар")]
    pub last_name: String,
    /// How to reach the passenger.
    #[schemars(length(min = 1, max = 5))]
    pub phones: Vec<NewPhone>,
    /// Where the ticket is sent: ASCII before the `@`, a domain name after it, international ones included.
    #[schemars(email, length(max = 254))]
    #[schemars(example = &"taras@example.com")]
    pub email: Option<String>,
}

bodies!(Rejection, Prepayment, MoveOrder);

impl From<OtherPassenger> for Identity {
    fn from(body: OtherPassenger) -> Self {
        let phone = |phone: NewPhone| (phone.phone, phone.messengers.into_iter().map(|word| word.0).collect());
        Self {
            first_name: body.first_name,
            last_name: body.last_name,
            email: body.email,
            phones: body.phones.into_iter().map(phone).collect(),
        }
    }
}

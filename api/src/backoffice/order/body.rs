//! Request bodies of the operations on orders.

use app::ticket::ticket_move::Identity;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::distribution::booking::body::NewPhone;
use crate::wire::body::bodies;
use crate::wire::value::Amount;

/// Details of a rejection.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rejection {
    /// Reason to record in the history.
    #[schemars(length(min = 1, max = 500))]
    #[schemars(example = &"The bus is in repair")]
    pub reason: Option<String>,
}

/// Details of a cancellation.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CancelOrder {
    /// Reason to record in the history.
    #[schemars(length(min = 1, max = 500))]
    #[schemars(example = &"The trip does not take place")]
    pub reason: Option<String>,
}

/// Details of a prepayment.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Prepayment {
    /// Prepaid amount: greater than 0, at most the price, with at most two decimal places. Defaults to the amount that
    /// the partner recorded at the sale.
    #[schemars(range(min = 0, max = 100_000_000), extend("multipleOf" = 0.01))]
    #[schemars(example = 100)]
    pub amount: Option<Amount>,
}

/// Where to send the ticket.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResendOrder {
    /// Corrected e-mail address of the passenger. It replaces the previous one, and the ticket is sent there only.
    #[schemars(email, length(max = 254))]
    #[schemars(example = &"olena@example.com")]
    pub email: Option<String>,
    /// Corrected phone number of the passenger in E.164 format. It replaces the number that messages were sent to and
    /// is marked as reachable by Viber. The ticket is sent only there (and to `email`, if that is given too).
    #[schemars(regex(pattern = r"^\+[1-9][0-9]{6,14}$"), length(max = 16))]
    #[schemars(example = &"+380671234567")]
    pub phone: Option<String>,
    /// Reason to record in the history.
    #[schemars(length(min = 1, max = 500))]
    #[schemars(example = &"The address was misspelled")]
    pub reason: Option<String>,
}

/// Changes to an order. At least one of `departureDate`, `tripId`, `routeId`, and `passenger` is required.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MoveOrder {
    /// Local day of boarding. Defaults to the current day of boarding of the order.
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    #[schemars(example = &"2026-06-10")]
    pub departure_date: Option<NaiveDate>,
    /// Id of another trip of the company between the same stops.
    #[schemars(length(min = 1, max = 100))]
    #[schemars(example = &"trp_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    pub trip_id: Option<String>,
    /// Id of the route of the trip. It is sufficient if the route has only one trip on that day. If both `tripId` and
    /// `routeId` are omitted, the trip does not change.
    #[schemars(length(min = 1, max = 100))]
    #[schemars(example = &"rte_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    pub route_id: Option<String>,
    /// Passenger who travels instead.
    pub passenger: Option<OtherPassenger>,
    /// Other orders of the same booking to move together with this one. All of them get the same new booking.
    #[schemars(length(min = 1, max = 100), inner(length(max = 100)))]
    #[schemars(example = ["ord_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a"])]
    pub order_ids: Option<Vec<String>>,
    /// Reason to record in the history.
    #[schemars(length(min = 1, max = 500))]
    #[schemars(example = &"The passenger asked for it")]
    pub reason: Option<String>,
}

/// Passenger who travels instead. Replaces all data of the previous passenger. If `email` is omitted, the new passenger
/// has no e-mail address.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OtherPassenger {
    /// Given name. Must contain at least one visible letter and no control characters.
    #[schemars(length(min = 1, max = 100))]
    #[schemars(example = &"Тарас")]
    pub first_name: String,
    /// Family name. The same rules apply.
    #[schemars(length(min = 1, max = 100))]
    #[schemars(example = &"Бондар")]
    pub last_name: String,
    /// Phone numbers of the passenger.
    #[schemars(length(min = 1, max = 5))]
    pub phones: Vec<NewPhone>,
    /// E-mail address to which the ticket is sent: ASCII characters before the `@` and a domain name after it.
    /// International domain names are allowed.
    #[schemars(email, length(max = 254))]
    #[schemars(example = &"taras@example.com")]
    pub email: Option<String>,
}

bodies!(CancelOrder, Rejection, Prepayment, ResendOrder, MoveOrder);

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

//! Request bodies of the booking operations.

use app::booking;
use domain::language::Messenger;
use domain::money::Currency;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::wire::body::bodies;
use crate::wire::value::{Amount, Word};

/// A booking to create.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateBooking {
    /// `id` of an offer, exactly as it was returned.
    #[schemars(length(min = 1, max = 8192))]
    #[schemars(example = &"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ2IjoxfQ.c2lnbmF0dXJl")]
    pub offer_id: String,
    /// Currency of the booking. The offer must have a price in it.
    pub currency: Word<Currency>,
    /// Passengers: no more than the number that the offer was searched for.
    #[schemars(length(min = 1, max = 10))]
    pub passengers: Vec<NewPassenger>,
    /// Note that is copied to each ticket.
    #[schemars(length(max = 500))]
    #[schemars(example = &"Window seat, please")]
    pub note: Option<String>,
}

/// Declares a passenger: the fields that `/v2` and `/rest` share, between other fields. A macro, because serde cannot
/// flatten one struct into another that refuses undeclared fields.
macro_rules! passenger {
    ($(#[$about:meta])* $name:ident { $($before:tt)* } { $($after:tt)* }) => {
        $(#[$about])*
        #[derive(Debug, Deserialize, JsonSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct $name {
            $($before)*
            /// Given name. Surrounding whitespace is removed. Must contain at least one visible letter, of any script,
            /// and no control characters or characters that change the text direction.
            #[schemars(length(min = 1, max = 100))]
            #[schemars(example = &"Олена")]
            pub first_name: String,
            /// Family name. The same rules apply.
            #[schemars(length(min = 1, max = 100))]
            #[schemars(example = &"Коваленко")]
            pub last_name: String,
            /// Phone numbers of the passenger.
            #[schemars(length(min = 1, max = 5))]
            pub phones: Vec<NewPhone>,
            /// E-mail address to which the ticket is sent: ASCII characters before the `@` and a domain name after it.
            /// International domain names are stored and returned in their ASCII form (`xn--…`).
            #[schemars(email, length(max = 254))]
            #[schemars(example = &"olena@example.com")]
            pub email: Option<String>,
            /// Id of a discount of the company.
            #[schemars(length(max = 100))]
            #[schemars(example = serde_json::Value::Null)]
            pub discount_id: Option<String>,
            /// Prepaid amount: at most the price, with at most two decimal places.
            #[schemars(range(min = 0, max = 100_000_000), extend("multipleOf" = 0.01))]
            #[schemars(example = 100)]
            pub prepaid: Option<Amount>,
            $($after)*
        }

        impl From<$name> for booking::NewPassenger {
            fn from(body: $name) -> Self {
                let phone = |phone: NewPhone| (phone.phone, phone.messengers.into_iter().map(|word| word.0).collect());
                Self {
                    first_name: body.first_name,
                    last_name: body.last_name,
                    email: body.email,
                    phones: body.phones.into_iter().map(phone).collect(),
                    discount_id: body.discount_id,
                    prepaid: body.prepaid.map(|amount| amount.0.round_dp(2)), // see `wire::rules` about floats
                }
            }
        }
    };
}

pub(crate) use passenger;

passenger! {
    /// A passenger.
    NewPassenger {} {}
}

/// A phone number of a passenger.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPhone {
    /// Phone number in E.164 format.
    #[schemars(regex(pattern = r"^\+[1-9][0-9]{6,14}$"), length(max = 16))]
    #[schemars(example = &"+380671234567")]
    pub phone: String,
    /// Messengers that reach the number, besides calls. Defaults to none.
    #[schemars(length(max = 3))]
    #[serde(default)]
    pub messengers: Vec<Word<Messenger>>,
}

/// Tickets of a booking that the action applies to.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OrderIds {
    /// Ids of the tickets. Defaults to all tickets that are currently in the booking.
    #[schemars(length(min = 1, max = 100), inner(length(max = 100)))]
    #[schemars(example = ["ord_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a"])]
    pub order_ids: Option<Vec<String>>,
}

bodies!(CreateBooking, OrderIds);

impl From<CreateBooking> for booking::NewBooking {
    fn from(body: CreateBooking) -> Self {
        Self {
            offer_id: body.offer_id,
            currency: body.currency.0,
            passengers: body.passengers.into_iter().map(Into::into).collect(),
            note: body.note,
        }
    }
}

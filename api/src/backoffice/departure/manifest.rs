//! The passengers of a departure by the stop where they board, as responses show them.

use app::departure::{self, Rider};
use domain::departure::due_on_board;
use domain::id::{BookingId, StopId, TicketId};
use domain::journey::Journey;
use domain::language::{Language, Messenger};
use domain::money::Currency;
use domain::ticket::{PaymentStatus, TicketStatus};
use schemars::JsonSchema;
use serde::Serialize;

use super::wire::Departure;
use crate::wire::value::{Amount, Id, Word, Zoned};

/// The passengers of a departure.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DepartureManifest {
    /// The departure.
    pub departure: Departure,
    /// Stops at which passengers board, in the order of the trip.
    #[schemars(length(max = 5_000))]
    pub stops: Vec<BoardingStop>,
}

/// The passengers who board at a stop.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BoardingStop {
    /// Id of the stop.
    pub stop_id: Id<StopId>,
    /// Name of the stop.
    #[schemars(example = &"Автостанція «Київ»")]
    pub stop: String,
    /// Name of the city.
    #[schemars(example = &"Київ")]
    pub city: String,
    /// Local time of departure, with its UTC offset.
    pub departure_at: Zoned,
    /// Sorted by seat.
    #[schemars(length(max = 5_000))]
    pub passengers: Vec<BoardingPassenger>,
}

/// A passenger of a departure.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BoardingPassenger {
    /// Id of the order.
    pub order_id: Id<TicketId>,
    /// Short reference of the order, easy to read aloud and type.
    #[schemars(length(equal = 7), regex(pattern = "^[2-9AC-HJKMNP-TV-Z]{7}$"), example = &"K7M2QXC")]
    pub reference: String,
    /// Id of its booking.
    pub booking_id: Id<BookingId>,
    /// Given name.
    #[schemars(example = &"Олена")]
    pub first_name: String,
    /// Family name.
    #[schemars(example = &"Коваленко")]
    pub last_name: String,
    /// Phone numbers.
    #[schemars(length(max = 5))]
    pub phones: Vec<BoardingPhone>,
    /// Label of the seat.
    #[schemars(example = &"12")]
    pub seat: String,
    /// Name of the stop where the passenger boards.
    #[schemars(example = &"Автостанція «Київ»")]
    pub from: String,
    /// Name of the stop where the passenger alights.
    #[schemars(example = &"Автовокзал «Львів»")]
    pub to: String,
    /// Note of the partner.
    #[schemars(example = &"Large suitcase")]
    pub note: Option<String>,
    /// Status of the order.
    pub status: Word<TicketStatus>,
    /// Payment of the order.
    pub payment: BoardingPayment,
}

/// A phone number of a passenger.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BoardingPhone {
    /// The number in E.164 format.
    #[schemars(example = &"+380671234567")]
    pub phone: String,
    /// Messengers that reach the number.
    #[schemars(length(max = 10))]
    pub messengers: Vec<Word<Messenger>>,
}

/// What a passenger has paid, and what is still due.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BoardingPayment {
    /// Payment status of the order.
    pub status: Word<PaymentStatus>,
    /// Amount to be paid on board; 0 if the order is paid.
    #[schemars(example = 450)]
    pub due_on_board: Amount,
    /// Currency of the amount.
    pub currency: Word<Currency>,
}

impl DepartureManifest {
    /// The passengers of a departure with names of stops in a language.
    #[must_use]
    pub fn new(manifest: departure::Manifest, language: Language) -> Self {
        let departure::Manifest { departure, riders, .. } = manifest;
        let journey = &departure.journey;
        let stops = journey.calls().filter_map(|call| {
            let boarding = riders.iter().filter(|rider| rider.boarding == call.position);
            let passengers: Vec<_> = boarding.map(|rider| passenger(rider, journey, language)).collect();
            (!passengers.is_empty()).then(|| BoardingStop {
                stop_id: Id(call.stop.id),
                stop: call.stop.names.get(language).to_owned(),
                city: call.stop.city.names.get(language).to_owned(),
                departure_at: Zoned(call.local_departure()),
                passengers,
            })
        });
        Self {
            stops: stops.collect(),
            departure: Departure::new(departure, language),
        }
    }
}

fn passenger(rider: &Rider, journey: &Journey, language: Language) -> BoardingPassenger {
    let stop = |position: u16| {
        let call = journey.calls().find(|call| call.position == position);
        call.map_or_else(String::new, |call| call.stop.names.get(language).to_owned())
    };
    let due = due_on_board(rider.payment_status, rider.price.amount, rider.prepaid);
    let phones = rider.phones.iter().map(|(phone, messengers)| BoardingPhone {
        phone: phone.clone(),
        messengers: messengers.iter().copied().map(Word).collect(),
    });
    BoardingPassenger {
        order_id: Id(rider.ticket_id),
        reference: rider.reference.to_string(),
        booking_id: Id(rider.booking_id),
        first_name: rider.first_name.clone(),
        last_name: rider.last_name.clone(),
        phones: phones.collect(),
        seat: rider.seat.to_string(),
        from: stop(rider.boarding),
        to: stop(rider.alighting),
        note: rider.note.clone(),
        status: Word(rider.status),
        payment: BoardingPayment {
            status: Word(rider.payment_status),
            due_on_board: Amount(due),
            currency: Word(rider.price.currency),
        },
    }
}

//! A departure with its stops, its seat plan and its history, as responses show it.

use app::departure::{Entry, Manifest, Rider};
use domain::id::{StopId, TicketId};
use domain::journey::Call;
use domain::language::Language;
use domain::ticket::{PaymentStatus, TicketStatus};
use schemars::JsonSchema;
use serde::Serialize;

use super::wire::Departure;
use crate::wire::value::{Id, Instant, Word, Zoned};

/// A single departure.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OneDeparture {
    /// The departure in its current state.
    pub departure: DepartureWithSeats,
}

/// A departure with its stops, its seats, and the history of its sale.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DepartureWithSeats {
    /// The departure.
    #[serde(flatten)]
    pub departure: Departure,
    /// Stops that belong to a city, in the order of the trip.
    #[schemars(length(max = 32_767))]
    pub stops: Vec<DepartureStop>,
    /// All seats of the bus, plus seats sold earlier on a larger bus.
    #[schemars(length(max = 32_767))]
    pub seats: Vec<PlannedSeat>,
    /// The latest 100 entries, oldest first.
    #[schemars(length(max = 100))]
    pub history: Vec<SaleHistoryEntry>,
}

/// A stop of a departure.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DepartureStop {
    /// Position in the trip. The segments of `seats` refer to it.
    #[schemars(example = 0)]
    pub position: u16,
    /// Id of the stop.
    pub stop_id: Id<StopId>,
    /// Name of the stop.
    #[schemars(example = &"Автостанція «Київ»")]
    pub stop: String,
    /// Name of the city.
    #[schemars(example = &"Київ")]
    pub city: String,
    /// Local time of arrival, with its UTC offset.
    pub arrival_at: Zoned,
    /// Local time of departure, with its UTC offset.
    pub departure_at: Zoned,
    /// Number of passengers who board here.
    #[schemars(example = 12)]
    pub boarding: usize,
    /// Number of passengers who alight here.
    #[schemars(example = 3)]
    pub alighting: usize,
    /// Number of passengers on the bus when it leaves.
    #[schemars(example = 38)]
    pub on_board: usize,
}

/// A seat with the tickets that hold it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PlannedSeat {
    /// Label of the seat.
    #[schemars(example = &"12")]
    pub label: String,
    /// Segments on which the seat is taken, in the order of the trip.
    #[schemars(length(max = 5_000))]
    pub taken: Vec<TakenSeat>,
}

/// A ticket that holds the seat on a segment.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TakenSeat {
    /// Id of the order.
    pub order_id: Id<TicketId>,
    /// Position of boarding.
    #[schemars(example = 0)]
    pub from: u16,
    /// Position of alighting.
    #[schemars(example = 3)]
    pub to: u16,
    /// Name of the passenger.
    #[schemars(example = &"Олена Коваленко")]
    pub passenger: String,
    /// Status of the order.
    pub status: Word<TicketStatus>,
    /// Payment status of the order.
    pub payment_status: Word<PaymentStatus>,
}

/// An entry in the history of the sale of a departure.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SaleHistoryEntry {
    /// When it happened.
    #[schemars(example = &"2026-06-01T12:00:00.000Z")]
    pub at: Instant,
    /// What happened.
    pub action: SaleAction,
    /// Id of the user who did it.
    #[schemars(example = &"usr_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    pub actor: String,
    /// Name of the user.
    #[schemars(example = &"Олена Коваль")]
    pub actor_name: Option<String>,
    /// Reason that the user gave.
    #[schemars(example = &"A smaller bus runs on this day")]
    pub reason: Option<String>,
    /// `x-request-id` of the request that caused it.
    #[schemars(example = &"0198c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    pub request_id: Option<String>,
}

/// What happened to the sale of a departure.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum SaleAction {
    /// It was closed.
    Closed,
    /// It was reopened.
    Reopened,
}

impl OneDeparture {
    /// A departure with names in a language.
    #[must_use]
    pub fn new(manifest: Manifest, language: Language) -> Self {
        let Manifest {
            departure,
            riders,
            history,
        } = manifest;
        let stops = departure.journey.calls().map(|call| stop(call, &riders, language));
        let highest = riders.iter().map(|rider| rider.seat).max().unwrap_or(0);
        let seats = 1..=departure.journey.bus.seats.max(highest);
        Self {
            departure: DepartureWithSeats {
                stops: stops.collect(),
                seats: seats.map(|number| seat(number, &riders)).collect(),
                departure: Departure::new(departure, language),
                history: history.into_iter().map(Into::into).collect(),
            },
        }
    }
}

fn stop(call: &Call, riders: &[Rider], language: Language) -> DepartureStop {
    let at = call.position;
    let count = |is: fn(&Rider, u16) -> bool| riders.iter().filter(|rider| is(rider, at)).count();
    DepartureStop {
        position: at,
        stop_id: Id(call.stop.id),
        stop: call.stop.names.get(language).to_owned(),
        city: call.stop.city.names.get(language).to_owned(),
        arrival_at: Zoned(call.local_arrival()),
        departure_at: Zoned(call.local_departure()),
        boarding: count(|rider, at| rider.boarding == at),
        alighting: count(|rider, at| rider.alighting == at),
        on_board: count(|rider, at| rider.boarding <= at && at < rider.alighting),
    }
}

/// Riders are sorted by boarding stop, so those of a seat are in the order of the trip.
fn seat(number: u16, riders: &[Rider]) -> PlannedSeat {
    let taken = riders
        .iter()
        .filter(|rider| rider.seat == number)
        .map(|rider| TakenSeat {
            order_id: Id(rider.ticket_id),
            from: rider.boarding,
            to: rider.alighting,
            passenger: format!("{} {}", rider.first_name, rider.last_name),
            status: Word(rider.status),
            payment_status: Word(rider.payment_status),
        });
    PlannedSeat {
        label: number.to_string(),
        taken: taken.collect(),
    }
}

impl From<Entry> for SaleHistoryEntry {
    fn from(entry: Entry) -> Self {
        Self {
            at: Instant(entry.at),
            action: if entry.is_closed {
                SaleAction::Closed
            } else {
                SaleAction::Reopened
            },
            actor: entry.actor,
            actor_name: entry.actor_name,
            reason: entry.reason,
            request_id: entry.request_id,
        }
    }
}

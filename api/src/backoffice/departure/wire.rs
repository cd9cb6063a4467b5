//! Response bodies of the operations on departures: the departures themselves.

use app::departure::{self, Closure, Counts};
use chrono::NaiveDate;
use domain::departure::{DepartureId, SaleStatus};
use domain::id::{BusId, RouteId, StopId, TripId};
use domain::journey::Call;
use domain::language::Language;
use schemars::JsonSchema;
use serde::Serialize;

use crate::wire::value::{Id, Instant, Word, Zoned};

/// A page of departures.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DepartureList {
    /// Sorted by departure time in ascending order.
    #[schemars(length(max = 100))]
    pub departures: Vec<Departure>,
    /// Total number of departures, regardless of `take` and `skip`.
    #[schemars(example = 14)]
    pub total: usize,
}

/// A departure of the company.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Departure {
    /// Id of the departure. It changes if the company publishes a timetable in which the trip has another id.
    #[schemars(example = &"dep_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a_20260610")]
    pub id: String,
    /// Id of the trip.
    pub trip_id: Id<TripId>,
    /// Service day: the day that the timetable assigns the departure to. A bus that leaves after midnight may belong to
    /// the day before.
    #[schemars(extend("format" = "date"), example = &"2026-06-10")]
    pub date: String,
    /// Id of the route.
    pub route_id: Id<RouteId>,
    /// Name of the route.
    #[schemars(example = &"Київ - Львів")]
    pub route_name: String,
    /// First stop and when the bus leaves it.
    pub from: DepartureEnd,
    /// Last stop and when the bus arrives there.
    pub to: DepartureEnd,
    /// The bus.
    pub bus: DepartureBus,
    /// Tickets that hold a seat.
    pub tickets: TicketCounts,
    /// Whether the departure is on sale, or why not.
    pub sale_status: Word<SaleStatus>,
    /// Who closed the sale; null unless the company closed it.
    pub closure: Option<SaleClosure>,
}

/// The first or last stop of a departure.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DepartureEnd {
    /// Id of the stop.
    pub stop_id: Id<StopId>,
    /// Name of the stop.
    #[schemars(example = &"Автостанція «Київ»")]
    pub stop: String,
    /// Name of the city.
    #[schemars(example = &"Київ")]
    pub city: String,
    /// Local time at the stop, with its UTC offset.
    pub at: Zoned,
}

/// The bus of a departure.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DepartureBus {
    /// Opaque id.
    pub id: Id<BusId>,
    /// Number of seats.
    #[schemars(example = 50)]
    pub seats: u32,
    /// Registration number (licence plate).
    #[schemars(example = &"AA1234BB")]
    pub registration_number: Option<String>,
    /// Manufacturer.
    #[schemars(example = &"Setra")]
    pub brand: Option<String>,
    /// Model.
    #[schemars(example = &"S 516 HD")]
    pub model: Option<String>,
}

/// Counts by status of the tickets that hold a seat. A seat that is sold on several segments counts once for each
/// ticket.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TicketCounts {
    /// All tickets.
    #[schemars(example = 38)]
    pub sold: i64,
    /// Paid in full.
    #[schemars(example = 30)]
    pub paid: i64,
    /// Neither paid nor booked.
    #[schemars(example = 2)]
    pub unpaid: i64,
    /// `Booked` or `Prepaid`: money is due on board.
    #[schemars(example = 6)]
    pub due_on_board: i64,
    /// Status `Processing`: neither paid, nor booked, nor confirmed by the company.
    #[schemars(example = 1)]
    pub awaiting_confirmation: i64,
}

/// The company's closure of the sale.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SaleClosure {
    /// When it was closed.
    #[schemars(example = &"2026-06-01T12:00:00.000Z")]
    pub closed_at: Instant,
    /// Id of the user who closed it.
    #[schemars(example = &"usr_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    pub closed_by: String,
    /// Name of the user.
    #[schemars(example = &"Олена Коваль")]
    pub closed_by_name: Option<String>,
    /// Reason that the user gave.
    #[schemars(example = &"A smaller bus runs on this day")]
    pub reason: Option<String>,
}

impl Departure {
    /// A departure with names in a language.
    #[must_use]
    pub fn new(departure: departure::Departure, language: Language) -> Self {
        let departure::Departure {
            id,
            journey,
            status,
            closure,
            counts,
        } = departure;
        let DepartureId { trip_id, service_day } = id;
        let bus = &journey.bus;
        Self {
            id: id.to_string(),
            trip_id: Id(trip_id),
            date: day(service_day),
            route_id: Id(journey.route.id),
            route_name: journey.route.name.clone(),
            from: DepartureEnd::new(&journey.boarding, Zoned(journey.boarding.local_departure()), language),
            to: DepartureEnd::new(&journey.alighting, Zoned(journey.alighting.local_arrival()), language),
            bus: DepartureBus {
                id: Id(bus.id),
                seats: bus.seats.into(),
                registration_number: bus.registration_number.clone(),
                brand: bus.brand.clone(),
                model: bus.model.clone(),
            },
            tickets: counts.into(),
            sale_status: Word(status),
            closure: closure.map(Into::into),
        }
    }
}

fn day(day: NaiveDate) -> String {
    day.format("%Y-%m-%d").to_string()
}

impl DepartureEnd {
    /// A stop and the time that matters there.
    #[must_use]
    pub fn new(call: &Call, at: Zoned, language: Language) -> Self {
        Self {
            stop_id: Id(call.stop.id),
            stop: call.stop.names.get(language).to_owned(),
            city: call.stop.city.names.get(language).to_owned(),
            at,
        }
    }
}

impl From<Counts> for TicketCounts {
    fn from(counts: Counts) -> Self {
        Self {
            sold: counts.sold,
            paid: counts.paid,
            unpaid: counts.unpaid,
            due_on_board: counts.on_board,
            awaiting_confirmation: counts.processing,
        }
    }
}

impl From<Closure> for SaleClosure {
    fn from(closure: Closure) -> Self {
        Self {
            closed_at: Instant(closure.at),
            closed_by: closure.by,
            closed_by_name: closure.by_name,
            reason: closure.reason,
        }
    }
}

//! The rows of purchases that got seats, and the bookings that these are.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use db::record::Records;
use db::sale::{References, SaleState, Start};
use db::ticket::{Common, NewTicket};
use domain::booking::{Booking, Passenger, Phone, Ticket};
use domain::id::{BookingId, PassengerId, PhoneId, TicketId};
use domain::language::Messenger;
use domain::money::Money;
use domain::offer::price_id;
use domain::reference::Reference;
use domain::ticket::{Event, State};

use super::new_booking::NewPassenger;
use super::purchase::{Purchase, SegmentToSell};
use super::sale::Sale;
use crate::error::AppResult;
use crate::ticket;
use crate::work::Tx;

/// A purchase with the prices and seats of its passengers.
#[derive(Clone, Copy)]
pub(super) struct Seated<'a> {
    pub purchase: &'a Purchase,
    pub wanted: &'a SegmentToSell<'a>,
    pub sales: &'a [Sale],
    pub seats: &'a [u16],
}

/// The rows of a purchase.
struct Rows<'a> {
    seated: Seated<'a>,
    common: Common<'a>,
    passengers: Vec<Passenger>,
    tickets: Vec<NewTicket>,
    records: Records,
}

/// Writes the sales and returns the bookings as a read would, since imports keep stored departures in step with the
/// timetable. `None` when something has changed since it was read.
pub(super) async fn write(
    tx: &mut Tx,
    state: &SaleState,
    start: Start<'_>,
    seated: &[Seated<'_>],
    now: DateTime<Utc>,
) -> AppResult<Option<Vec<Booking>>> {
    let rows = seated
        .iter()
        .map(|one| Rows::of(*one, now))
        .collect::<AppResult<Vec<_>>>()?;
    let sales: Vec<_> = rows.iter().map(Rows::sale).collect();
    let author = seated.first().map(|one| one.purchase.actor.name.as_str());
    let written = db::sale::write(tx, state.version, start, &sales, author.unwrap_or_default(), now).await?;
    Ok(written.map(|references| {
        let rows = rows.into_iter().zip(references);
        rows.map(|(rows, references)| rows.booking(references, state, now))
            .collect()
    }))
}

impl<'a> Rows<'a> {
    fn of(seated: Seated<'a>, now: DateTime<Utc>) -> AppResult<Self> {
        let Purchase { offer, new, price, .. } = seated.purchase;
        let wanted = seated.wanted;
        let (connection, trip) = (wanted.connection, wanted.timetable.trip(&wanted.connection));
        let common = Common {
            booking_id: BookingId::new(),
            partner_id: offer.partner_id,
            company_id: trip.route.company.id,
            departure: wanted.departure(),
            boarding: connection.boarding,
            alighting: connection.alighting,
            boarding_at: connection.departs_at,
            price_id: price_id(trip.id, offer.from.0, offer.to.0, new.currency),
            full_price: price.amount,
            currency: new.currency,
            note: new.note.as_deref(),
        };
        let passengers: Vec<Passenger> = new.passengers.iter().map(passenger).collect();
        let ticket = |((passenger, seat), sale): ((&Passenger, &u16), &Sale)| NewTicket {
            id: TicketId::new(),
            passenger_id: passenger.id,
            seat: *seat,
            price: sale.price,
            discount_id: sale.discount.as_ref().map(|discount| discount.id),
            prepaid: sale.prepaid,
        };
        let tickets: Vec<NewTicket> = passengers
            .iter()
            .zip(seated.seats)
            .zip(seated.sales)
            .map(ticket)
            .collect();
        let events = tickets
            .iter()
            .zip(&passengers)
            .map(|(ticket, passenger)| (ticket.id, Event::Created, State::NEW, passenger));
        let records = ticket::records(offer.partner_id, events, now)?;
        Ok(Self {
            seated,
            common,
            passengers,
            tickets,
            records,
        })
    }

    fn sale(&self) -> db::sale::Sale<'_> {
        let Purchase { actor, offer, .. } = self.seated.purchase;
        db::sale::Sale {
            common: &self.common,
            language: offer.language,
            tickets: &self.tickets,
            passengers: &self.passengers,
            records: &self.records,
            cause: &actor.cause,
        }
    }

    fn booking(self, references: References, state: &SaleState, now: DateTime<Utc>) -> Booking {
        let Purchase { offer, new, .. } = self.seated.purchase;
        let common = self.common;
        let journey = Arc::new(self.seated.wanted.journey.clone());
        // New ids are ascending, so the references are in the order of the rows.
        let ticket = |(((row, passenger), sale), reference): (((&NewTicket, Passenger), &Sale), Reference)| Ticket {
            id: row.id,
            reference,
            booking_id: common.booking_id,
            company_id: common.company_id,
            state: State::NEW,
            created_at: now,
            refund_amount: None,
            note: new.note.clone(),
            passenger,
            price_id: common.price_id,
            price: Money::new(sale.price, new.currency),
            discount: sale.discount.clone(),
            seat: row.seat,
            permission: state.permission.clone(),
            journey: Arc::clone(&journey),
        };
        let tickets = self
            .tickets
            .iter()
            .zip(self.passengers)
            .zip(self.seated.sales)
            .zip(references.tickets);
        Booking {
            id: common.booking_id,
            reference: references.booking,
            language: offer.language,
            created_at: now,
            updated_at: now,
            departure_at: common.boarding_at,
            tickets: tickets.map(ticket).collect(),
        }
    }
}

fn passenger(new: &NewPassenger) -> Passenger {
    let phone = |(phone, messengers): &(String, Vec<Messenger>)| Phone {
        id: PhoneId::new(),
        phone: phone.clone(),
        messengers: messengers.clone(),
    };
    Passenger {
        id: PassengerId::new(),
        first_name: new.first_name.clone(),
        last_name: new.last_name.clone(),
        email: new.email.clone(),
        phones: new.phones.iter().map(phone).collect(),
    }
}

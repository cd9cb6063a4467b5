//! The transaction of a sale: one read of everything that it depends on, one write of all rows (`db::sale`).

use std::sync::Arc;

use db::sale::{SaleState, Start};
use db::ticket::{Common, NewTicket};
use domain::booking::{Booking, Passenger, Phone, Ticket};
use domain::company::PartnerAccess;
use domain::id::{BookingId, PassengerId, PhoneId, TicketId};
use domain::language::Messenger;
use domain::money::Money;
use domain::offer::price_id;
use domain::reference::Reference;
use domain::ticket::{Event, State};
use domain::usage::Counts;

use super::new_booking::NewPassenger;
use super::purchase::{Purchase, Wanted, on_sale};
use super::sale::{Discounts, Sale, sales};
use crate::error::{AppError, AppResult};
use crate::published::Published;
use crate::seating::Seating;
use crate::turn::{Turn, Wish};
use crate::work::{Tx, Work};
use crate::{Platform, metrics, ticket};

/// How often a sale reads under the lock of its departure. The first read may predate the lock, the second does not; a
/// sweep that frees seats without the lock may cost one more.
const READINGS: usize = 5;

/// Sells what was offered; `None` if `published` is no longer current, and the sale must be retried.
pub(super) async fn sell(
    platform: &Platform,
    work: &Work,
    purchase: &Purchase<'_>,
    published: &Published,
) -> AppResult<Option<Booking>> {
    let timetable = &published.timetable;
    let wanted = match on_sale(timetable, purchase.offer, purchase.now) {
        Ok(wanted) => wanted,
        // The timetable in memory may be older than the offer.
        Err(_) if platform.published().await?.timetable.version() != timetable.version() => return Ok(None),
        Err(error) => return Err(error),
    };
    let trip = timetable.trip(&wanted.connection);
    let (departure, company) = ((trip.id, wanted.connection.service_day), trip.route.company.id);
    // Before a database connection is taken: waiting requests must not occupy connections.
    let mut turn = platform.turns.take(departure).await?;
    let wish = Wish {
        partner_id: purchase.offer.partner_id,
        segment: wanted.segment(),
        version: timetable.version(),
        now: platform.clock.now(),
    };
    refuse_if_full(&turn, &wish, purchase)?;
    let mut tx = work.begin().await?;
    // The waits until here take up to seconds, in which sales close and unpaid tickets expire.
    let purchase = &purchase.at(platform.clock.now());
    let wanted = on_sale(timetable, purchase.offer, purchase.now)?;
    // Whether the lock was held before the state was read.
    let mut was_locked = false;
    for _ in 0..READINGS {
        turn.asks();
        let state = db::sale::read(&mut tx, purchase.offer.partner_id, company, departure, purchase.now).await?;
        if !state.permission.allows(PartnerAccess::Book) {
            return Err(AppError::Forbidden("The company does not allow this partner to book"));
        }
        // After the wait for the lock, in which a discount may have been withdrawn.
        let discounts = Discounts::read(&mut tx, company, &purchase.new.passengers).await?;
        let rates = timetable.rates();
        let sales = sales(
            &discounts,
            &purchase.new.passengers,
            purchase.price,
            rates,
            purchase.now,
        )?;
        if state.departure.is_some_and(|departure| departure.closed) {
            return Err(AppError::DepartureClosed);
        }
        // Under the lock of the departure no import changes it; before its first sale, none is published at all.
        if state.published != timetable.version() {
            tx.rollback().await?;
            return Ok(None);
        }
        let first = state.departure.is_none();
        let seated = seats(&mut tx, purchase, &wanted, state.clone(), was_locked || first).await;
        was_locked = !first;
        if let Err(AppError::SeatsUnavailable { seats_left }) = &seated {
            metrics::count_refusal(*seats_left);
            turn.found_full(wish.clone(), u16::try_from(*seats_left).unwrap_or(u16::MAX));
        }
        let Some((seating, seats)) = seated? else { continue };
        let calls = first.then(|| timetable.calls(&wanted.connection));
        let start = match &calls {
            Some(calls) => Start::First {
                bus_id: trip.bus.id,
                calls,
            },
            None => Start::Held(seating.holds()),
        };
        if let Some(booking) = write(&mut tx, purchase, &wanted, &state, start, &sales, &seats).await? {
            tx.commit().await?;
            let (usage, partner_id, now) = (Arc::clone(&platform.usage), wish.partner_id, purchase.now);
            // The turn ends with the transaction: until then, those who wait for it need no connection.
            work.after_commit(move || {
                turn.sold();
                usage.note(partner_id, now, Counts::booking());
            });
            return Ok(Some(booking));
        }
    }
    Err(AppError::Unavailable("the departure keeps changing"))
}

/// Refuses without a query when the bus was full a moment ago. Discounts and prepayments have not been checked yet: if
/// there are any, the sale continues, so that their errors are reported too.
fn refuse_if_full(turn: &Turn, wish: &Wish, purchase: &Purchase<'_>) -> AppResult<()> {
    let plain = |passenger: &NewPassenger| passenger.discount_id.is_none() && passenger.prepaid.is_none();
    if purchase.new.passengers.iter().all(plain)
        && let Some(seats_left) = turn.is_full(wish, purchase.new.passengers.len())
    {
        metrics::count_remembered_refusal();
        return Err(AppError::SeatsUnavailable {
            seats_left: seats_left.into(),
        });
    }
    Ok(())
}

/// Seats for the passengers, after expired tickets released theirs and other passengers were reseated. `None` when the
/// decision requires data that were certainly read under the lock, and these may not have been (`is_certain`): a
/// refusal, or reseating passengers who may have been confirmed since.
async fn seats(
    tx: &mut Tx,
    purchase: &Purchase<'_>,
    wanted: &Wanted<'_>,
    state: SaleState,
    is_certain: bool,
) -> AppResult<Option<(Seating, Vec<u16>)>> {
    let trip = wanted.timetable.trip(&wanted.connection);
    let departure = (trip.id, wanted.connection.service_day);
    ticket::expire(tx, &purchase.actor.cause, &state.due, purchase.now).await?;
    let (due, holds) = (state.due, state.holds);
    let holds = holds.into_iter().filter(|(ticket, _)| !due.contains(ticket)).collect();
    let bus_seats = state.departure.map_or(trip.bus.seats, |departure| departure.seats);
    let mut seating = Seating::known(departure, bus_seats, holds);
    match seating.plan(purchase.new.passengers.len(), &wanted.segment()) {
        Ok(plan) if plan.moves.is_empty() => Ok(Some((seating, plan.seats))),
        Ok(plan) if is_certain => {
            seating.reseat(tx, &plan.moves).await?;
            Ok(Some((seating, plan.seats)))
        }
        Err(error) if is_certain => Err(error),
        Ok(_) | Err(_) => Ok(None),
    }
}

/// Writes the sale and returns the booking as a read would, since imports keep stored departures in step with the
/// timetable. `None` when something has changed since it was read.
async fn write(
    tx: &mut Tx,
    purchase: &Purchase<'_>,
    wanted: &Wanted<'_>,
    state: &SaleState,
    start: Start<'_>,
    sales: &[Sale],
    seats: &[u16],
) -> AppResult<Option<Booking>> {
    let Purchase {
        actor,
        offer,
        new,
        price,
        now,
    } = purchase;
    let (connection, trip) = (wanted.connection, wanted.timetable.trip(&wanted.connection));
    let common = Common {
        booking_id: BookingId::new(),
        partner_id: offer.partner_id,
        company_id: trip.route.company.id,
        departure: (trip.id, connection.service_day),
        boarding: connection.boarding,
        alighting: connection.alighting,
        boarding_at: connection.departs_at,
        price_id: price_id(trip.id, offer.from.0, offer.to.0, new.currency),
        full_price: price.amount,
        currency: new.currency,
        note: new.note.as_deref(),
    };
    let passengers: Vec<Passenger> = new.passengers.iter().map(passenger).collect();
    let row = |((passenger, seat), sale): ((&Passenger, &u16), &Sale)| NewTicket {
        id: TicketId::new(),
        passenger_id: passenger.id,
        seat: *seat,
        price: sale.price,
        discount_id: sale.discount.as_ref().map(|discount| discount.id),
        prepaid: sale.prepaid,
    };
    let rows: Vec<NewTicket> = passengers.iter().zip(seats).zip(sales).map(row).collect();
    let events = rows
        .iter()
        .zip(&passengers)
        .map(|(row, passenger)| (row.id, Event::Created, State::NEW, passenger));
    let records = ticket::records(offer.partner_id, events, *now)?;
    let sale = db::sale::Sale {
        common: &common,
        language: offer.language,
        tickets: &rows,
        passengers: &passengers,
        records: &records,
        author: actor.author(),
        cause: &actor.cause,
    };
    let Some(references) = db::sale::write(tx, state.version, start, sale, *now).await? else {
        return Ok(None);
    };
    trace::note("booking", common.booking_id);
    let journey = Arc::new(wanted.journey.clone());
    // New ids are ascending, so the references are in the order of the rows.
    let ticket = |(((row, passenger), sale), reference): (((&NewTicket, Passenger), &Sale), Reference)| Ticket {
        id: row.id,
        reference,
        booking_id: common.booking_id,
        company_id: common.company_id,
        state: State::NEW,
        created_at: *now,
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
    Ok(Some(Booking {
        id: common.booking_id,
        reference: references.booking,
        language: offer.language,
        created_at: *now,
        updated_at: *now,
        departure_at: connection.departs_at,
        tickets: (rows.iter().zip(passengers).zip(sales).zip(references.tickets))
            .map(ticket)
            .collect(),
    }))
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

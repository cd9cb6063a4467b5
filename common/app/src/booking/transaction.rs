//! The transaction of a sale: one read of everything that it depends on, one write of all rows (`db::sale`). Purchases
//! of one partner on one departure may share it.

use chrono::{DateTime, Utc};
use db::sale::{SaleState, Start};
use domain::booking::Booking;
use domain::company::PartnerAccess;
use domain::seat::Segment;
use domain::timetable::Connection;

use super::purchase::{Purchase, SegmentToSell, located, on_sale};
use super::rows::{Seated, write};
use super::sale::{Discounts, Sale, sales};
use crate::error::{AppError, AppResult};
use crate::permission::MAY_NOT_BOOK;
use crate::published::Published;
use crate::seating::Seating;
use crate::turn::{Turn, Wish};
use crate::work::{Tx, Work};
use crate::{Platform, metrics, ticket};

/// How often a sale reads under the lock of its departure. The first read may predate the lock, the second does not; a
/// sweep that frees seats without the lock may cost one more.
const READINGS: usize = 5;

/// The answer to each purchase, in their order; `None` if it is left for the next transaction.
pub(super) type Answers = Vec<Option<AppResult<Booking>>>;

/// A purchase whose departure is on sale.
struct Candidate<'a> {
    index: usize,
    purchase: &'a Purchase,
    wanted: SegmentToSell<'a>,
}

/// The seats of a candidate.
enum Seats {
    Found(Vec<u16>),
    /// There are not enough; how many are left.
    Unavailable(u32),
    /// To be decided when the tickets of this transaction are written.
    Undecided,
}

/// Sells what the purchases want, which have the same partner and departure; if there are several, they are plain
/// ([`Purchase::is_plain`]). The first one is never left for later. `None` if `published` is no longer current, and all
/// must be retried.
pub(super) async fn sell<T: Send>(
    platform: &Platform,
    work: &Work,
    turn: &mut Turn<T>,
    published: &Published,
    purchases: &[&Purchase],
) -> AppResult<Option<Answers>> {
    let timetable = &published.timetable;
    let mut answers: Answers = purchases.iter().map(|_| None).collect();
    refuse_if_full(platform, turn, published, purchases, &mut answers);
    if answers.iter().all(Option::is_some) {
        return Ok(Some(answers));
    }
    let mut tx = work.begin().await?;
    // The waits until here take up to seconds, in which sales close and unpaid tickets expire.
    let now = platform.clock.now();
    let candidates = candidates(published, purchases, &mut answers, now);
    let Some(Candidate { purchase, wanted, .. }) = candidates.first() else {
        return Ok(Some(answers));
    };
    let (departure, partner_id) = (wanted.departure(), purchase.offer.partner_id);
    let trip = timetable.trip(&wanted.connection);
    let company = trip.route.company.id;
    // Whether the lock was held before the state was read.
    let mut was_locked = false;
    for _ in 0..READINGS {
        turn.asks();
        let state = db::sale::read(&mut tx, partner_id, company, departure, now).await?;
        if !state.permission.allows(PartnerAccess::Book) {
            return Err(MAY_NOT_BOOK);
        }
        // After the wait for the lock, in which a discount may have been withdrawn.
        let discounts = Discounts::read(&mut tx, company, &purchase.new.passengers).await?;
        let price = |Candidate { purchase, .. }: &Candidate<'_>| {
            sales(
                &discounts,
                &purchase.new.passengers,
                purchase.price,
                timetable.rates(),
                now,
            )
        };
        let prices = candidates.iter().map(price).collect::<AppResult<Vec<Vec<Sale>>>>()?;
        if state.departure.is_some_and(|departure| departure.closed) {
            return Err(AppError::DepartureClosed);
        }
        // Under the lock of the departure no import changes it; before its first sale, none is published at all.
        if state.published != timetable.version() {
            tx.rollback().await?;
            return Ok(None);
        }
        let first = state.departure.is_none();
        let planned = plan(&mut tx, &candidates, &state, was_locked || first, now).await?;
        was_locked = !first;
        let Some((seating, seats)) = planned else { continue };
        let calls = first.then(|| timetable.calls(&wanted.connection));
        let start = match &calls {
            Some(calls) => Start::First {
                bus_id: trip.bus.id,
                calls,
            },
            None => Start::Held(seating.holds()),
        };
        let seated = seated(&candidates, &prices, &seats);
        let bookings = if seated.is_empty() {
            drop(tx);
            Vec::new()
        } else {
            let Some(bookings) = write(&mut tx, &state, start, &seated, now).await? else {
                continue;
            };
            tx.commit().await?;
            turn.sold();
            bookings
        };
        answer(turn, &candidates, seats, bookings, now, &mut answers);
        return Ok(Some(answers));
    }
    Err(AppError::Unavailable("the departure keeps changing"))
}

/// Answers the candidates after the end of the transaction, in which `bookings` were sold to those with seats.
fn answer<T>(
    turn: &mut Turn<T>,
    candidates: &[Candidate<'_>],
    seats: Vec<Seats>,
    bookings: Vec<Booking>,
    now: DateTime<Utc>,
    answers: &mut Answers,
) {
    let has_sold = !bookings.is_empty();
    let mut bookings = bookings.into_iter();
    for (candidate, seats) in candidates.iter().zip(seats) {
        answers[candidate.index] = match seats {
            Seats::Found(_) => bookings.next().map(Ok),
            Seats::Unavailable(seats_left) => {
                metrics::count_refusal(seats_left);
                // What was sold with it may have taken some of the seats that were left.
                if !has_sold {
                    let wanted = &candidate.wanted;
                    let wish = wish(candidate.purchase, &wanted.connection, wanted.timetable.version(), now);
                    turn.found_full(wish, u16::try_from(seats_left).unwrap_or(u16::MAX));
                }
                Some(Err(AppError::SeatsUnavailable { seats_left }))
            }
            Seats::Undecided => None,
        };
    }
}

/// Refuses without a query when the bus was full a moment ago. Discounts and prepayments have not been checked yet: if
/// there are any, the sale continues, so that their errors are reported too.
fn refuse_if_full<T>(
    platform: &Platform,
    turn: &Turn<T>,
    published: &Published,
    purchases: &[&Purchase],
    answers: &mut Answers,
) {
    let now = platform.clock.now();
    for (purchase, answer) in purchases.iter().zip(answers) {
        let Some(connection) = located(&published.timetable, &purchase.offer).filter(|_| purchase.is_plain()) else {
            continue;
        };
        let wish = wish(purchase, &connection, published.timetable.version(), now);
        if let Some(seats_left) = turn.is_full(&wish, purchase.new.passengers.len()) {
            metrics::count_remembered_refusal();
            *answer = Some(Err(AppError::SeatsUnavailable {
                seats_left: seats_left.into(),
            }));
        }
    }
}

fn wish(purchase: &Purchase, connection: &Connection, version: i64, now: DateTime<Utc>) -> Wish {
    Wish {
        partner_id: purchase.offer.partner_id,
        segment: connection.boarding..connection.alighting,
        version,
        now,
    }
}

/// The purchases that have no answer yet and whose departure is on sale; the others are answered.
fn candidates<'a>(
    published: &'a Published,
    purchases: &[&'a Purchase],
    answers: &mut Answers,
    now: DateTime<Utc>,
) -> Vec<Candidate<'a>> {
    let mut candidates = Vec::with_capacity(purchases.len());
    for (index, purchase) in purchases.iter().enumerate() {
        if answers[index].is_some() {
            continue;
        }
        match on_sale(&published.timetable, &purchase.offer, now) {
            Ok(wanted) => candidates.push(Candidate {
                index,
                purchase,
                wanted,
            }),
            Err(error) => answers[index] = Some(Err(error)),
        }
    }
    candidates
}

/// Seats for the candidates, in their order, after expired tickets released theirs and other passengers were reseated.
/// `None` when a decision requires data that were certainly read under the lock, and these may not have been
/// (`is_certain`): a refusal, or reseating passengers who may have been confirmed since.
async fn plan(
    tx: &mut Tx,
    candidates: &[Candidate<'_>],
    state: &SaleState,
    is_certain: bool,
    now: DateTime<Utc>,
) -> AppResult<Option<(Seating, Vec<Seats>)>> {
    let Some(Candidate { purchase, wanted, .. }) = candidates.first() else {
        return Ok(None);
    };
    ticket::expire(tx, &purchase.actor.cause, &state.due, now).await?;
    let holds = state.holds.iter().filter(|(ticket, _)| !state.due.contains(ticket));
    let bus = wanted.timetable.trip(&wanted.connection).bus.seats;
    let bus_seats = state.departure.map_or(bus, |departure| departure.seats);
    let mut seating = Seating::known(wanted.departure(), bus_seats, holds.cloned().collect());
    let mut seats = Vec::with_capacity(candidates.len());
    let mut is_undecided = false;
    // Segments on which there were not enough seats, and how many are left there.
    let mut full: Vec<(Segment, u32)> = Vec::new();
    for Candidate { purchase, wanted, .. } in candidates {
        if is_undecided {
            seats.push(Seats::Undecided);
            continue;
        }
        let (count, segment) = (purchase.new.passengers.len(), wanted.segment());
        // A search that finds no seats takes long; until something is reserved, the next one finds none either.
        let is_too_few = |left: u32| u32::try_from(count).is_ok_and(|count| left < count);
        let known = full.iter().find(|(on, left)| *on == segment && is_too_few(*left));
        if let Some((_, seats_left)) = known.filter(|_| !seating.has_reserved()) {
            seats.push(Seats::Unavailable(*seats_left));
            continue;
        }
        let planned = seating.plan(count, &segment);
        let fits = planned.as_ref().is_ok_and(|plan| plan.moves.is_empty());
        // The tickets of this transaction could be reseated too, once they are written. Who came later must wait as
        // well.
        is_undecided = !fits && seating.has_reserved();
        seats.push(match planned {
            _ if is_undecided => Seats::Undecided,
            _ if !fits && !is_certain => return Ok(None),
            Ok(plan) => {
                seating.reseat(tx, &plan.moves, now).await?;
                seating.reserve(&plan.seats, &segment);
                Seats::Found(plan.seats)
            }
            Err(AppError::SeatsUnavailable { seats_left }) => {
                full.push((segment, seats_left));
                Seats::Unavailable(seats_left)
            }
            Err(error) => return Err(error),
        });
    }
    Ok(Some((seating, seats)))
}

/// The candidates that got seats, with these and their prices.
fn seated<'a>(candidates: &'a [Candidate<'a>], prices: &'a [Vec<Sale>], seats: &'a [Seats]) -> Vec<Seated<'a>> {
    let seated = candidates.iter().zip(prices).zip(seats);
    let seated = seated.filter_map(|((candidate, sales), seats)| match seats {
        Seats::Found(seats) => Some(Seated {
            purchase: candidate.purchase,
            wanted: &candidate.wanted,
            sales,
            seats,
        }),
        Seats::Unavailable(_) | Seats::Undecided => None,
    });
    seated.collect()
}

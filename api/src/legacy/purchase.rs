//! Several offers in one call. Each offer becomes a booking; the bookings are created one after the other. If one is
//! refused, the bookings before it are canceled and the refusal is the response, so a caller that repeats the call buys
//! nothing twice. If the process is killed halfway, the bookings that it created are unpaid, so their seats are free
//! again after 20 minutes.

use app::Platform;
use app::booking::{self, NewBooking};
use app::error::{AppError, AppResult, FieldError, chain};
use app::ticket::{self, PartnerTicket};
use app::work::Work;
use domain::booking::Booking;
use domain::id::PartnerId;
use domain::ticket::Action;
use ledger::Cause;

use super::body::{CreateOrders, MAX_OFFERS};
use crate::state::State;

/// A booking to create, and the positions of its passengers in the request.
struct Part {
    new: NewBooking,
    places: Vec<usize>,
}

/// Creates a booking for each offer. Returns the tickets in the order of their passengers. A refusal that follows a
/// booking is noted here, since the layer takes a refused request for one that has changed nothing
/// ([`crate::middleware::noted`]).
///
/// # Errors
/// As `booking::create`, with fields named as in the request.
pub async fn buy(
    state: &State,
    partner_id: PartnerId,
    body: CreateOrders,
    cause: &Cause,
) -> AppResult<Vec<PartnerTicket>> {
    let platform = &state.platform;
    let parts = parts(body)?;
    check(platform, partner_id, &parts)?;
    let work = Work::Own(platform.pool.clone());
    let mut made: Vec<Booking> = Vec::with_capacity(parts.len());
    let mut tickets = Vec::new();
    for Part { new, places } in parts {
        match booking::create(platform, &work, partner_id, new, cause).await {
            Ok(booking) => {
                let language = booking.language;
                let own = booking
                    .tickets
                    .iter()
                    .cloned()
                    .map(|ticket| PartnerTicket { ticket, language });
                tickets.extend(places.into_iter().zip(own));
                made.push(booking);
            }
            Err(error) => {
                if !made.is_empty() {
                    undo(platform, &work, partner_id, &made, cause).await;
                    platform.cache.note_sale();
                    state.nudge.send();
                }
                return Err(as_asked(error, &places));
            }
        }
    }
    tickets.sort_by_key(|(place, _)| *place);
    Ok(tickets.into_iter().map(|(_, ticket)| ticket).collect())
}

/// The bookings of a request, by the first passenger of each.
fn parts(body: CreateOrders) -> AppResult<Vec<Part>> {
    let mut parts: Vec<Part> = Vec::new();
    for (place, mut passenger) in body.passengers.into_iter().enumerate() {
        let offer_id = std::mem::take(&mut passenger.offer_id);
        let passenger = passenger.into();
        match parts.iter_mut().find(|part| part.new.offer_id == offer_id) {
            Some(part) => {
                part.new.passengers.push(passenger);
                part.places.push(place);
            }
            None => parts.push(Part {
                new: NewBooking {
                    offer_id,
                    currency: body.currency.0,
                    passengers: vec![passenger],
                    note: body.note.clone(),
                },
                places: vec![place],
            }),
        }
    }
    if parts.len() > MAX_OFFERS {
        let message = format!("at most {MAX_OFFERS} different offers");
        return Err(AppError::field("passengers", "max", message));
    }
    Ok(parts)
}

/// Checks everything that does not depend on the seats before anything is bought. Names every invalid offer.
fn check(platform: &Platform, partner_id: PartnerId, parts: &[Part]) -> AppResult<()> {
    let mut problems = Vec::new();
    for part in parts {
        match booking::check(platform, partner_id, &part.new).map_err(|error| as_asked(error, &part.places)) {
            Ok(()) => {}
            Err(AppError::Validation(fields)) => problems.extend(fields),
            Err(error) => return Err(error),
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(AppError::Validation(problems))
    }
}

/// The same refusal, with the fields of a booking named as they are in the request.
fn as_asked(error: AppError, places: &[usize]) -> AppError {
    let AppError::Validation(fields) = error else {
        return error;
    };
    let renamed = |field: FieldError| {
        let name = match field
            .field
            .strip_prefix("passengers[")
            .and_then(|rest| rest.split_once(']'))
        {
            Some((at, rest)) => {
                let place = at.parse().ok().and_then(|at: usize| places.get(at)).copied();
                format!("passengers[{}]{rest}", place.unwrap_or_default())
            }
            None if field.field == "offerId" => {
                format!("passengers[{}].offerId", places.first().copied().unwrap_or_default())
            }
            None => field.field,
        };
        FieldError { field: name, ..field }
    };
    AppError::Validation(fields.into_iter().map(renamed).collect())
}

/// Cancels the bookings that were created. If even that is refused (a company may not allow the partner to cancel),
/// they expire.
async fn undo(platform: &Platform, work: &Work, partner_id: PartnerId, made: &[Booking], cause: &Cause) {
    for booking in made {
        let undone = ticket::act(platform, work, partner_id, booking.id, Action::Cancel, None, cause).await;
        if let Err(error) = undone {
            let (booking_id, error) = (booking.id, chain(&error));
            tracing::warn!(%booking_id, error, "could not cancel a booking of a refused request; it will expire");
        }
    }
}

//! Several offers in one call. `/v2` makes one booking a request, and so does each offer here: they are made one after
//! the other. When one is refused, those before it are canceled again and the refusal is the answer; a caller that
//! repeats the call buys nothing twice. What a kill leaves half-done ends by itself: nothing of it is paid, so its
//! seats are free again after 20 minutes.

use common::app::Platform;
use common::app::booking::{self, NewBooking};
use common::app::order::{self, Ordered};
use common::app::work::Work;
use common::domain::booking::Booking;
use common::domain::order::Action;
use common::error::{AppError, AppResult, FieldError, chain};
use common::id::PartnerId;
use common::jobs::Cause;

use super::body::{CreateOrders, MAX_OFFERS};

/// A booking to make, and where its passengers stand in the request.
struct Part {
    new: NewBooking,
    places: Vec<usize>,
}

/// Makes a booking for each offer; answers the tickets in the order of their passengers.
///
/// # Errors
/// As `booking::create`, with fields named as in the request.
pub async fn buy(
    platform: &Platform,
    partner_id: PartnerId,
    body: CreateOrders,
    cause: &Cause,
) -> AppResult<Vec<Ordered>> {
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
                    .map(|ticket| Ordered { ticket, language });
                tickets.extend(places.into_iter().zip(own));
                made.push(booking);
            }
            Err(error) => {
                undo(platform, &work, partner_id, &made, cause).await;
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

/// Refuses before anything is bought what needs no look at the seats; names every offer that is wrong.
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

/// Cancels what was made. Where even that is refused (a company may not let the partner cancel), the end of their time
/// does it.
async fn undo(platform: &Platform, work: &Work, partner_id: PartnerId, made: &[Booking], cause: &Cause) {
    for booking in made {
        let undone = order::act(platform, work, partner_id, booking.id, Action::Cancel, None, cause).await;
        if let Err(error) = undone {
            let (booking_id, error) = (booking.id, chain(&error));
            tracing::warn!(%booking_id, error, "a booking of a refused call stays until its time is over");
        }
    }
}

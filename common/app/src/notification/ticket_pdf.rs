//! Ticket files, rendered on request.

use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use db::notification::{Content, Owner};
use domain::id::{BookingId, CompanyId, PartnerId, TicketId};
use domain::notification::DrawPdf;
use domain::ticket::{Event, TicketStatus};
use sqlx::PgConnection;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::message::message;
use crate::Platform;
use crate::error::{AppError, AppResult, Noun, chain};

/// How long a request waits for its turn.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Draws tickets for requests: outside the async threads, and concurrently on at most half of the cores, so that
/// searches and sales are not delayed.
#[derive(Debug)]
pub struct TicketPrinter {
    draw_pdf: DrawPdf,
    places: Arc<Semaphore>,
}

impl TicketPrinter {
    /// A printer that draws with `draw_pdf`.
    #[must_use]
    pub fn new(draw_pdf: DrawPdf) -> Self {
        let cores = available_parallelism().map_or(1, usize::from);
        Self {
            draw_pdf,
            places: Arc::new(Semaphore::new((cores / 2).max(1))),
        }
    }

    /// The PDF of a ticket in a partner's booking. A booking whose tickets all moved to one other booking is that one,
    /// as with [`booking::get`](crate::booking::get).
    ///
    /// # Errors
    /// Not found when the booking is not the partner's or the ticket is not in it; order conflict unless the ticket is
    /// confirmed; unavailable when too many are being drawn.
    pub async fn of_booking(
        &self,
        platform: &Platform,
        partner_id: PartnerId,
        booking_id: BookingId,
        id: TicketId,
    ) -> AppResult<Vec<u8>> {
        let mut snapshot = db::snapshot(&platform.pool).await?;
        let current = db::booking::current(&mut snapshot, partner_id, booking_id).await?;
        let current = current.ok_or(AppError::NotFound(Noun::Booking))?;
        let (event, content) = read(&mut snapshot, Owner::Partner(partner_id), Some(current), id).await?;
        snapshot.commit().await?;
        self.draw(event, content).await
    }

    /// The PDF of a ticket of a company.
    ///
    /// # Errors
    /// Not found when it is unknown or another company's; otherwise as [`of_booking`](Self::of_booking).
    pub async fn of_ticket(&self, platform: &Platform, company_id: CompanyId, id: TicketId) -> AppResult<Vec<u8>> {
        let mut snapshot = db::snapshot(&platform.pool).await?;
        let (event, content) = read(&mut snapshot, Owner::Company(company_id), None, id).await?;
        snapshot.commit().await?;
        self.draw(event, content).await
    }

    async fn draw(&self, event: Event, content: Content) -> AppResult<Vec<u8>> {
        let fault = |error: &dyn std::error::Error| AppError::Internal(chain(error));
        let message = message(event, content).map_err(|error| fault(&error))?;
        let place = timeout(TIMEOUT, Arc::clone(&self.places).acquire_owned()).await;
        let Ok(Ok(place)) = place else {
            return Err(AppError::Unavailable("too many tickets are being rendered"));
        };
        let draw_pdf = self.draw_pdf;
        let drawn = tokio::task::spawn_blocking(move || {
            // Held to the end, even if the request was abandoned.
            let _place = place;
            message.pdf(draw_pdf)
        });
        drawn
            .await
            .map_err(|error| fault(&error))?
            .map_err(|error| fault(&error))
    }
}

/// The contents of a confirmed ticket of this owner, in this booking if one is named.
async fn read(
    conn: &mut PgConnection,
    owner: Owner,
    booking_id: Option<BookingId>,
    id: TicketId,
) -> AppResult<(Event, Content)> {
    let unknown = || AppError::NotFound(Noun::Ticket);
    let printed = db::notification::printed(conn, owner, id).await?.ok_or_else(unknown)?;
    if booking_id.is_some_and(|booking_id| booking_id != printed.booking_id) {
        return Err(unknown());
    }
    if printed.status != TicketStatus::Confirmed {
        return Err(AppError::TicketConflict(vec![id]));
    }
    let content = db::notification::find_content(conn, id).await?.ok_or_else(unknown)?;
    Ok((printed.event.unwrap_or(Event::Confirmed), content))
}

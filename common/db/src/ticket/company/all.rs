//! All tickets of a company, page by page.

use domain::id::CompanyId;
use domain::ticket::{PaymentStatus, TicketStatus};
use sqlx::PgConnection;
use uuid::Uuid;

use super::Filter;
use crate::error::AppResult;
use crate::list_count::{self, List, Paged};

impl Filter {
    /// Whether it means all tickets of the company: every stored state, and no other condition.
    pub(super) fn is_everything(&self) -> bool {
        self.is_any_state()
            && self.boarding.is_none()
            && self.route_id.is_none()
            && self.booking_id.is_none()
            && self.text.is_none()
    }

    /// Whether it means tickets in every state.
    pub(super) fn is_any_state(&self) -> bool {
        let states = TicketStatus::ALL.len() * PaymentStatus::ALL.len();
        self.stored.len() == states && self.stored.iter().all(|stored| stored.overdue.is_none())
    }
}

/// A page, newest first, and how many there are. Both are read as those of a partner's bookings
/// ([`crate::booking::page`]): what is skipped costs index entries of one day at most.
pub(super) async fn page(
    conn: &mut PgConnection,
    company_id: CompanyId,
    take: i64,
    skip: i64,
) -> AppResult<(Vec<Uuid>, i64)> {
    let total = list_count::of_all(conn, List::CompanyTicketsByState, company_id.0).await?;
    let (first, skip) = list_count::page_start(conn, Paged::CompanyTickets, company_id.0, skip).await?;
    let ids = sqlx::query_scalar!(
        "select id from tickets where company_id = $1 and id <= $2 order by id desc limit $3 offset $4",
        company_id as CompanyId,
        first,
        take,
        skip,
    )
    .fetch_all(conn)
    .await?;
    Ok((ids, total))
}

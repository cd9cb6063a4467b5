//! Bookings among the given ones that break a rule.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;

/// Bookings without a ticket from which none was moved, and those that are marked as empty but are not, or the reverse.
///
/// # Errors
/// Database errors only.
pub async fn without_ticket(conn: &mut PgConnection, among: &[Uuid], limit: i64) -> AppResult<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        "select b.id from bookings b
         where b.id = any($1) and case
             when exists (select from tickets t where t.booking_id = b.id) then b.emptied
             else not b.emptied or not exists (select from ticket_moves m where m.from_booking_id = b.id)
         end
         limit $2",
        among,
        limit,
    )
    .fetch_all(conn)
    .await?)
}

//! Finding a company's tickets by what is known about them: ids, or words of names, addresses and phone numbers.

use chrono::{DateTime, Utc};
use domain::id::{BookingId, CompanyId, TicketId};
use domain::payment_window::PAYMENT_WINDOW;
use domain::reference::Reference;
use domain::ticket::Stored;
use sqlx::PgConnection;
use uuid::Uuid;

use super::Filter;
use crate::error::{AppError, AppResult};

/// Most tickets that a search may find.
const MOST: i64 = 1_000;

/// What is searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SearchText {
    /// A ticket.
    Ticket(TicketId),
    /// The tickets of a booking.
    Booking(BookingId),
    /// Tickets with a word that begins like one of `first`, and a word that begins like each of `others`.
    Words {
        /// Beginnings that are looked up in the index.
        first: Vec<String>,
        /// Beginnings that the tickets found are compared with.
        others: Vec<String>,
        /// The text read as a reference; if something has this reference, it is found instead of the words.
        reference: Option<Reference>,
    },
}

/// Columns of [`Filter::stored`].
pub(super) struct Wanted {
    pub statuses: Vec<String>,
    pub payment_statuses: Vec<String>,
    pub overdue: Vec<Option<bool>>,
}

impl Wanted {
    pub(super) fn of(stored: &[Stored]) -> Self {
        Self {
            statuses: stored.iter().map(|s| s.state.status.to_string()).collect(),
            payment_statuses: stored.iter().map(|s| s.state.payment_status.to_string()).collect(),
            overdue: stored.iter().map(|s| s.overdue).collect(),
        }
    }
}

/// The tickets that a filter with a text or a booking may mean; its other conditions are not applied.
pub(super) async fn candidates(
    conn: &mut PgConnection,
    company_id: CompanyId,
    filter: &Filter,
) -> AppResult<Vec<Uuid>> {
    if let Some(SearchText::Words {
        reference: Some(reference),
        ..
    }) = &filter.text
    {
        let ids = with_reference(conn, company_id, reference).await?;
        if !ids.is_empty() {
            return Ok(ids);
        }
    }
    match (&filter.text, filter.booking_id) {
        (Some(SearchText::Ticket(id)), _) => Ok(vec![id.0]),
        (Some(SearchText::Booking(id)), _) => in_booking(conn, company_id, *id).await,
        (None, Some(id)) => in_booking(conn, company_id, id).await,
        (Some(SearchText::Words { first, others, .. }), Some(id)) => {
            let ids = in_booking(conn, company_id, id).await?;
            among(conn, &ids, first, others).await
        }
        (Some(SearchText::Words { first, others, .. }), None) => match filter.boarding {
            Some(day) => on_day(conn, company_id, day, first, others).await,
            None => anywhere(conn, company_id, first, others).await,
        },
        (None, None) => Ok(Vec::new()),
    }
}

async fn in_booking(conn: &mut PgConnection, company_id: CompanyId, id: BookingId) -> AppResult<Vec<Uuid>> {
    let ids = sqlx::query_scalar!(
        "select id from tickets where company_id = $1 and booking_id = $2 order by id limit $3",
        company_id as CompanyId,
        id as BookingId,
        MOST,
    );
    Ok(ids.fetch_all(conn).await?)
}

/// The ticket, or those of the booking, with this reference.
async fn with_reference(conn: &mut PgConnection, company_id: CompanyId, reference: &Reference) -> AppResult<Vec<Uuid>> {
    let ids = sqlx::query_scalar!(
        r#"select id as "id!" from (
               select id from tickets where company_id = $1 and reference = $2
               union
               select t.id from bookings b join tickets t on t.booking_id = b.id
               where b.reference = $2 and t.company_id = $1
           ) as found order by id limit $3"#,
        company_id as CompanyId,
        reference as &Reference,
        MOST,
    );
    Ok(ids.fetch_all(conn).await?)
}

/// Those of these tickets that have the words.
async fn among(conn: &mut PgConnection, ids: &[Uuid], first: &[String], others: &[String]) -> AppResult<Vec<Uuid>> {
    let found = sqlx::query_scalar!(
        r#"select id as "id!" from unnest($1::uuid[]) as ticket (id)
           where exists (
               select from unnest($2::text[]) as word (typed) join order_terms o
                   on o.ticket_id = ticket.id and o.term >= search_key(typed) collate "C"
                   and o.term < search_key(typed) || chr(1114111) collate "C"
           ) and not exists (
               select from unnest($3::text[]) as word (typed) where not exists (
                   select from order_terms o where o.ticket_id = ticket.id and o.term >= search_key(typed) collate "C"
                       and o.term < search_key(typed) || chr(1114111) collate "C"
               )
           )"#,
        ids,
        first,
        others,
    );
    Ok(found.fetch_all(conn).await?)
}

/// On one day: its tickets are few enough to be compared one by one.
async fn on_day(
    conn: &mut PgConnection,
    company_id: CompanyId,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    first: &[String],
    others: &[String],
) -> AppResult<Vec<Uuid>> {
    let ids = sqlx::query_scalar!(
        "select id from tickets where company_id = $1 and boarding_at >= $2 and boarding_at < $3",
        company_id as CompanyId,
        from,
        until,
    );
    let ids = ids.fetch_all(&mut *conn).await?;
    among(conn, &ids, first, others).await
}

/// On any day: the tickets that the first words find in the index, of which there must not be many.
async fn anywhere(
    conn: &mut PgConnection,
    company_id: CompanyId,
    first: &[String],
    others: &[String],
) -> AppResult<Vec<Uuid>> {
    let ids = sqlx::query_scalar!(
        r#"select o.ticket_id as "id!" from unnest($2::text[]) as word (typed)
           cross join lateral (
               select ticket_id from order_terms
               where company_id = $1 and term >= search_key(typed) collate "C"
                 and term < search_key(typed) || chr(1114111) collate "C"
               limit $3
           ) o"#,
        company_id as CompanyId,
        first,
        MOST + 1,
    );
    let mut ids = ids.fetch_all(&mut *conn).await?;
    ids.sort_unstable();
    ids.dedup();
    if i64::try_from(ids.len()).unwrap_or(i64::MAX) > MOST {
        let message = format!("finds more than {MOST} orders: add more letters or digits, or a day of departure");
        return Err(AppError::field("search", "specific", message));
    }
    among(conn, &ids, first, others).await
}

/// The page out of these tickets, and how many of them the filter means.
pub(super) async fn of_these(
    conn: &mut PgConnection,
    company_id: CompanyId,
    filter: &Filter,
    ids: &[Uuid],
    now: DateTime<Utc>,
) -> AppResult<(Vec<Uuid>, i64)> {
    let wanted = Wanted::of(&filter.stored);
    let (from, until) = filter.boarding.unzip();
    let row = sqlx::query!(
        r#"with hit as materialized (
               select t.id
               from tickets t
               join unnest($2::text[], $3::text[], $4::boolean[]) as wanted (status, payment_status, overdue)
                    on (t.status, t.payment_status) = (wanted.status, wanted.payment_status)
                    and (wanted.overdue is null or (t.created_at <= $5) = wanted.overdue)
               where t.id = any($6) and t.company_id = $1
                 and ($7::timestamptz is null or t.boarding_at >= $7) and ($8::timestamptz is null or t.boarding_at < $8)
                 and ($9::uuid is null or t.booking_id = $9)
                 and ($10::uuid is null or t.trip_id in (select id from trips where route_id = $10))
           )
           select array(select id from hit order by id desc limit $11 offset $12) as "ids!",
                  (select count(*) from hit) as "total!""#,
        company_id as CompanyId,
        &wanted.statuses,
        &wanted.payment_statuses,
        &wanted.overdue as &[Option<bool>],
        now - PAYMENT_WINDOW,
        ids,
        from,
        until,
        filter.booking_id.map(|id| id.0),
        filter.route_id.map(|id| id.0),
        filter.take,
        filter.skip,
    )
    .fetch_one(conn)
    .await?;
    Ok((row.ids, row.total))
}

//! Maintained sizes of long lists, so that no request counts rows. Triggers write them
//! (migrations/0028_list_counts.sql, 0061_order_pages.sql, 0064_order_routes.sql), so they are exact in every snapshot.

use std::collections::HashMap;

use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;

/// A list whose size is maintained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    /// Bookings of a partner, by UTC day of departure (a number: days since 1970).
    BookingsByDeparture,
    /// Tickets of a partner, by UTC day of creation, likewise.
    TicketsByCreation,
    /// Tickets of a company, by stored `status/payment_status`.
    CompanyTicketsByState,
    /// Tickets of a company, by the id of their trip.
    CompanyTicketsByTrip,
}

impl List {
    const fn word(self) -> &'static str {
        match self {
            Self::BookingsByDeparture => "bookings_by_departure",
            Self::TicketsByCreation => "tickets_by_creation",
            Self::CompanyTicketsByState => "orders_by_state",
            Self::CompanyTicketsByTrip => "orders_by_trip",
        }
    }
}

/// A list in the order of its ids, newest first, whose size is maintained by the UTC day of the id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paged {
    /// Bookings of a partner.
    Bookings,
    /// Tickets of a partner.
    Tickets,
    /// Tickets of a company.
    CompanyTickets,
}

impl Paged {
    const fn word(self) -> &'static str {
        match self {
            Self::Bookings => "bookings_by_id",
            Self::Tickets => "tickets_by_id",
            Self::CompanyTickets => "orders_by_id",
        }
    }
}

/// The last day of `list_day_of` in the database, since 1970: all later ids count to it.
const LAST_DAY: u32 = 30_000;

/// Rows that a page may skip one by one; more are skipped by whole days.
const NEAR: i64 = 1000;

/// The number of entries in a whole list of an owner.
pub(super) async fn of_all(conn: &mut PgConnection, list: List, owner_id: Uuid) -> AppResult<i64> {
    let total = sqlx::query_scalar!(
        r#"select coalesce(sum(n), 0)::bigint as "total!" from list_counts where list = $1 and owner_id = $2"#,
        list.word(),
        owner_id,
    )
    .fetch_one(conn)
    .await?;
    Ok(total)
}

/// The number of entries in these parts of a list of an owner.
pub(super) async fn of_parts(conn: &mut PgConnection, list: List, owner_id: Uuid, parts: &[String]) -> AppResult<i64> {
    let total = sqlx::query_scalar!(
        r#"select coalesce(sum(n), 0)::bigint as "total!"
           from list_counts where list = $1 and owner_id = $2 and part = any($3)"#,
        list.word(),
        owner_id,
        parts,
    )
    .fetch_one(conn)
    .await?;
    Ok(total)
}

/// Those of these parts of a list of an owner that have entries, and how many each.
pub(super) async fn of_each(
    conn: &mut PgConnection,
    list: List,
    owner_id: Uuid,
    parts: &[String],
) -> AppResult<HashMap<String, i64>> {
    let rows = sqlx::query!(
        r#"select part as "part!", sum(n)::bigint as "n!" from list_counts
           where list = $1 and owner_id = $2 and part = any($3) group by part having sum(n) > 0"#,
        list.word(),
        owner_id,
        parts,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.part, row.n)).collect())
}

/// The number of entries in the day's part of a list of an owner; in the whole list without a day.
pub(super) async fn of_day(
    conn: &mut PgConnection,
    list: List,
    owner_id: Uuid,
    day: Option<NaiveDate>,
) -> AppResult<i64> {
    match day {
        Some(day) => {
            of_parts(
                conn,
                list,
                owner_id,
                &[(day - NaiveDate::default()).num_days().to_string()],
            )
            .await
        }
        None => of_all(conn, list, owner_id).await,
    }
}

/// Where to begin reading a whole list of an owner, newest first, to skip `skip` entries: at which id (inclusive), and
/// how many to skip from there. So a deep page reads the entries of one day, not all newer ones.
pub(super) async fn page_start(
    conn: &mut PgConnection,
    list: Paged,
    owner_id: Uuid,
    skip: i64,
) -> AppResult<(Uuid, i64)> {
    if skip <= NEAR {
        return Ok((Uuid::max(), skip));
    }
    let day = sqlx::query!(
        r#"select part::integer as "day!", (running - n)::bigint as "newer!"
           from (select part, sum(n) as n, sum(sum(n)) over (order by part desc) as running
                 from list_counts where list = $1 and owner_id = $2 group by part) as day
           where running > $3::bigint order by part desc limit 1"#,
        list.word(),
        owner_id,
        skip,
    )
    .fetch_optional(conn)
    .await?;
    // Past the end: nothing is left.
    let Some(day) = day else { return Ok((Uuid::nil(), 0)) };
    Ok((last_of(day.day.unsigned_abs()), skip - day.newer))
}

/// The largest id that counts to this day since 1970.
fn last_of(day: u32) -> Uuid {
    const MILLIS_OF_DAY: u128 = 86_400_000;
    if day >= LAST_DAY {
        return Uuid::max();
    }
    Uuid::from_u128((((u128::from(day) + 1) * MILLIS_OF_DAY) << 80) - 1)
}

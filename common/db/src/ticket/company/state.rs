//! Tickets of a company in some states, of any route and day.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::id::CompanyId;
use domain::payment_window::PAYMENT_WINDOW;
use domain::ticket::Stored;
use sqlx::PgConnection;
use uuid::Uuid;

use super::Filter;
use super::search::Wanted;
use crate::error::AppResult;
use crate::list_count::{self, List};

/// How many tickets a company has in each stored state, whenever they were created.
pub(super) struct Sizes(HashMap<String, i64>);

impl Sizes {
    /// Reads the maintained counts of these states.
    pub(super) async fn read(conn: &mut PgConnection, company_id: CompanyId, stored: &[Stored]) -> AppResult<Self> {
        let parts: Vec<String> = stored.iter().map(part).collect();
        let sizes = list_count::of_each(conn, List::CompanyTicketsByState, company_id.0, &parts).await?;
        Ok(Self(sizes))
    }

    /// Those of these states that the company has tickets in.
    pub(super) fn occurring(&self, stored: &[Stored]) -> Vec<Stored> {
        let occurs = |stored: &Stored| self.0.contains_key(&part(stored));
        stored.iter().copied().filter(occurs).collect()
    }

    /// How many tickets are in one of these states.
    pub(super) fn total(&self, stored: &[Stored]) -> i64 {
        stored.iter().filter_map(|stored| self.0.get(&part(stored))).sum()
    }
}

/// The part of [`List::CompanyTicketsByState`] in which a state is counted.
fn part(stored: &Stored) -> String {
    format!("{}/{}", stored.state.status, stored.state.payment_status)
}

/// A page, newest first, and how many there are.
///
/// `tickets_company_state_idx` has the newest of each stored state side by side: the page is merged from the first few
/// of each state that occurs, and nothing else is read. The total is maintained, except for tickets whose status depends
/// on the present time: few, since a sweep closes them, so they are counted in the index.
pub(super) async fn page(
    conn: &mut PgConnection,
    company_id: CompanyId,
    filter: &Filter,
    now: DateTime<Utc>,
) -> AppResult<(Vec<Uuid>, i64)> {
    let sizes = Sizes::read(conn, company_id, &filter.stored).await?;
    let stored = sizes.occurring(&filter.stored);
    let wanted = Wanted::of(&stored);
    let overdue_since = now - PAYMENT_WINDOW;
    let ids = sqlx::query_scalar!(
        r#"select hit.id as "id!"
           from unnest($2::text[], $3::text[], $4::boolean[]) as wanted (status, payment_status, overdue)
           cross join lateral (
               select t.id from tickets t
               where t.company_id = $1 and t.status = wanted.status and t.payment_status = wanted.payment_status
                 and (wanted.overdue is null or (t.created_at <= $5) = wanted.overdue)
               order by t.id desc limit $6::bigint + $7::bigint
           ) hit
           order by hit.id desc limit $6 offset $7"#,
        company_id as CompanyId,
        &wanted.statuses,
        &wanted.payment_statuses,
        &wanted.overdue as &[Option<bool>],
        overdue_since,
        filter.take,
        filter.skip,
    )
    .fetch_all(&mut *conn)
    .await?;
    let (kept, counted): (Vec<Stored>, Vec<Stored>) =
        stored.iter().copied().partition(|stored| stored.overdue.is_none());
    let mut total = sizes.total(&kept);
    if !counted.is_empty() {
        total += count(conn, company_id, &counted, overdue_since).await?;
    }
    Ok((ids, total))
}

async fn count(
    conn: &mut PgConnection,
    company_id: CompanyId,
    stored: &[Stored],
    overdue_since: DateTime<Utc>,
) -> AppResult<i64> {
    let wanted = Wanted::of(stored);
    // Each state by itself, so that no plan reads the tickets in other states.
    let total = sqlx::query_scalar!(
        r#"select coalesce(sum(n), 0)::bigint as "total!"
           from unnest($2::text[], $3::text[], $4::boolean[]) as wanted (status, payment_status, overdue)
           cross join lateral (
               select count(*) as n from tickets t
               where t.company_id = $1 and t.status = wanted.status and t.payment_status = wanted.payment_status
                 and (wanted.overdue is null or (t.created_at <= $5) = wanted.overdue)
           ) c"#,
        company_id as CompanyId,
        &wanted.statuses,
        &wanted.payment_statuses,
        &wanted.overdue as &[Option<bool>],
        overdue_since,
    )
    .fetch_one(conn)
    .await?;
    Ok(total)
}

//! Activity of partners, by day.

use chrono::NaiveDate;
use domain::id::PartnerId;
use domain::rate_limit::Class;
use domain::usage::{Counts, Period};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;

/// The partner and the day (UTC) of counts.
pub type Key = (PartnerId, NaiveDate);

/// Adds to the stored counts. Writers lock the rows in one order, so that replicas do not deadlock.
///
/// # Errors
/// Database errors only.
pub async fn add(conn: &mut PgConnection, counts: &[(Key, Counts)]) -> AppResult<()> {
    let column = |count: fn(&Counts) -> u64| -> Vec<i64> {
        let counts = counts.iter().map(|(_, counts)| count(counts));
        counts.map(|count| i64::try_from(count).unwrap_or(i64::MAX)).collect()
    };
    let partners: Vec<Uuid> = counts.iter().map(|((partner_id, _), _)| partner_id.0).collect();
    let days: Vec<NaiveDate> = counts.iter().map(|((_, day), _)| *day).collect();
    // A deleted partner is left out, so that the others are still counted.
    sqlx::query!(
        "insert into partner_usage as known (partner_id, day, catalogue, search, read, write, limited, looks, offers,
             bookings, tickets_booked, tickets_paid, tickets_canceled)
         select new.* from unnest($1::uuid[], $2::date[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
             $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[])
             as new (partner_id, day, catalogue, search, read, write, limited, looks, offers, bookings, tickets_booked,
             tickets_paid, tickets_canceled)
         join partners p on p.id = new.partner_id
         order by new.partner_id, new.day
         on conflict (partner_id, day) do update set
             catalogue = known.catalogue + excluded.catalogue, search = known.search + excluded.search,
             read = known.read + excluded.read, write = known.write + excluded.write,
             limited = known.limited + excluded.limited, looks = known.looks + excluded.looks,
             offers = known.offers + excluded.offers, bookings = known.bookings + excluded.bookings,
             tickets_booked = known.tickets_booked + excluded.tickets_booked,
             tickets_paid = known.tickets_paid + excluded.tickets_paid,
             tickets_canceled = known.tickets_canceled + excluded.tickets_canceled",
        &partners,
        &days,
        &column(|c| c.requests[Class::Catalogue as usize]),
        &column(|c| c.requests[Class::Search as usize]),
        &column(|c| c.requests[Class::Read as usize]),
        &column(|c| c.requests[Class::Write as usize]),
        &column(|c| c.limited),
        &column(|c| c.looks),
        &column(|c| c.offers),
        &column(|c| c.bookings),
        &column(|c| c.tickets_booked),
        &column(|c| c.tickets_paid),
        &column(|c| c.tickets_canceled),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Activity of a partner in a period, by day; days without activity are left out.
///
/// # Errors
/// Database errors only.
pub async fn of_partner(
    conn: &mut PgConnection,
    partner_id: PartnerId,
    period: Period,
) -> AppResult<Vec<(NaiveDate, Counts)>> {
    let rows = sqlx::query!(
        "select day, catalogue, search, read, write, limited, looks, offers, bookings, tickets_booked, tickets_paid,
             tickets_canceled
         from partner_usage where partner_id = $1 and day between $2 and $3 order by day",
        partner_id as PartnerId,
        period.from,
        period.to,
    )
    .fetch_all(conn)
    .await?;
    let counts = rows.into_iter().map(|row| {
        let mut requests = [0; Class::ALL.len()];
        requests[Class::Catalogue as usize] = row.catalogue.unsigned_abs();
        requests[Class::Search as usize] = row.search.unsigned_abs();
        requests[Class::Read as usize] = row.read.unsigned_abs();
        requests[Class::Write as usize] = row.write.unsigned_abs();
        let counts = Counts {
            requests,
            limited: row.limited.unsigned_abs(),
            looks: row.looks.unsigned_abs(),
            offers: row.offers.unsigned_abs(),
            bookings: row.bookings.unsigned_abs(),
            tickets_booked: row.tickets_booked.unsigned_abs(),
            tickets_paid: row.tickets_paid.unsigned_abs(),
            tickets_canceled: row.tickets_canceled.unsigned_abs(),
        };
        (row.day, counts)
    });
    Ok(counts.collect())
}

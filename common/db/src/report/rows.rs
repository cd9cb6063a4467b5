//! The tickets of a report, copied over a connection of its own from one snapshot, as PostgreSQL sends them. A row is
//! decoded by [`super::line`], where it is written: to decode millions of rows takes longer than to receive them, so
//! this is not done by the task that receives.

use std::future::ready;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::id::CompanyId;
use domain::report::DateField;
use futures::TryStreamExt;
use futures::stream::BoxStream;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, Execute, PgConnection, Postgres, Transaction};

use crate::error::AppResult;

/// Which tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowFilter {
    /// Its company.
    pub company_id: CompanyId,
    /// Which of their dates counts.
    pub date_field: DateField,
    /// From this instant on.
    pub from: DateTime<Utc>,
    /// Before this one.
    pub until: DateTime<Utc>,
}

/// A connection of one reader. It never comes from a pool: its next user would first have to read all rows that are
/// still in flight. When it is dropped half-way it is closed, and the server stops within seconds.
///
/// # Errors
/// When the server cannot be reached.
pub async fn connect(options: &PgConnectOptions) -> AppResult<PgConnection> {
    let mut conn = options.connect().await?;
    // So that the server notices a closed connection also while it sorts and sends nothing.
    sqlx::raw_sql("set client_connection_check_interval = '5s'")
        .execute(&mut conn)
        .await?;
    Ok(conn)
}

/// Begins to read: count and rows are from one state of the database.
///
/// # Errors
/// Database errors only.
pub async fn begin(conn: &mut PgConnection) -> AppResult<Transaction<'_, Postgres>> {
    Ok(conn
        .begin_with("begin isolation level repeatable read read only")
        .await?)
}

/// How many tickets there are.
///
/// # Errors
/// Database errors only.
pub async fn count(conn: &mut PgConnection, wanted: &RowFilter) -> AppResult<i64> {
    let RowFilter {
        company_id,
        from,
        until,
        ..
    } = *wanted;
    Ok(match wanted.date_field {
        DateField::CreatedAt => {
            sqlx::query_scalar!(
                r#"select count(*) as "n!" from tickets
                   where company_id = $1 and created_at >= $2 and created_at < $3"#,
                company_id as CompanyId,
                from,
                until,
            )
            .fetch_one(conn)
            .await?
        }
        DateField::DepartureDate => {
            sqlx::query_scalar!(
                r#"select count(*) as "n!" from tickets
                   where company_id = $1 and boarding_at >= $2 and boarding_at < $3"#,
                company_id as CompanyId,
                from,
                until,
            )
            .fetch_one(conn)
            .await?
        }
    })
}

/// The query of the tickets whose `$field` is in the range, in its order. Names of cities and stops are Ukrainian, else
/// English, else as stored. Nothing that a ticket may lack (a phone, a call that an import removed, a city) leaves the
/// ticket out. The columns are those that [`super::line`] decodes.
macro_rules! tickets {
    ($field:tt, $wanted:expr) => {
        sqlx::query!(
            r#"with places as not materialized (
                   select s.id, city.time_zone,
                       coalesce(city_uk.name, city_en.name, city.name, '') as city,
                       coalesce(stop_uk.name, stop_en.name, s.name) as stop
                   from stops s
                   left join stop_names stop_uk on stop_uk.stop_id = s.id and stop_uk.language = 'UK'
                   left join stop_names stop_en on stop_en.stop_id = s.id and stop_en.language = 'EN'
                   left join cities city on city.id = s.city_id
                   left join city_names city_uk on city_uk.city_id = city.id and city_uk.language = 'UK'
                   left join city_names city_en on city_en.city_id = city.id and city_en.language = 'EN'
               )
               select t.id, t.booking_id, t.created_at, t.status, t.payment_status, route.name as route, t.boarding_at,
                   coalesce(boarding_place.time_zone, trip.time_zone) as boarding_zone,
                   coalesce(boarding_place.city, '') as from_city, coalesce(boarding_place.stop, '') as from_stop,
                   coalesce(alighting_place.city, '') as to_city, coalesce(alighting_place.stop, '') as to_stop,
                   t.seat, passenger.first_name, passenger.last_name, phone.phone,
                   t.price, t.currency, t.full_price - t.price as discount, t.refund_amount,
                   partner.name as partner, carrier.name as carrier,
                   coalesce(bus.registration_number, bus.key) as bus
               from tickets t
               join passengers passenger on passenger.id = t.passenger_id
               left join passenger_phones phone on phone.passenger_id = t.passenger_id and phone.position = 0
               join partners partner on partner.id = t.partner_id
               join departures departure on departure.trip_id = t.trip_id and departure.service_day = t.service_day
               join buses bus on bus.id = departure.bus_id
               join trips trip on trip.id = t.trip_id
               join routes route on route.id = trip.route_id
               join carriers carrier on carrier.id = route.carrier_id
               left join departure_calls boarding on boarding.trip_id = t.trip_id
                   and boarding.service_day = t.service_day and boarding.position = t.boarding_position
               left join departure_calls alighting on alighting.trip_id = t.trip_id
                   and alighting.service_day = t.service_day and alighting.position = t.alighting_position
               left join places boarding_place on boarding_place.id = boarding.stop_id
               left join places alighting_place on alighting_place.id = alighting.stop_id
               where t.company_id = $1 and "# + $field + " >= $2 and " + $field + " < $3 order by " + $field + ", t.id",
            $wanted.company_id as CompanyId,
            $wanted.from,
            $wanted.until,
        )
        .sql()
    };
}

/// What PostgreSQL sends before the first row: a signature, flags (none), and the length of an extension (none).
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// What it sends after the last row, in place of a number of columns.
const TRAILER: &[u8] = &(-1_i16).to_be_bytes();

/// The tickets, by the date that counts: a row for [`super::line::decode`] each.
///
/// # Errors
/// Database errors only.
pub async fn copy<'c>(
    conn: &'c mut PgConnection,
    wanted: &RowFilter,
) -> AppResult<BoxStream<'c, Result<Bytes, sqlx::Error>>> {
    let query = match wanted.date_field {
        DateField::CreatedAt => tickets!("t.created_at", wanted),
        DateField::DepartureDate => tickets!("t.boarding_at", wanted),
    };
    // COPY takes no parameters. The literals of an id and of instants contain nothing that could end them.
    let query = query
        .as_str()
        .replace("$1", &format!("'{}'", wanted.company_id.0))
        .replace("$2", &format!("'{}'", wanted.from.to_rfc3339()))
        .replace("$3", &format!("'{}'", wanted.until.to_rfc3339()));
    let messages = conn
        .copy_out_raw(&format!("copy ({query}) to stdout (format binary)"))
        .await?;
    let mut is_first = true;
    // A message is a row; the header precedes the first one, perhaps in the same message.
    let rows = messages.try_filter_map(move |mut row| {
        if std::mem::take(&mut is_first) && row.starts_with(HEADER) {
            row = row.slice(HEADER.len()..);
        }
        ready(Ok((!row.is_empty() && row != TRAILER).then_some(row)))
    });
    Ok(Box::pin(rows))
}

//! The tickets of a report, streamed over a connection of its own in one snapshot.

use chrono::{DateTime, Utc};
use domain::id::{BookingId, CompanyId, TicketId};
use domain::money::Currency;
use domain::report::DateField;
use domain::report::sheet::Line;
use domain::ticket::{PaymentStatus, State, TicketStatus};
use futures::TryStreamExt;
use futures::stream::BoxStream;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection, Postgres, Transaction};

use super::sum::Sum;
use crate::error::AppResult;

/// Which tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
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
pub async fn count(conn: &mut PgConnection, wanted: &Wanted) -> AppResult<i64> {
    let Wanted {
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

/// A row as the database has it.
struct Row {
    id: TicketId,
    booking_id: BookingId,
    created_at: DateTime<Utc>,
    status: TicketStatus,
    payment_status: PaymentStatus,
    route: String,
    boarding_at: DateTime<Utc>,
    boarding_zone: String,
    from_city: String,
    from_stop: String,
    to_city: String,
    to_stop: String,
    seat: i16,
    first_name: String,
    last_name: String,
    phone: Option<String>,
    price: Sum,
    currency: Currency,
    discount: Sum,
    refund: Option<Sum>,
    partner: String,
    carrier: String,
    bus: String,
}

impl From<Row> for Line {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            booking_id: row.booking_id,
            created_at: row.created_at,
            state: State {
                status: row.status,
                payment_status: row.payment_status,
            },
            route: row.route,
            boarding_at: row.boarding_at,
            boarding_zone: row.boarding_zone,
            from_city: row.from_city,
            from_stop: row.from_stop,
            to_city: row.to_city,
            to_stop: row.to_stop,
            seat: row.seat,
            first_name: row.first_name,
            last_name: row.last_name,
            phone: row.phone,
            price: row.price.0,
            currency: row.currency,
            discount: row.discount.0,
            refund: row.refund.map(|Sum(amount)| amount),
            partner: row.partner,
            carrier: row.carrier,
            bus: row.bus,
        }
    }
}

/// The query of the tickets whose `$field` is in the range, in its order. Names of cities and stops are Ukrainian, else
/// English, else as stored. Nothing that a ticket may lack (a phone, a call that an import removed, a city) leaves the
/// ticket out.
macro_rules! tickets {
    ($field:tt, $wanted:expr) => {
        sqlx::query_as!(
            Row,
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
               select t.id as "id: TicketId", t.booking_id as "booking_id: BookingId", t.created_at,
                   t.status as "status: TicketStatus", t.payment_status as "payment_status: PaymentStatus",
                   route.name as route, t.boarding_at,
                   coalesce(boarding_place.time_zone, trip.time_zone) as "boarding_zone!",
                   coalesce(boarding_place.city, '') as "from_city!", coalesce(boarding_place.stop, '') as "from_stop!",
                   coalesce(alighting_place.city, '') as "to_city!", coalesce(alighting_place.stop, '') as "to_stop!",
                   t.seat, passenger.first_name, passenger.last_name, phone.phone as "phone?",
                   t.price as "price: Sum", t.currency as "currency: Currency",
                   t.full_price - t.price as "discount!: Sum", t.refund_amount as "refund: Sum",
                   partner.name as partner, carrier.name as carrier,
                   coalesce(bus.registration_number, bus.key) as "bus!"
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
    };
}

/// The tickets, by the date that counts.
pub fn stream<'c>(conn: &'c mut PgConnection, wanted: &Wanted) -> BoxStream<'c, Result<Line, sqlx::Error>> {
    let rows = match wanted.date_field {
        DateField::CreatedAt => tickets!("t.created_at", wanted).fetch(conn),
        DateField::DepartureDate => tickets!("t.boarding_at", wanted).fetch(conn),
    };
    Box::pin(rows.map_ok(Line::from))
}

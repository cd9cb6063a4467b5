//! Departures that were sold before the timetable changed.

use app::timetable::{ImportOptions, Outcome, import, preview};
use chrono::{DateTime, NaiveDate, Utc};
use db::publication;
use domain::id::{BookingId, CompanyId, TicketId, TripId};
use domain::ticket::TicketStatus;
use sqlx::{PgConnection, PgPool, Row};
use testing::feed::TestFeed;
use testing::world::{Sale, SoldTicket, World};

use super::{ids, publish, version, world};

fn day() -> NaiveDate {
    "2026-12-01".parse().unwrap()
}

async fn trip(pool: &PgPool, key: &str) -> TripId {
    TripId(ids(pool, "trips", "feed_trip_id").await[key].0)
}

async fn sold(pool: &PgPool, from: i16, to: i16, seat: i16, status: TicketStatus) -> TicketId {
    let trip_id = trip(pool, "day").await;
    let mut conn = pool.acquire().await.unwrap();
    sell(&mut conn, trip_id, (from, to), seat, status).await
}

/// A ticket on a trip of the feed, and its departure if it is the first.
async fn sell(
    conn: &mut PgConnection,
    trip_id: TripId,
    segment: (i16, i16),
    seat: i16,
    status: TicketStatus,
) -> TicketId {
    let company_id =
        sqlx::query_scalar("select r.company_id from trips t join routes r on r.id = t.route_id where t.id = $1");
    let company_id = CompanyId(company_id.bind(trip_id).fetch_one(&mut *conn).await.unwrap());
    let mut world = World::new(conn, "2026-11-01T00:00:00Z".parse().unwrap()).await;
    world.departure(trip_id, day()).await;
    let id = TicketId::new();
    let ticket = SoldTicket {
        id,
        booking_id: BookingId::new(),
        partner_id: world.partner(&id.to_string()).await,
        company_id,
        trip_id,
        service_day: day(),
    };
    let sale = Sale {
        segment,
        seat,
        status,
        ..Sale::default()
    };
    world.ticket(&ticket, &sale).await;
    id
}

/// Positions, boarding instant of ticket and booking, seat and held segment of a ticket.
async fn ticket(pool: &PgPool, id: TicketId) -> (i16, i16, DateTime<Utc>, DateTime<Utc>, i16, Option<String>) {
    let row = sqlx::query(
        "select t.boarding_position, t.alighting_position, t.boarding_at, b.departure_at, t.seat, h.stretch::text
         from tickets t join bookings b on b.id = t.booking_id left join seat_holds h on h.ticket_id = t.id
         where t.id = $1",
    );
    let row = row.bind(id).fetch_one(pool).await.unwrap();
    (row.get(0), row.get(1), row.get(2), row.get(3), row.get(4), row.get(5))
}

async fn is_closed(pool: &PgPool) -> bool {
    sqlx::query_scalar("select closed_at is not null from departures")
        .fetch_one(pool)
        .await
        .unwrap()
}

#[tokio::test]
async fn sold_tickets_follow_new_stops_and_times() {
    let pool = world().await;
    publish(&pool, &TestFeed::tiny()).await;
    let first = sold(&pool, 0, 1, 7, TicketStatus::Confirmed).await;
    let second = sold(&pool, 1, 3, 7, TicketStatus::Processing).await;
    let over = sold(&pool, 0, 2, 9, TicketStatus::Canceled).await;
    let before = ticket(&pool, second).await;
    assert_eq!(
        (before.2, before.5.as_deref()),
        ("2026-12-01T08:10:00Z".parse().unwrap(), Some("[1,3)"))
    );

    // A stop before Zhytomyr is new, Rivne (which only the canceled ticket used) is gone, all is an hour later.
    let changed = TestFeed::tiny()
        .replace("stops.txt", "rivne,Rivne,,50.62036,26.23695,rivne", "makariv,Makariv,,50.46,29.81,makariv")
        .replace(
            "stop_times.txt",
            "day,08:00:00,08:00:00,kyiv,1,0,1\nday,10:00:00,10:10:00,zhytomyr,2,0,0\nday,13:00:00,13:10:00,rivne,3,0,0\nday,16:00:00,16:00:00,lviv,4,1,0\n",
            "day,09:00:00,09:00:00,kyiv,1,0,1\nday,10:00,10:00,makariv,2,0,0\nday,11:00:00,11:10:00,zhytomyr,3,0,0\nday,17:00:00,17:00:00,lviv,4,1,0\n",
        );
    let report = publish(&pool, &changed).await;
    assert_eq!((report.sold.moved, report.sold.closed.len()), (1, 0), "{report}");
    let nine: DateTime<Utc> = "2026-12-01T07:00:00Z".parse().unwrap();
    let eleven: DateTime<Utc> = "2026-12-01T09:10:00Z".parse().unwrap();
    assert_eq!(
        ticket(&pool, first).await,
        (0, 2, nine, nine, 7, Some("[0,2)".to_owned()))
    );
    assert_eq!(
        ticket(&pool, second).await,
        (2, 3, eleven, eleven, 7, Some("[2,3)".to_owned()))
    );
    let canceled = ticket(&pool, over).await;
    assert!(canceled.0 < canceled.1 && canceled.5.is_none(), "{canceled:?}");
    assert!(!is_closed(&pool).await);
    let calls: Vec<DateTime<Utc>> = sqlx::query_scalar("select departure_at from departure_calls order by position")
        .fetch_all(&pool)
        .await
        .unwrap();
    assert_eq!((calls.len(), calls[0], calls[2]), (4, nine, eleven));
}

#[tokio::test]
async fn a_preview_says_what_an_import_would_do_and_does_nothing() {
    let pool = world().await;
    publish(&pool, &TestFeed::tiny()).await;
    let id = sold(&pool, 1, 2, 3, TicketStatus::Confirmed).await;
    let before = (ticket(&pool, id).await, version(&pool).await);
    let changed = TestFeed::tiny().replace("stop_times.txt", "day,13:00:00,13:10:00,rivne,3,0,0\n", "");
    let now = super::now();
    let seen = preview(&pool, now, &changed.source(), &ImportOptions::default())
        .await
        .unwrap();
    assert_eq!((seen.outcome, seen.sold.closed.len()), (Outcome::Updated, 1), "{seen}");
    assert_eq!((ticket(&pool, id).await, version(&pool).await), before);
    assert!(!is_closed(&pool).await);
    assert_eq!(publish(&pool, &changed).await, seen, "the import then does it");
    assert!(is_closed(&pool).await);
}

#[tokio::test]
async fn what_a_company_closed_goes_along_with_the_run_and_imports_do_not_reopen_it() {
    let pool = world().await;
    publish(&pool, &TestFeed::tiny()).await;
    sold(&pool, 1, 2, 3, TicketStatus::Confirmed).await;
    sqlx::raw_sql(
        "update departures set company_closed_at = now(), company_closed_by = 'usr_1';
         insert into departure_history (id, trip_id, service_day, at, action, actor)
             select gen_random_uuid(), trip_id, service_day, now(), 'closed', 'usr_1' from departures",
    )
    .execute(&pool)
    .await
    .unwrap();
    let closed = async || -> Vec<(String, i64)> {
        sqlx::query_as(
            "select t.feed_trip_id, (select count(*) from departure_history h
                                     where (h.trip_id, h.service_day) = (d.trip_id, d.service_day))
             from departures d join trips t on t.id = d.trip_id where d.company_closed_by = 'usr_1'",
        )
        .fetch_all(&pool)
        .await
        .unwrap()
    };
    // An import closes it as well, and opens what it closed.
    let without = TestFeed::tiny().replace("stop_times.txt", "day,13:00:00,13:10:00,rivne,3,0,0\n", "");
    publish(&pool, &without).await;
    assert!(is_closed(&pool).await);
    publish(&pool, &TestFeed::tiny()).await;
    assert!(!is_closed(&pool).await);
    assert_eq!(closed().await, [("day".to_owned(), 1)]);
    // On that day another trip runs as it did.
    let rows = "day,08:00:00,08:00:00,kyiv,1,0,1\nday,10:00:00,10:10:00,zhytomyr,2,0,0\nday,13:00:00,13:10:00,rivne,3,0,0\nday,16:00:00,16:00:00,lviv,4,1,0\n";
    let dates = "service_id,date,exception_type\ndaily,20261201,2\nextra,20261201,1\n";
    let split = TestFeed::tiny()
        .file("calendar_dates.txt", dates)
        .replace(
            "trips.txt",
            "K1,daily,day,bus-1\n",
            "K1,daily,day,bus-1\nK1,extra,other,bus-1\n",
        )
        .replace(
            "stop_times.txt",
            rows,
            &format!("{rows}{}", rows.replace("day,", "other,")),
        );
    publish(&pool, &split).await;
    assert_eq!(closed().await, [("other".to_owned(), 1)]);
}

#[tokio::test]
async fn a_departure_whose_tickets_cannot_follow_is_closed_as_sold_and_opened_again() {
    let pool = world().await;
    publish(&pool, &TestFeed::tiny()).await;
    let id = sold(&pool, 1, 2, 3, TicketStatus::Confirmed).await;
    let before = ticket(&pool, id).await;
    for (case, changed) in [
        (
            "stop",
            TestFeed::tiny().replace("stop_times.txt", "day,13:00:00,13:10:00,rivne,3,0,0\n", ""),
        ),
        (
            "day",
            TestFeed::tiny().file(
                "calendar_dates.txt",
                "service_id,date,exception_type\ndaily,20261201,2\n",
            ),
        ),
        (
            "trip",
            TestFeed::tiny().replace("trips.txt", "K1,daily,day,bus-1\n", ""),
        ),
    ] {
        let report = publish(&pool, &changed).await;
        assert_eq!(report.sold.closed.len(), 1, "{case}: {report}");
        assert!(is_closed(&pool).await, "{case}");
        assert_eq!(ticket(&pool, id).await, before, "{case}");
        let report = publish(&pool, &TestFeed::tiny()).await;
        assert_eq!((report.sold.reopened, is_closed(&pool).await), (1, false), "{case}");
        assert_eq!(ticket(&pool, id).await, before, "{case}");
    }
}

#[tokio::test]
async fn a_smaller_bus_keeps_sold_seats_and_says_so() {
    let pool = world().await;
    publish(&pool, &TestFeed::tiny()).await;
    let id = sold(&pool, 0, 3, 51, TicketStatus::Confirmed).await;
    let report = publish(&pool, &TestFeed::tiny().replace("vehicles.csv", "51", "49")).await;
    assert_eq!(
        report.sold.overbooked,
        ["trip \"day\" on 2026-12-01: seat 51 is sold, the bus has 49"]
    );
    assert_eq!(ticket(&pool, id).await.4, 51);
    let seats: i16 = sqlx::query_scalar("select b.seats from departures d join buses b on b.id = d.bus_id")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(seats, 49);
}

#[tokio::test]
async fn a_departure_that_has_arrived_is_left_as_it_was() {
    let pool = world().await;
    publish(&pool, &TestFeed::tiny()).await;
    let id = sold(&pool, 1, 2, 3, TicketStatus::Confirmed).await;
    let before = ticket(&pool, id).await;
    let late = "2026-12-02T12:00:00Z".parse().unwrap();
    let changed = TestFeed::tiny().replace("trips.txt", "K1,daily,day,bus-1\n", "");
    let report = import(&pool, late, &changed.source(), &ImportOptions::default())
        .await
        .unwrap();
    assert!(report.sold.closed.is_empty(), "{report}");
    assert_eq!((ticket(&pool, id).await, is_closed(&pool).await), (before, false));
}

#[tokio::test]
async fn a_first_sale_and_an_import_agree_on_the_version() {
    let pool = world().await;
    publish(&pool, &TestFeed::tiny()).await;
    let before = version(&pool).await;
    let trip_id = trip(&pool, "day").await;
    let mut sale = pool.begin().await.unwrap();
    assert_eq!(publication::hold(&mut sale).await.unwrap(), before);
    let later = TestFeed::tiny().replace("stop_times.txt", "day,08:00:00,08:00:00", "day,07:30:00,07:30:00");
    let importing = tokio::spawn({
        let pool = pool.clone();
        async move { publish(&pool, &later).await }
    });
    // The import gets as far as the lock that the sale shares, and waits there.
    let waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted
                   and database = (select oid from pg_database where datname = current_database())";
    while sqlx::query_scalar::<_, i64>(waiting).fetch_one(&pool).await.unwrap() == 0 {
        assert!(!importing.is_finished(), "an import must not overtake a first sale");
        tokio::task::yield_now().await;
    }
    let id = sell(&mut sale, trip_id, (0, 3), 1, TicketStatus::Confirmed).await;
    sale.commit().await.unwrap();
    let report = importing.await.unwrap();
    assert_eq!(report.sold.moved, 1, "{report}");
    assert_eq!(
        ticket(&pool, id).await.2,
        "2026-12-01T05:30:00Z".parse::<DateTime<Utc>>().unwrap()
    );
    let mut next = pool.begin().await.unwrap();
    assert_eq!(publication::hold(&mut next).await.unwrap(), before + 1);
}

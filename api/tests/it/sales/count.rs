//! Sizes of lists are maintained, not counted: they equal a count, even under concurrent writes.

use app::ticket::company::{self, Search};
use db::booking::{self, Filter};
use db::ticket::page;
use domain::id::{BookingId, TicketId};
use sqlx::{Acquire, PgPool};
use uuid::Uuid;

use crate::sales::support::{Dice, Shop};

/// Differences between the maintained and the real counts, in one snapshot.
const WRONG: &str = "
    with counted (list, owner_id, part, n) as (
        select 'bookings_by_departure', partner_id, list_day(departure_at), count(*)
        from bookings b where exists (select from tickets t where t.booking_id = b.id) group by 2, 3
        union all
        select 'bookings_by_id', partner_id, list_day_of(id), count(*)
        from bookings b where exists (select from tickets t where t.booking_id = b.id) group by 2, 3
        union all
        select 'tickets_by_creation', partner_id, list_day(created_at), count(*) from tickets group by 2, 3
        union all
        select 'tickets_by_id', partner_id, list_day_of(id), count(*) from tickets group by 2, 3
        union all
        select 'orders_by_id', company_id, list_day_of(id), count(*) from tickets group by 2, 3
        union all
        select 'orders_by_state', company_id, status || '/' || payment_status, count(*) from tickets group by 2, 3
        union all
        select 'orders_by_trip', company_id, trip_id::text, count(*) from tickets group by 2, 3
    ), kept as (select list, owner_id, part, sum(n) as n from list_counts group by 1, 2, 3)
    select coalesce(string_agg(format('%s %s %s: kept %s, are %s', list, owner_id, part, k.n, c.n), '; '), '')
    from counted c full join kept k using (list, owner_id, part) where coalesce(c.n, 0) <> coalesce(k.n, 0)";

async fn wrong(pool: &PgPool) -> String {
    sqlx::query_scalar(WRONG).fetch_one(pool).await.unwrap()
}

/// Adds bookings of one paid ticket like the existing one, created minutes apart, departing within forty days.
pub async fn multiply(pool: &PgPool, number: i32) {
    sqlx::query(
        "with new as materialized (
             select (lpad(to_hex((extract(epoch from created_at - n * interval '3 minutes') * 1000)::bigint), 12, '0')
                     || '7' || substr(md5(n::text), 14))::uuid as id, n
             from (select created_at from bookings order by id limit 1) as o, generate_series(1, $1::integer) as n
         ), booked as (
             insert into bookings (id, partner_id, language, currency, departure_at, created_at, updated_at)
             select new.id, o.partner_id, o.language, o.currency, o.departure_at + n % 40 * interval '1 day',
                    o.created_at - n * interval '3 minutes', o.updated_at
             from new, (select * from bookings order by id limit 1) as o
         ), people as (
             insert into passengers (id, first_name, last_name) select id, 'Olena', 'Koval' from new
         ), phones as (
             insert into passenger_phones (id, passenger_id, position, phone) select id, id, 0, '+380671234567' from new
         )
         insert into tickets (id, booking_id, partner_id, company_id, passenger_id, trip_id, service_day, boarding_position,
                alighting_position, boarding_at, seat, status, payment_status, price_id, price, full_price, currency,
                created_at, updated_at)
         select new.id, new.id, o.partner_id, o.company_id, new.id, o.trip_id, o.service_day, o.boarding_position,
                o.alighting_position, o.boarding_at + n % 40 * interval '1 day', 1, 'Confirmed', 'Paid', o.price_id,
                o.price, o.full_price, o.currency, o.created_at - n * interval '3 minutes', o.updated_at
         from new, (select * from tickets order by id limit 1) as o",
    )
    .bind(number)
    .execute(pool)
    .await
    .unwrap();
}

/// A writer: it sells, changes, moves and deletes its own tickets at random. Some transactions are rolled back, some
/// use one snapshot.
async fn write(pool: PgPool, seed: usize) {
    let mut dice = Dice::new(seed);
    let mut conn = pool.acquire().await.unwrap();
    for _ in 0..25 {
        let mut tx = conn.begin().await.unwrap();
        let in_one_snapshot = dice.roll(5) == 0;
        if in_one_snapshot {
            let isolation = "set transaction isolation level repeatable read";
            sqlx::raw_sql(isolation).execute(&mut *tx).await.unwrap();
        }
        let mut refused = false;
        for _ in 0..=dice.roll(3) {
            let id =
                Uuid::from_u128(u128::try_from(dice.roll(usize::MAX)).unwrap() << 64 | u128::try_from(seed).unwrap());
            let own =
                format!("(select id from tickets where note = '{seed}' order by md5(id::text || '{id}') limit 1)");
            let statement = match dice.roll(if in_one_snapshot { 3 } else { 7 }) {
                0 | 1 => format!(
                    "insert into bookings (id, partner_id, language, currency, departure_at, created_at, updated_at)
                     select '{id}', partner_id, language, currency, departure_at + interval '{} hours', created_at, updated_at
                     from bookings where id::text > '01' and partner_id = (select partner_id from tickets where note is null limit 1)
                     limit 1;
                     insert into tickets (id, booking_id, partner_id, company_id, passenger_id, trip_id, service_day,
                         boarding_position, alighting_position, boarding_at, seat, status, payment_status, price_id, price,
                         full_price, currency, note, created_at, updated_at)
                     select '{id}', '{id}', partner_id, company_id, passenger_id, trip_id, service_day,
                         boarding_position, alighting_position, boarding_at, seat, 'Processing', 'Unpaid', price_id, price,
                         full_price, currency, '{seed}', created_at + interval '{} hours', updated_at
                     from tickets where note is null limit 1",
                    dice.roll(72),
                    dice.roll(72),
                ),
                2 => format!("update tickets set status = 'Canceled' where id = {own}"),
                3 | 4 => format!(
                    "update tickets set booking_id = (select id from bookings order by md5(id::text || '{id}') limit 1)
                     where id = {own}"
                ),
                5 => format!(
                    "update tickets t set trip_id = d.trip_id, service_day = d.service_day
                     from (select trip_id, service_day from departures order by md5(trip_id::text || '{id}') limit 1) as d
                     where t.id = {own}"
                ),
                _ => format!("delete from tickets where id = {own}"),
            };
            // A snapshot that is too old, or two moves into each other's bookings: the transaction is given up, as in
            // production.
            if sqlx::raw_sql(sqlx::AssertSqlSafe(statement))
                .execute(&mut *tx)
                .await
                .is_err()
            {
                refused = true;
                break;
            }
        }
        if refused || dice.roll(4) == 0 {
            tx.rollback().await.unwrap();
        } else {
            tx.commit().await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn counts_are_exact_in_every_snapshot_during_concurrent_writes() {
    let shop = Shop::open().await;
    shop.website().sell(50, "kyiv", "lviv", 3).await;
    // Another departure, for tickets that change their trip.
    shop.sql(
        "insert into departures (trip_id, service_day, bus_id)
         select other.id, d.service_day, other.bus_id
         from departures d join trips own on own.id = d.trip_id
         join trips other on other.route_id = own.route_id and other.id <> own.id limit 1",
    )
    .await;
    let writers: Vec<_> = (1..=6)
        .map(|seed| tokio::spawn(write(shop.pool().clone(), seed)))
        .collect();
    let mut looks = 0;
    while looks < 3 || writers.iter().any(|writer| !writer.is_finished()) {
        // Bookings that were inserted without a ticket yet are visible to no other transaction.
        assert_eq!(wrong(shop.pool()).await, "", "look {looks}");
        looks += 1;
    }
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(wrong(shop.pool()).await, "");
    assert!(
        shop.count("select count(*) from bookings").await > 20,
        "they wrote something"
    );
}

#[tokio::test]
async fn existing_rows_are_counted_during_concurrent_writes() {
    let shop = Shop::open().await;
    let partner = shop.website();
    partner.sell(50, "kyiv", "lviv", 2).await;
    // As if the triggers had been added after these rows.
    shop.sql("truncate list_counts").await;
    let mut before = shop.pool().begin().await.unwrap();
    sqlx::raw_sql("update tickets set status = 'Canceled' where seat = 1")
        .execute(&mut *before)
        .await
        .unwrap();
    assert!(shop.count("select list_counts_mend()").await > 0);
    before.commit().await.unwrap();
    partner.sell(50, "kyiv", "lviv", 1).await;
    assert_eq!(wrong(shop.pool()).await, "");
    assert_eq!(shop.count("select list_counts_mend()").await, 0);
    assert_eq!(partner.get("/v2/bookings").await.body["data"]["total"], 2);
}

#[tokio::test]
async fn the_slots_of_a_day_that_is_over_are_added_up() {
    let shop = Shop::open().await;
    shop.website().sell(50, "kyiv", "lviv", 1).await;
    multiply(shop.pool(), 200).await;
    // As many sessions leave them, on the three days before the last one.
    shop.sql(
        "create table past_days as
             select list, owner_id, part from (
                 select list, owner_id, part, row_number() over (order by part desc) as place
                 from (select distinct list, owner_id, part from list_counts where list = 'bookings_by_departure') as parts
             ) as days where place in (2, 3, 4);
         insert into list_counts (list, owner_id, part, slot, n) overriding system value
         select list, owner_id, part, -1000000 - s, case when s = 1 then -49 else 1 end from past_days, generate_series(1, 50) as s",
    )
    .await;
    assert_eq!(wrong(shop.pool()).await, "");
    // One in fifty of these adds up an earlier day, one in sixty of those the earliest of the three.
    for _ in 0..60 {
        shop.sql(
            "select list_counts_add(list, owner_id, part, case when s % 2 = 0 then 1 else -1 end)
             from (select list, owner_id, max(part) as part from list_counts where list = 'bookings_by_departure'
                   group by 1, 2) as last, generate_series(1, 500) as s",
        )
        .await;
    }
    assert_eq!(wrong(shop.pool()).await, "");
    let slots = "select count(*) from list_counts join past_days using (list, owner_id, part)";
    assert!(shop.count(slots).await <= 12, "at most four each");
}

#[tokio::test]
async fn a_deep_page_is_the_same_as_when_everything_before_it_was_read() {
    let shop = Shop::open().await;
    shop.website().sell(50, "kyiv", "lviv", 1).await;
    multiply(shop.pool(), 1_400).await;
    // Besides ids of three days some of the distant past and future, as which random ids appear.
    shop.sql(
        "create temp table moved as select id, gen_random_uuid() as other from bookings where id::text like '%1';
         insert into bookings (id, partner_id, language, currency, departure_at, created_at, updated_at)
             select other, partner_id, language, currency, departure_at, created_at, updated_at from moved join bookings using (id);
         update tickets t set booking_id = other from moved where t.booking_id = moved.id",
    )
    .await;
    assert_eq!(wrong(shop.pool()).await, "");
    let partner_id = shop.partner_id("website").await;
    let all: Vec<Uuid> = sqlx::query_scalar("select id from bookings where not emptied order by id desc")
        .fetch_all(shop.pool())
        .await
        .unwrap();
    assert_eq!(all.len(), 1_401);
    let mut conn = shop.pool().acquire().await.unwrap();
    for skip in [0, 999, 1_000, 1_001, 1_050, 1_100, 1_234, 1_399, 1_400, 1_401, 5_000] {
        let filter = Filter {
            departure_day: None,
            take: 50,
            skip,
        };
        let (ids, total) = booking::page(&mut conn, partner_id, filter).await.unwrap();
        let at = usize::try_from(skip).unwrap().min(all.len());
        let expected: Vec<BookingId> = all[at..].iter().take(50).map(|id| BookingId(*id)).collect();
        assert_eq!((ids, total), (expected, 1_401), "{skip}");
    }
}

#[tokio::test]
async fn a_deep_page_of_tickets_is_the_same_as_when_everything_before_it_was_read() {
    let shop = Shop::open().await;
    shop.website().sell(50, "kyiv", "lviv", 1).await;
    multiply(shop.pool(), 1_400).await;
    assert_eq!(wrong(shop.pool()).await, "");
    let (partner_id, company_id) = (shop.partner_id("website").await, shop.company_id().await);
    let all: Vec<Uuid> = sqlx::query_scalar("select id from tickets order by id desc")
        .fetch_all(shop.pool())
        .await
        .unwrap();
    assert_eq!(all.len(), 1_401);
    let mut conn = shop.pool().acquire().await.unwrap();
    for skip in [0, 999, 1_000, 1_001, 1_050, 1_100, 1_234, 1_399, 1_400, 1_401, 5_000] {
        let at = usize::try_from(skip).unwrap().min(all.len());
        let expected: Vec<TicketId> = all[at..].iter().take(50).map(|id| TicketId(*id)).collect();
        let filter = page::Filter {
            created_day: None,
            take: 50,
            skip,
        };
        let (found, total) = page::page(&mut conn, partner_id, filter).await.unwrap();
        let ids: Vec<TicketId> = found.into_iter().map(|(ticket, _)| ticket).collect();
        assert_eq!((&ids, total), (&expected, 1_401), "{skip}");
        let search = Search {
            take: 50,
            skip,
            ..Search::default()
        };
        let (found, total) = company::list(&shop.platform, company_id, search).await.unwrap();
        let ids: Vec<TicketId> = found.iter().map(|found| found.ticket.id).collect();
        assert_eq!((&ids, total), (&expected, 1_401), "{skip}");
    }
}

//! A row that cannot be read does not make its list unreadable.

use app::ticket::company::{self, Search};
use reqwest::Method;
use testing::log::Log;

use crate::harness::partner::Partner;
use crate::sales::support::Shop;

/// Statements that make every row about a ticket `$order` unreadable in some way, and statements that restore it.
const WRONGS: [(&str, &str); 5] = [
    (
        "update stops set city_id = null from departure_calls c, tickets t where t.id = $order and stops.id = c.stop_id
             and (c.trip_id, c.service_day, c.position) = (t.trip_id, t.service_day, t.boarding_position)",
        "update stops set city_id = (select id from cities where slug = 'zhytomyr') where city_id is null",
    ),
    (
        "update cities set time_zone = 'Europe/Nowhere' where slug = 'zhytomyr'",
        "update cities set time_zone = 'Europe/Kyiv' where slug = 'zhytomyr'",
    ),
    (
        "update tickets set currency = 'XXX' where id = $order",
        "update tickets set currency = 'UAH' where id = $order",
    ),
    (
        "update bookings set language = 'XX' where id = (select booking_id from tickets where id = $order)",
        "update bookings set language = 'EN' where language = 'XX'",
    ),
    (
        "update tickets set alighting_position = 99 where id = $order",
        "update tickets set alighting_position = 2 where id = $order",
    ),
];

async fn ids(partner: &Partner, path: &str) -> (Vec<String>, u64) {
    let seen = partner.get(path).await;
    seen.status(200);
    let bookings = seen.body["data"]["bookings"].as_array().unwrap();
    let ids = bookings
        .iter()
        .map(|booking| booking["id"].as_str().unwrap().to_owned());
    (ids.collect(), seen.body["data"]["total"].as_u64().unwrap())
}

async fn status(partner: &Partner, path: &str) -> u16 {
    let request = partner.request(Method::GET, path);
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn one_booking_that_cannot_be_read_is_left_out_and_named_in_the_log() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let good = partner.sell(50, "kyiv", "lviv", 2).await;
    let bad = partner.sell(50, "zhytomyr", "lviv", 2).await;
    let company = shop.company_id().await;
    let positions = "select boarding_position, alighting_position from tickets where booking_id = $1 limit 1";
    let (_, alighting): (i16, i16) = sqlx::query_as(positions)
        .bind(bad.id.parse::<domain::id::BookingId>().unwrap().0)
        .fetch_one(shop.pool())
        .await
        .unwrap();
    let order = bad.orders[0].parse::<domain::id::TicketId>().unwrap().0;
    for (wrong, right) in WRONGS {
        let run = async |sql: &str| {
            let sql = sql
                .replace("$order", &format!("'{order}'"))
                .replace("alighting_position = 2", &format!("alighting_position = {alighting}"));
            let changed = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.clone()))
                .execute(shop.pool())
                .await
                .unwrap();
            assert!(changed.rows_affected() > 0, "{sql}");
        };
        assert_eq!(
            ids(&partner, "/v2/bookings").await,
            (vec![bad.id.clone(), good.id.clone()], 2)
        );
        run(wrong).await;
        let (log, listening) = Log::listen("error");
        assert_eq!(
            ids(&partner, "/v2/bookings").await,
            (vec![good.id.clone()], 2),
            "{wrong}"
        );
        drop(listening);
        assert!(log.text().contains(&bad.id), "{wrong}: {}", log.text());
        let search = Search {
            status: None,
            payment_status: None,
            departure_day: None,
            route_id: None,
            take: 50,
            skip: 0,
            ..Search::default()
        };
        let (orders, total) = company::list(&shop.platform, company, search).await.unwrap();
        // The company's list contains an order even if another one of its booking is unreadable.
        assert!(
            orders.len() >= 2
                && orders
                    .iter()
                    .all(|found| found.ticket.id.0 != order || wrong.contains("language")),
            "{wrong}"
        );
        assert_eq!(total, 4);
        // Requested by itself it gives an internal error, not 404.
        assert_eq!(
            status(&partner, &format!("/v2/bookings/{}", bad.id)).await,
            500,
            "{wrong}"
        );
        assert_eq!(
            status(&partner, &format!("/v2/bookings/{}", good.id)).await,
            200,
            "{wrong}"
        );
        run(right).await;
    }
    assert_eq!(ids(&partner, "/v2/bookings").await.0.len(), 2);
}

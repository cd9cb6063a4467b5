//! A company's orders by route and state: pages and totals from maintained counts and indexes, compared with what is
//! found by looking at every ticket.

use chrono::{DateTime, Utc};
use db::ticket::company::{self, Filter};
use domain::id::{CompanyId, RouteId, TicketId};
use domain::ticket::{PaymentStatus, State, TicketStatus, stored};
use uuid::Uuid;

use crate::sales::count::multiply;
use crate::sales::support::Shop;

/// Tickets of several trips of one route, most of them paid and some in each other state.
async fn fill(shop: &Shop) {
    shop.website().sell(50, "kyiv", "lviv", 1).await;
    multiply(shop.pool(), 150).await;
    shop.sql(
        "insert into departures (trip_id, service_day, bus_id)
             select other.id, d.service_day, other.bus_id
             from departures d join trips own on own.id = d.trip_id
             join trips other on other.route_id = own.route_id and other.id <> own.id;
         update tickets t set trip_id = d.trip_id, service_day = d.service_day, status = s.status,
                              payment_status = s.payment_status
         from (select id, row_number() over (order by id) as place from tickets) as k
         join (select trip_id, service_day, row_number() over (order by trip_id) - 1 as place from departures) as d
              on d.place = k.place % (select count(*) from departures)
         join (values (0, 'Confirmed', 'Booked'), (1, 'Canceled', 'Unpaid'), (2, 'Refund', 'Paid'),
                      (3, 'NotConfirmed', 'Booked'), (4, 'Uncompleted', 'Unpaid'), (5, 'Processing', 'Unpaid'),
                      (6, 'Processing', 'Booked'), (7, 'Confirmed', 'Paid')) as s (place, status, payment_status)
              on s.place = least(k.place % 17, 7)
         where k.id = t.id",
    )
    .await;
}

/// A ticket as it is stored, with the route of its trip.
type Row = (Uuid, String, String, DateTime<Utc>, Uuid);

/// All tickets of the company, newest first.
async fn rows(shop: &Shop, company_id: CompanyId) -> Vec<Row> {
    sqlx::query_as(
        "select t.id, t.status, t.payment_status, t.created_at, trips.route_id
         from tickets t join trips on trips.id = t.trip_id where t.company_id = $1 order by t.id desc",
    )
    .bind(company_id.0)
    .fetch_all(shop.pool())
    .await
    .unwrap()
}

/// Compares each combination of filters.
async fn compare(shop: &Shop, company_id: CompanyId, routes: &[RouteId]) {
    let now = shop.clock.now();
    let rows = rows(shop, company_id).await;
    let mut conn = shop.pool().acquire().await.unwrap();
    let statuses: Vec<Option<TicketStatus>> = TicketStatus::ALL.iter().copied().map(Some).chain([None]).collect();
    let payments: Vec<Option<PaymentStatus>> = PaymentStatus::ALL.iter().copied().map(Some).chain([None]).collect();
    for route in routes.iter().copied().map(Some).chain([None]) {
        for status in &statuses {
            for payment_status in &payments {
                let is_wanted = |row: &&Row| {
                    let state = State {
                        status: row.1.parse().unwrap(),
                        payment_status: row.2.parse().unwrap(),
                    };
                    let state = state.at(row.3, now);
                    route.is_none_or(|route| route.0 == row.4)
                        && status.is_none_or(|status| status == state.status)
                        && payment_status.is_none_or(|payment_status| payment_status == state.payment_status)
                };
                let wanted: Vec<TicketId> = rows.iter().filter(is_wanted).map(|row| TicketId(row.0)).collect();
                for (take, skip) in [(20, 0), (7, 30), (100, 200)] {
                    let filter = Filter {
                        stored: stored(*status, *payment_status),
                        boarding: None,
                        route_id: route,
                        booking_id: None,
                        text: None,
                        take,
                        skip,
                    };
                    let found = company::page(&mut conn, company_id, &filter, now).await.unwrap();
                    let page = wanted.iter().copied();
                    let page = page
                        .skip(usize::try_from(skip).unwrap())
                        .take(usize::try_from(take).unwrap());
                    let expected = (page.collect::<Vec<_>>(), i64::try_from(wanted.len()).unwrap());
                    assert_eq!(found, expected, "{route:?} {status:?} {payment_status:?} {take} {skip}");
                }
            }
        }
    }
}

#[tokio::test]
async fn pages_and_totals_of_a_route_and_of_states_are_those_of_the_tickets() {
    let shop = Shop::open().await;
    fill(&shop).await;
    let company_id = shop.company_id().await;
    let own: Uuid = sqlx::query_scalar("select distinct r.route_id from tickets t join trips r on r.id = t.trip_id")
        .fetch_one(shop.pool())
        .await
        .unwrap();
    let other: Uuid = sqlx::query_scalar("select id from routes where id <> $1 order by id limit 1")
        .bind(own)
        .fetch_one(shop.pool())
        .await
        .unwrap();
    let routes = [RouteId(own), RouteId(other), RouteId(Uuid::nil())];
    compare(&shop, company_id, &routes).await;
    // An import puts one of the trips on another route.
    sqlx::query(
        "update trips set route_id = $1
         where id = (select trip_id from tickets group by trip_id order by count(*) desc, trip_id limit 1)",
    )
    .bind(other)
    .execute(shop.pool())
    .await
    .unwrap();
    compare(&shop, company_id, &routes).await;
    // Another company has none of them, whatever the route.
    let stranger = CompanyId(Uuid::nil());
    compare(&shop, stranger, &routes).await;
    assert_eq!(
        shop.count("select list_counts_mend()").await,
        0,
        "the counts were right"
    );
}

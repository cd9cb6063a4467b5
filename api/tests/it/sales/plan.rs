//! How PostgreSQL runs the queries of the hot paths: by index, and over few rows, even if the tables are full.

use std::collections::BTreeSet;

use app::jobs::queue;
use app::ticket::company;
use app::ticket::sweep;
use app::{departure, today};
use chrono::{NaiveDate, TimeDelta};
use db::tracking;
use domain::catalogue::Window;
use domain::invariant::{Rule, Subject};
use ledger::Cause;
use ledger::Verdict;
use ledger::db::delivery::{self, Settlement};
use ledger::db::process;
use ledger::db::turn::{self, List, Share};
use ledger::id::ProcessId;
use sqlx::postgres::PgPoolOptions;
use testing::log::Log;
use uuid::Uuid;

use crate::harness::DAY;
use crate::sales::count::multiply;
use crate::sales::explain::{explain, plans, reads};
use crate::sales::plan_order::orders;
use crate::sales::support::Shop;

/// Tables that grow while the platform is used: none of them may be read from end to end.
const GROWING: [&str; 19] = [
    "bookings",
    "departure_calls",
    "departures",
    "idempotency_keys",
    "jobs",
    "list_counts",
    "notifications",
    "order_terms",
    "partner_usage",
    "passenger_phones",
    "passengers",
    "positions",
    "reports",
    "seat_holds",
    "sessions",
    "ticket_history",
    "ticket_moves",
    "tickets",
    "trackers",
];

/// Maximum number of rows of one table that one statement may touch. A page has 50 bookings or 100 orders, counts have
/// a row for each day, and a page with a `skip` reads a thousand index entries.
const ROWS: u64 = 1_500;

/// How many other tickets there are.
const CROWD: i32 = 12_000;

/// Fills tables as after a year: multiplies the few rows that are there.
async fn fill(shop: &Shop) {
    multiply(shop.pool(), CROWD).await;
    shop.sql(
        "insert into departures (trip_id, service_day, bus_id)
             select trip_id, service_day - n, bus_id from departures, generate_series(1, 2000) n;
         insert into departure_calls (trip_id, service_day, position, stop_id, arrival_at, departure_at)
             select trip_id, service_day - n, position, stop_id, arrival_at - n * interval '1 day', departure_at - n * interval '1 day'
             from departure_calls, generate_series(1, 2000) n;
         insert into ticket_history (id, ticket_id, at, action, status, payment_status, actor)
             select id, id, created_at, 'created', status, payment_status, 'system' from tickets t
             where not exists (select from ticket_history h where h.ticket_id = t.id);
         update tickets t set service_day = t.service_day - 1 - crowd.n % 2000
             from (select id, row_number() over (order by id)::integer as n from tickets where payment_status = 'Paid') as crowd
             where crowd.id = t.id;
         insert into seat_holds (ticket_id, trip_id, service_day, seat, stretch)
             select id, trip_id, service_day, 100 + row_number() over (partition by trip_id, service_day), int4range(0, 1)
             from tickets where payment_status = 'Paid';
         insert into jobs (id, kind, queue, payload, state, run_at, max_attempts, finished_at, created_at)
             select gen_random_uuid(), 'order_sweep', 'sweep', '{}', 'done', now(), 1, now(), now() from generate_series(1, 20000);
         insert into jobs (id, kind, queue, payload, state, run_at, max_attempts, created_at)
             select gen_random_uuid(), 'order_sweep', 'sweep', '{}', 'ready', '2020-01-01', 1, now() from generate_series(1, 200);
         insert into notifications (id, ticket_id, history_id, event, channel, state, created_at)
             select id, ticket_id, id, 'created', 'Viber', 'sent', at from ticket_history h
             where not exists (select from notifications n where n.history_id = h.id);
         insert into idempotency_keys (caller, key_hash, fingerprint, status, sealed_body, created_at)
             select 'prt_x', sha256(n::text::bytea), sha256(''), 200, '', now() from generate_series(1, 20000) n;
         analyze",
    )
    .await;
}

#[tokio::test]
async fn hot_statements_use_an_index_and_read_few_rows() {
    let shop = Shop::open().await;
    shop.website().sell(50, "kyiv", "lviv", 1).await;
    fill(&shop).await;
    explain(&shop).await;
    let mut listed = BTreeSet::new();
    // The plan for the given arguments, and the generic plan, which is used after a few runs.
    for mode in ["force_custom_plan", "force_generic_plan"] {
        let options = (*shop.pool().connect_options())
            .clone()
            // The tables fit into memory here, and PostgreSQL may take that into account: otherwise it would read
            // completely what it would look up in a table of millions of rows.
            .options([
                ("plan_cache_mode", mode),
                ("random_page_cost", "1"),
                ("enable_hashjoin", "off"),
            ]);
        let pool = PgPoolOptions::new()
            .max_connections(4)
            .connect_with(options)
            .await
            .unwrap();
        let busy = shop.on(pool).await;
        // The timetable is read completely, once.
        let warm = busy.website().offers("kyiv", "lviv", DAY, "").await;
        assert!(!warm.is_empty());
        let (log, listening) = Log::listen("sqlx::postgres::notice=trace");
        hot_paths(&busy).await;
        drop(listening);
        let plans = plans(&log);
        assert!(
            plans.len() > 60,
            "auto_explain tells only {} plans: is the role a superuser?",
            plans.len()
        );
        let is_look = |(text, _): &(String, _)| text.contains("from change_log");
        assert!(plans.iter().any(is_look), "refreshes of the cache are heard");
        for (text, plan) in plans {
            let mut found = Vec::new();
            reads(&plan, &mut found);
            for (kind, table, rows) in found {
                let table = if table.starts_with("positions") {
                    "positions"
                } else {
                    &table
                };
                if !GROWING.contains(&table) {
                    continue;
                }
                listed.insert(table.to_owned());
                // A table with few rows here may be read completely.
                assert!(
                    rows <= ROWS,
                    "{mode}: {kind}: {rows} rows of {table} in {text}\n{plan:#}"
                );
            }
        }
    }
    for table in [
        "bookings",
        "tickets",
        "passengers",
        "seat_holds",
        "jobs",
        "list_counts",
        "ticket_history",
        "departures",
    ] {
        assert!(listed.contains(table), "{table} is read by some");
    }
}

/// Search, sale and its consequences, lists, jobs, and scheduled work.
async fn hot_paths(shop: &Shop) {
    let partner = shop.website();
    partner.offers("kyiv", "lviv", DAY, "").await;
    let kept = partner.sell(50, "kyiv", "lviv", 2).await;
    partner.pay(&kept.id).await.status(200);
    let canceled = partner.sell(50, "kyiv", "lviv", 1).await;
    partner.book(&canceled.id).await.status(200);
    partner.cancel(&canceled.id).await.status(200);
    partner.booking(&kept.id).await;
    for path in [
        "/v2/bookings".to_owned(),
        "/v2/bookings?take=50&skip=900".to_owned(),
        "/v2/bookings?take=50&skip=9000".to_owned(),
        "/rest/orders?take=100&skip=900".to_owned(),
        "/rest/orders?take=100&skip=9000".to_owned(),
        format!("/v2/bookings?departureDate={DAY}"),
        format!("/v2/bookings/{}/deliveries", kept.id),
        "/v2/partner/usage".to_owned(),
        "/v2/discounts".to_owned(),
    ] {
        assert_eq!(partner.get(&path).await.status, 200, "{path}");
    }
    let company = shop.company_id().await;
    orders(shop, company, &kept).await;
    company::get(&shop.platform, company, kept.orders[0].parse().unwrap())
        .await
        .unwrap();
    app::report::list(shop.pool(), company, None, 50, 0).await.unwrap();
    let day: NaiveDate = DAY.parse().unwrap();
    let page = Window { take: 100, skip: 0 };
    let month = (day - TimeDelta::days(30), day);
    let departures = departure::list(&shop.platform, company, month, None, page)
        .await
        .unwrap();
    assert!(departures.1 > 100);
    let sold = departures.0.last().unwrap().id;
    departure::get(&shop.platform, company, sold).await.unwrap();
    today::count(&shop.platform, company).await.unwrap();

    // Unpaid, and swept.
    partner.sell(50, "kyiv", "lviv", 1).await;
    shop.wait(21);
    assert!(sweep(shop.pool(), &shop.clock, &Cause::default()).await.unwrap() > 0);

    // Relay, claim, settle.
    let mut conn = shop.pool().acquire().await.unwrap();
    let process_id = ProcessId::new();
    process::insert(&mut conn, process_id, "test").await.unwrap();
    let now = shop.clock.now();
    let lists: Vec<(List, Uuid)> = List::of(&queue::ALL).map(|list| (list, Uuid::nil())).collect();
    let (waiting, _) = turn::waiting(&mut conn, now, &lists, 64).await.unwrap();
    let share = |waiting: &turn::Waiting| Share {
        list: lists[waiting.place].0,
        tenant: waiting.tenant,
        jobs: 20,
    };
    let shares: Vec<Share> = waiting.iter().map(share).collect();
    let sent = turn::send_due(&mut conn, now, Uuid::nil(), &shares).await.unwrap();
    assert!(!sent.is_empty());
    let sent: Vec<_> = sent.into_iter().map(|due| due.delivery).collect();
    let claimed = delivery::claim(&mut conn, process_id, &sent).await.unwrap();
    let settlements: Vec<Settlement> = claimed
        .iter()
        .map(|job| Settlement {
            job_id: job.id,
            claimed_at: job.claimed_at,
            verdict: Verdict::Done,
        })
        .collect();
    delivery::settle(&mut conn, process_id, now, &settlements)
        .await
        .unwrap();
    // The look for what is oversold or contradicts itself, at some of the tickets.
    let some = db::invariant::slice(&mut conn, Subject::Ticket, Uuid::nil(), 10)
        .await
        .unwrap();
    assert_eq!(some.len(), 10);
    for rule in [
        Rule::SeatSoldTwice,
        Rule::SeatNotOnBus,
        Rule::HistoryImpossible,
        Rule::BoardingTimeDiffers,
        Rule::TicketOfAnother,
        Rule::TicketWithoutTerms,
    ] {
        db::invariant::broken(&mut conn, rule, &some, now).await.unwrap();
    }
    tracking::due::lock_polls(&mut conn, now, now + TimeDelta::seconds(30), 50)
        .await
        .unwrap();
}

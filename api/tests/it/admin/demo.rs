//! The demo data, as `seed-demo` and `seed-demo-sales` load it.

use std::path::PathBuf;

use crate::harness::operator::{Operator, Run};

/// The demo data: in the project, or in the shared folder beside it.
fn demo() -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let places = [root.join("../data/demo"), root.join("../../shared/data/demo")];
    places
        .into_iter()
        .find(|place| place.join("demo-karpaty/agency.txt").exists())
}

#[tokio::test]
async fn the_demo_is_loaded_once_and_keeps_later_changes() {
    let Some(data) = demo() else {
        println!("skipped: the demo data is not there");
        return;
    };
    let operator = Operator::new().await;
    let vault_key = "0f".repeat(32);
    let settings = [
        ("API_KEY", "pxs_local_00000000"),
        ("API_KEY_2", "pxs_local_11111111"),
        ("BACKOFFICE_EMAIL", "demo@example.com"),
        ("BACKOFFICE_PASSWORD", "00123456"),
        ("PARTNER_EMAIL", "partner@example.com"),
        ("PARTNER_PASSWORD", "00123457"),
        ("OPS_EMAIL", "ops@example.com"),
        ("OPS_PASSWORD", "00123458"),
        ("VAULT_KEY", vault_key.as_str()),
        ("TRACKING_URL", "http://127.0.0.1:1"),
        ("TRACKING_TOKEN", "00123458"),
    ];
    let args = ["seed-demo", "--data", data.to_str().unwrap()];
    let first = operator.run_with(&args, &settings, "").await;
    assert_eq!(first.code, 0, "{}", first.err);
    assert_eq!(
        operator
            .count("select count(*) from trips where withdrawn_at is null")
            .await,
        36
    );
    assert_eq!(operator.count("select count(*) from fares").await, 218);
    assert_eq!(
        operator
            .count("select count(*) from companies where name not like '%SYNTHETIC%'")
            .await,
        0
    );
    assert_eq!(
        operator.count("select count(*) from stops where city_id is null").await,
        0
    );
    let covered = "select count(*) from services s where exists (
                       select from unnest(s.days) day where day between current_date and current_date + 7)
                   and exists (select from unnest(s.days) day where day > current_date + 53)";
    assert_eq!(
        operator.count(covered).await,
        7,
        "every service runs now and in 60 days"
    );
    let check = operator.run(&["check"]).await;
    assert_eq!((check.code, check.err.as_str()), (0, ""), "{}", check.out);

    operator.ok(&["set-rate", "EUR", "UAH", "50"]).await;
    let version = operator.count("select version from publication").await;
    let second = operator.run_with(&args, &settings, "").await;
    assert_eq!(second.code, 0, "{}", second.err);
    let discounts = |run: &Run| {
        run.out
            .lines()
            .filter(|line| line.starts_with("discount"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(discounts(&first), discounts(&second));
    assert_eq!(operator.count("select version from publication").await, version);
    assert_eq!(
        operator
            .count("select count(*) from exchange_rates where rate = 50")
            .await,
        1
    );
    assert_eq!(operator.count("select count(*) from api_keys").await, 2);
    assert_eq!(operator.count("select count(*) from tracking_accounts").await, 3);
    assert_eq!(
        operator
            .count("select count(*) from jobs where kind = 'geolocation_sync'")
            .await,
        3
    );

    // Bookings of the last week, sold as of then, and only once.
    let sold = operator.run_with(&["seed-demo-sales"], &settings, "").await;
    assert_eq!(sold.code, 0, "{}", sold.err);
    assert!(sold.out.contains(" bookings of the last 7 days"), "{}", sold.out);
    let bookings = operator.count("select count(*) from bookings").await;
    assert!(bookings >= 20, "{bookings}");
    let of_the_days = "select count(distinct created_at::date) from bookings
                       where created_at between current_date - 7 and current_date and updated_at < current_date";
    assert_eq!(operator.count(of_the_days).await, 7);
    let by_id = "select count(*) from (
                     select created_at, lag(created_at) over (order by id) as before from bookings
                 ) as ordered where before > created_at";
    assert_eq!(operator.count(by_id).await, 0, "ids carry the same time");
    for status in [
        "select count(*) from tickets where status = 'Confirmed' and payment_status = 'Paid'",
        "select count(*) from tickets where status = 'Refund'",
        "select count(*) from tickets where status = 'Uncompleted'",
        "select count(*) from tickets where boarding_at < now()",
    ] {
        assert!(operator.count(status).await > 0, "{status}");
    }
    let check = operator.run(&["check"]).await;
    assert_eq!((check.code, check.err.as_str()), (0, ""), "{}", check.out);
    let again = operator.run_with(&["seed-demo-sales"], &settings, "").await;
    assert_eq!(again.out, "the demo partner has bookings already\n", "{}", again.err);
    assert_eq!(operator.count("select count(*) from bookings").await, bookings);
}

//! A machine whose clock is wrong. The clock of the database is used instead.

use chrono::{DateTime, TimeDelta, Utc};
use domain::ticket::TicketStatus;
use kernel::clock::Clock;
use reqwest::Method;
use testing::world::Sale;
use testing::wrong_clock::WrongClock;
use uuid::Uuid;

use crate::replicas::support::Stand;

#[tokio::test]
async fn an_api_whose_clock_is_an_hour_wrong_expires_nothing_fresh_and_dates_nothing_wrongly() {
    for seconds_ahead in [3600, -3600] {
        let stand = Stand::new().await;
        let sale = Sale {
            seat: 18,
            status: TicketStatus::Uncompleted,
            ..Sale::default()
        };
        let lapsed = stand.another(&sale).await;
        let clock = WrongClock::new(seconds_ahead);
        let api = stand.api(clock.variables()).await;
        let fresh = async || {
            let answer = stand.ask(&api, Method::GET, &stand.sold, "").await;
            assert_eq!(answer.status, 200, "{answer:?}");
            answer.body["data"]["booking"]["tickets"][0]["status"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        assert_eq!(fresh().await, "Processing");
        // Reviving a ticket takes a seat, and closes all expired tickets of the departure.
        let answer = stand.pay(&api, &lapsed).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(fresh().await, "Processing");

        let now = Clock::system().now();
        let near = |at: DateTime<Utc>| (now - at).abs() < TimeDelta::minutes(2);
        let told: Vec<DateTime<Utc>> = sqlx::query_scalar(
            "select at from ticket_history union all select created_at from notifications
             union all select run_at from jobs union all select updated_at from tickets",
        )
        .fetch_all(&stand.db.pool)
        .await
        .unwrap();
        assert!(told.len() >= 7 && told.iter().all(|at| near(*at)), "{told:?}");
        let ids: Vec<Uuid> = sqlx::query_scalar("select id from ticket_history union all select id from jobs")
            .fetch_all(&stand.db.pool)
            .await
            .unwrap();
        for id in ids {
            let (seconds, _) = id.get_timestamp().unwrap().to_unix();
            let at = DateTime::from_timestamp(i64::try_from(seconds).unwrap(), 0).unwrap();
            assert!(near(at), "the newest come first by their ids: {id} is of {at}");
        }
    }
}

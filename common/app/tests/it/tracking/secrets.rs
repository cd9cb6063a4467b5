//! The token of a tracking provider is in no line of the log, for any response of the provider.

use app::tracking;
use app::tracking::account::{self, AccountDraft};
use domain::tracking::Provider;
use simulators::tracking::Fault;
use testing::log::Log;
use testing::world::{operator, vault};

use crate::tracking::support::{Depot, FIRST, SECRET, fix};

const NEW: &str = "open-sesame-and-let-me-in";

#[tokio::test]
async fn the_log_holds_no_token_of_a_provider_at_the_most_verbose_level() {
    // The client is listened to, for it is ours; the provider, on the same thread, is not.
    let (log, _listening) = Log::listen("trace,poem=off,simulators=off,hyper::server=off");
    for depot in [Depot::new().await, Depot::gtfs_realtime().await] {
        depot.provider.place(FIRST, fix(50.0, 0));
        depot.poll().await;
        tracking::sync(&depot.tracking, depot.account_id).await.unwrap();
        for fault in [
            Fault {
                status: Some(500),
                ..Fault::default()
            },
            Fault {
                status: Some(302),
                ..Fault::default()
            },
            Fault {
                garbage: true,
                ..Fault::default()
            },
            Fault {
                truncated: true,
                ..Fault::default()
            },
        ] {
            depot.provider.fail_next(fault);
            depot.failure().await;
        }
        let draft = AccountDraft {
            provider: Provider::Wialon,
            name: "another".to_owned(),
            url: depot.provider.url(),
            token: Some(NEW.into()),
            poll_seconds: 30,
        };
        let now = depot.clock.now();
        let id = account::create_account(&depot.db.pool, &vault(), (now, &operator()), depot.company_id, &draft)
            .await
            .unwrap();
        // The provider does not know this one.
        tracking::sync(&depot.tracking, id).await.unwrap();
        // And then it is gone.
        let unreachable = "update tracking_accounts set url = 'http://127.0.0.1:9/' where id = $1";
        sqlx::query(unreachable)
            .bind(depot.account_id.0)
            .execute(&depot.db.pool)
            .await
            .unwrap();
        depot.failure().await;
    }
    let text = log.text();
    for wanted in ["\"DEBUG\"", "\"TRACE\"", "sqlx", "hyper"] {
        assert!(text.contains(wanted), "the log is really listened to: {wanted}");
    }
    log.hides([SECRET, NEW]);
}

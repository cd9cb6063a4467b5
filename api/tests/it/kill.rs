//! An API that is killed while it serves a request with an idempotency key, and another one that the client tries next.
//! Real processes, real SIGKILL.

use std::time::Duration;

use domain::id::{BookingId, TicketId};
use kernel::clock::Clock;
use testing::database::TestDb;
use testing::eventually::eventually;
use testing::world::{Sale, SoldTicket, World};
use tokio::task::JoinSet;

use crate::harness::client::fresh_client;
use crate::harness::process::{LIMIT, Process};

/// A statement in this database that waits for a lock.
const WAITS: &str = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";

/// A database with a ticket, and the key of its partner.
struct Stand {
    db: TestDb,
    key: String,
    sold: SoldTicket,
}

/// A response: status, whether it is a replay, and the body.
type Told = (u16, bool, String);

impl Stand {
    async fn new() -> Self {
        let db = TestDb::new().await;
        let mut conn = db.pool.acquire().await.unwrap();
        let mut world = World::new(&mut conn, Clock::system().now()).await;
        let sold = world.sell(&Sale::default()).await;
        let key = world.key(sold.partner_id, "local").await;
        drop(conn);
        Self { db, key, sold }
    }

    async fn api(&self) -> Process {
        Process::start(&self.db.url, [("LOG", "off")]).await
    }

    /// Pays a ticket, with its id as the idempotency key; `None` without a response.
    fn pay(&self, api: &Process, sold: &SoldTicket) -> impl Future<Output = Option<Told>> + Send + 'static {
        let request = fresh_client()
            .post(format!("{}/v2/bookings/{}/pay", api.base, sold.booking_id))
            .header("x-api-key", &self.key)
            .header("idempotency-key", sold.id.to_string());
        async move {
            let answer = request.send().await.ok()?;
            let (status, replayed) = (
                answer.status().as_u16(),
                answer.headers().get("idempotent-replayed").is_some(),
            );
            Some((status, replayed, answer.text().await.ok()?))
        }
    }

    /// Repeats the payment until it gets a response that is not `IDEMPOTENCY_IN_FLIGHT`.
    async fn retry(&self, api: &Process, sold: &SoldTicket) -> Told {
        eventually("an answer", LIMIT, async || {
            let told = self.pay(api, sold).await.unwrap();
            (!told.2.contains("IDEMPOTENCY_IN_FLIGHT")).then_some(told)
        })
        .await
    }

    async fn history(&self, sold: &SoldTicket) -> Vec<String> {
        let lines =
            sqlx::query_scalar("select action || ' ' || payment_status from ticket_history where ticket_id = $1");
        lines.bind(sold.id.0).fetch_all(&self.db.pool).await.unwrap()
    }

    async fn waits(&self) {
        eventually("the payment waits", LIMIT, async || {
            let found = sqlx::query_scalar::<_, i32>(WAITS).fetch_optional(&self.db.pool);
            found.await.unwrap()
        })
        .await;
    }
}

#[tokio::test]
async fn a_payment_that_was_killed_half_way_is_made_by_the_retry() {
    let stand = Stand::new().await;
    let (mut first, second) = (stand.api().await, stand.api().await);
    let mut held = stand.db.pool.begin().await.unwrap();
    let lock = sqlx::query("select from departures for update");
    lock.execute(&mut *held).await.unwrap();
    let paying = tokio::spawn(stand.pay(&first, &stand.sold));
    stand.waits().await;
    first.child.kill().await.unwrap();
    assert_eq!(paying.await.unwrap(), None);
    // The database has not noticed the death yet.
    let (status, _, body) = stand.pay(&second, &stand.sold).await.unwrap();
    assert!(status == 409 && body.contains("IDEMPOTENCY_IN_FLIGHT"), "{body}");
    held.rollback().await.unwrap();
    let (status, replayed, body) = stand.retry(&second, &stand.sold).await;
    assert_eq!((status, replayed), (200, false), "{body}");
    assert_eq!(stand.history(&stand.sold).await, ["paid Paid"]);
}

#[tokio::test]
async fn a_payment_whose_answer_was_lost_is_answered_to_the_retry() {
    let stand = Stand::new().await;
    let (mut first, second) = (stand.api().await, stand.api().await);
    // The commit waits for the test; a process that is killed now cannot know its outcome.
    let pause = "create function pause() returns trigger language plpgsql as $$
                     begin perform pg_advisory_xact_lock(4711); return null; end $$;
                 create constraint trigger pause after insert on idempotency_keys deferrable initially deferred
                     for each row execute function pause()";
    sqlx::raw_sql(pause).execute(&stand.db.pool).await.unwrap();
    let mut held = stand.db.pool.begin().await.unwrap();
    let lock = sqlx::query("select pg_advisory_xact_lock(4711)");
    lock.execute(&mut *held).await.unwrap();
    let paying = tokio::spawn(stand.pay(&first, &stand.sold));
    stand.waits().await;
    first.child.kill().await.unwrap();
    assert_eq!(paying.await.unwrap(), None);
    held.rollback().await.unwrap();
    let (status, replayed, body) = stand.retry(&second, &stand.sold).await;
    assert_eq!((status, replayed), (200, true), "{body}");
    assert_eq!(stand.history(&stand.sold).await, ["paid Paid"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn five_payments_at_once_through_an_api_that_is_killed_are_one() {
    let stand = Stand::new().await;
    let second = stand.api().await;
    for round in 0..8_u8 {
        let sold = SoldTicket {
            id: TicketId::new(),
            booking_id: BookingId::new(),
            ..stand.sold
        };
        let sale = Sale {
            seat: i16::from(round) + 20,
            ..Sale::default()
        };
        let mut conn = stand.db.pool.acquire().await.unwrap();
        World::new(&mut conn, Clock::system().now())
            .await
            .ticket(&sold, &sale)
            .await;
        drop(conn);
        let mut first = stand.api().await;
        let mut five: JoinSet<_> = (0..5).map(|_| stand.pay(&first, &sold)).collect();
        // Not to wait for a condition, but to kill at another moment in each round.
        tokio::time::sleep(Duration::from_millis(u64::from(round) * 4)).await;
        first.child.kill().await.unwrap();
        let mut heard = Vec::new();
        while let Some(told) = five.join_next().await {
            heard.extend(told.unwrap());
        }
        let (status, replayed, body) = stand.retry(&second, &sold).await;
        assert_eq!(status, 200, "{body}");
        assert_eq!(stand.history(&sold).await, ["paid Paid"]);
        for (status, _, said) in heard {
            if status == 409 {
                assert!(said.contains("IDEMPOTENCY_IN_FLIGHT"), "{said}");
            } else {
                assert_eq!(
                    (status, replayed, &said),
                    (200, true, &body),
                    "what was heard is what stays"
                );
            }
        }
    }
}

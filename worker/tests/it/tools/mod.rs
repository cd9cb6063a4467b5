//! The ledger behind the traits of apalis for tools: jobs that a tool enqueues run in a real worker, and a tool sees
//! what the ledger holds.

mod board;
mod enqueue;
mod list;
mod wait;

use apalis_core::backend::{Backend, BackendConfig, Expose, FetchById, Reschedule, ResumeById, WaitForCompletion};
use app::jobs::email_notification::EmailNotification;
use app::jobs::queue;
use kernel::clock::Clock;
use ledger::tool::{LedgerStorage, StoredJob};
use serde_json::json;
use sqlx::PgPool;
use testing::database::TestDb;
use uuid::Uuid;

/// The queue of mails, as a board sees it.
fn board(pool: &PgPool) -> LedgerStorage {
    LedgerStorage::new(pool.clone(), Clock::system(), queue::EMAIL, &queue::ALL).accept::<EmailNotification>()
}

/// The jobs that send mails, with their type.
fn mails(pool: &PgPool) -> LedgerStorage<EmailNotification> {
    LedgerStorage::of::<EmailNotification>(pool.clone(), Clock::system(), &queue::ALL)
}

/// A job that sends a mail, undecoded.
fn mail(notification_id: &impl ToString) -> StoredJob {
    StoredJob {
        kind: "email_notification".to_owned(),
        payload: json!({ "notification_id": notification_id.to_string() }),
    }
}

/// A job of the ledger in this state, `age` seconds old.
async fn job(db: &TestDb, queue: &str, state: &str, age: i32) -> String {
    let id = Uuid::now_v7();
    sqlx::query(
        "with old as (select now() - make_interval(secs => $4) as at)
         insert into jobs (id, queue, kind, payload, state, run_at, sent_at, claimed_at, finished_at, attempt, max_attempts,
                           last_error, request_id, created_at)
         select $1, $2, 'email_notification', '{}', $3, at, at, at, case when $3 in ('done', 'dead', 'canceled') then at end, 2, 5,
                case when $3 = 'dead' then 'as the test says' end, 'the request', at
         from old",
    )
    .bind(id)
    .bind(queue)
    .bind(state)
    .bind(f64::from(age))
    .execute(&db.pool)
    .await
    .unwrap();
    ledger::id::JobId(id).to_string()
}

/// Compiles only if the ledger is what apalis calls an exposed backend, with its optional traits.
#[test]
fn the_ledger_offers_every_trait_that_tools_ask_for() {
    fn is_exposed<A, B>()
    where
        B: Backend + BackendConfig<Args = A> + Expose<A, B::Kind>,
        B: FetchById + Reschedule + ResumeById + WaitForCompletion<()>,
    {
    }
    is_exposed::<StoredJob, LedgerStorage>();
    is_exposed::<EmailNotification, LedgerStorage<EmailNotification>>();
}

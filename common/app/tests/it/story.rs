//! Why did the passenger of this order get no ticket? One story shows the reason, for every possible reason.

use app::error::AppError;
use app::notification::{Announcement, announce};
use app::report::generate;
use app::story::{Entry, Kind, Story, StoryId, tell};
use chrono::{DateTime, TimeDelta, Utc};
use domain::language::Messenger;
use domain::ticket::Event;
use ledger::Cause;
use rstest::rstest;
use testing::database::TestDb;
use testing::world::{Sale, SoldTicket, World};

use crate::report::support::Stage;

mod message;
mod request;
mod schedule;
mod upload;

fn now() -> DateTime<Utc> {
    "2026-11-14T12:15:00Z".parse().unwrap()
}

/// A sale by a request, and a worker of mails that lives.
async fn sold(sale: &Sale) -> (TestDb, SoldTicket) {
    let db = TestDb::new().await;
    let mut conn = db.pool.acquire().await.unwrap();
    let mut world = World::new(&mut conn, now()).await;
    let ticket = world.sell(sale).await;
    let history_id = world.history(ticket.id, Event::Created).await;
    let cause = Cause {
        request_id: Some("shop-17".to_owned()),
        ..Cause::default()
    };
    let announcement = Announcement {
        ticket_id: ticket.id,
        history_id,
        event: Event::Created,
    };
    announce(&mut conn, now(), &cause, &[announcement]).await.unwrap();
    let sql = "update ticket_history set request_id = 'shop-17', actor = 'prt_' || replace($1::text, '-', '')";
    sqlx::query(sql)
        .bind(ticket.partner_id)
        .execute(&mut *conn)
        .await
        .unwrap();
    drop(conn);
    execute(
        &db,
        "insert into processes (id, name) values (gen_random_uuid(), 'email_worker 7@mail-1')",
    )
    .await;
    (db, ticket)
}

async fn execute(db: &TestDb, sql: &'static str) {
    sqlx::raw_sql(sql).execute(&db.pool).await.unwrap();
}

async fn story(db: &TestDb, id: &str) -> Story {
    tell(&db.pool, now() + TimeDelta::minutes(1), &id.parse::<StoryId>().unwrap())
        .await
        .unwrap()
}

/// The one entry of this kind whose text contains something.
fn find<'s>(story: &'s Story, kind: Kind, part: &str) -> &'s str {
    let texts: Vec<&str> = story
        .entries
        .iter()
        .filter(|entry| entry.kind == kind && entry.text.contains(part))
        .map(|entry| entry.text.as_str())
        .collect();
    let [text] = texts[..] else {
        panic!("one {kind:?} with {part:?}: {texts:?} in {story:#?}")
    };
    text
}

#[rstest]
#[case::sent_to_nobody_yet("", "the mail was not sent: it waits for its turn in the queue email")]
#[case::refused_for_good(
    "update jobs set state = 'dead', attempt = 1, finished_at = now(), last_error = '550 <taras@example.com> unknown'
     where queue = 'email'",
    "the mail was not sent: it was refused permanently: 550 <t***@example.com> unknown; `admin jobs retry job_"
)]
#[case::used_up(
    "update jobs set state = 'dead', attempt = 10, crashes = 3, finished_at = now(), last_error = 'the process that ran it died'
     where queue = 'email'",
    "the mail was not sent: it has used up its 10 attempts (3 crashes): the process that ran it died; "
)]
#[case::retrying(
    "update jobs set attempt = 2, last_error = '451 try later', run_at = '2026-11-14T12:20:00Z' where queue = 'email'",
    "the mail was not sent: it failed 2 of 10 attempts: 451 try later; it is tried again at 2026-11-14T12:20:00Z"
)]
#[case::held_up(
    "update jobs set attempt = 0, last_error = 'connection refused', run_at = '2026-11-14T12:20:00Z',
         held_since = '2026-11-14T12:00:00Z' where queue = 'email'",
    "the mail was not sent: it is held up by others since 2026-11-14T12:00:00Z: connection refused; it is tried again at "
)]
#[case::no_worker(
    "delete from processes; update jobs set state = 'sent', sent_at = now() where queue = 'email'",
    "the mail was not sent: it waits for a worker of the queue email, and none is running"
)]
#[case::silent_worker(
    "update processes set beat_at = now() - interval '1 minute'",
    "the mail was not sent: it waits for a worker of the queue email, and none is running"
)]
#[case::paused(
    "insert into paused_queues (queue, paused_at) values ('email', '2026-11-14T12:10:00Z')",
    "the mail was not sent: it waits because the queue email has been paused since 2026-11-14T12:10:00Z; `admin audit "
)]
#[case::running(
    "update jobs set state = 'running', attempt = 1, process_id = (select id from processes) where queue = 'email'",
    "the mail was not sent: it is being run by email_worker 7@mail-1, attempt 1 of 10"
)]
#[case::silent_process(
    "update jobs set state = 'running', attempt = 1, process_id = (select id from processes) where queue = 'email';
     update processes set beat_at = now() - interval '1 minute'",
    "the mail was not sent: it is being run by a process that no longer exists, attempt 1 of 10"
)]
#[case::lost(
    "delete from jobs",
    "the mail was not sent, and no job will send it (a violation of message_without_job)"
)]
#[case::long_ago(
    "delete from jobs; update notifications set created_at = '2026-08-01T00:00:00Z'",
    "the mail was not sent; its job was canceled, and is not kept any more"
)]
#[tokio::test]
async fn why_there_is_no_mail(#[case] sql: &'static str, #[case] expected: &str) {
    let (db, ticket) = sold(&Sale::default()).await;
    execute(&db, sql).await;
    // Order, booking and message lead to the same story.
    let message: uuid::Uuid = sqlx::query_scalar("select id from notifications where channel = 'Email'")
        .fetch_one(&db.pool)
        .await
        .unwrap();
    let ids = [
        ticket.id.to_string(),
        ticket.booking_id.to_string(),
        format!("ntf_{}", message.simple()),
    ];
    for id in ids {
        let story = story(&db, &id).await;
        let text = find(&story, Kind::Now, "the mail");
        assert!(text.starts_with(expected), "{id}: {text}");
        assert!(!format!("{story:?}").contains("taras@"), "addresses are masked");
    }
}

#[rstest]
#[case::nothing(None, "the passenger has no phone number")]
#[case::not_served(
    Some(Messenger::Telegram),
    "the passenger has no phone number with Viber, and Telegram is not served"
)]
#[tokio::test]
async fn why_there_is_no_message(#[case] messenger: Option<Messenger>, #[case] viber: &str) {
    let phone = messenger.map(|messenger| ("+380501112233".to_owned(), vec![messenger]));
    let sale = Sale {
        email: None,
        phones: phone.into_iter().collect(),
        ..Sale::default()
    };
    let (db, ticket) = sold(&sale).await;
    let story = story(&db, &ticket.id.to_string()).await;
    assert_eq!(
        find(&story, Kind::NoMessage, "no mail"),
        "no mail: the passenger has no e-mail address"
    );
    assert_eq!(
        find(&story, Kind::NoMessage, "no Viber"),
        format!("no Viber message: {viber}")
    );
}

#[tokio::test]
async fn a_sale_and_a_refund_in_the_order_of_time() {
    let (db, ticket) = sold(&Sale::default()).await;
    execute(
        &db,
        "update jobs set state = 'done', attempt = 1, finished_at = '2026-11-14T12:15:02Z';
         update notifications set state = 'sent', attempts = 1, sent_at = '2026-11-14T12:15:01Z',
             reply = case channel when 'Email' then '250 2.0.0 <t***@example.com> queued as 4F3A'
                                  else 'message_token 5741311803571721087: ok' end;
         delete from seat_holds;
         update tickets set status = 'Refund', payment_status = 'Paid', refund_amount = 625;
         insert into ticket_history (id, ticket_id, at, action, status, payment_status, actor, request_id, reason)
         select gen_random_uuid(), id, '2026-11-14T12:15:30Z', 'canceled', 'Refund', 'Paid', 'system', 'desk-4', 'ill'
         from tickets",
    )
    .await;
    let all = story(&db, &ticket.id.to_string()).await;
    assert!(!all.is_cut);
    assert!(all.entries.is_sorted_by_key(|entry| entry.at), "{all:#?}");
    let partner = format!("a request by {} (reseller); orders: created 1", ticket.partner_id);
    assert_eq!(find(&all, Kind::Request, "created"), partner);
    find(&all, Kind::Message, "a mail to t***@example.com was recorded");
    for sent in [
        "the mail was accepted by the provider, at attempt 1: 250 2.0.0 <t***@example.com> queued as 4F3A",
        "the Viber message was accepted by the provider, at attempt 1: message_token 5741311803571721087: ok",
    ] {
        assert_eq!(find(&all, Kind::Message, &sent[..20]), sent);
    }
    assert_eq!(
        find(&all, Kind::Event, "canceled"),
        "canceled: Refund, Paid; by system; refund of 625.00 UAH of 1250.00; reason: ill"
    );
    let standing = find(&all, Kind::Now, "the order");
    assert!(standing.contains(" is Refund, Paid, and holds no seat"), "{standing}");

    for sql in ["select reference from tickets", "select reference from bookings"] {
        let reference: String = sqlx::query_scalar(sql).fetch_one(&db.pool).await.unwrap();
        let called = story(&db, &reference.to_lowercase()).await;
        assert_eq!(called.entries, all.entries, "{reference}");
        assert!(standing.contains(&reference) || sql.contains("bookings"), "{standing}");
    }

    let of_request = story(&db, "shop-17").await;
    find(&of_request, Kind::Event, "created");
    let events = of_request.entries.iter().filter(|entry| entry.kind == Kind::Event);
    assert_eq!(events.count(), 1, "only what the request did");
    let jobs: std::collections::HashSet<&str> = of_request
        .entries
        .iter()
        .filter(|entry| entry.kind == Kind::Job)
        .map(|entry| entry.id.as_str())
        .collect();
    assert_eq!(jobs.len(), 2, "mail and Viber");
    let job = jobs.into_iter().next().unwrap().to_owned();
    find(&story(&db, &job).await, Kind::Event, "created");
}

#[tokio::test]
async fn a_report_has_a_story() {
    let stage = Stage::new().await;
    let id = stage.ask().await;
    let tell = async |id: String| {
        tell(stage.pool(), stage.clock.now(), &id.parse().unwrap())
            .await
            .unwrap()
    };
    let waiting = tell(id.to_string()).await;
    find(&waiting, Kind::Now, "the report is Pending, 0 %, attempt 0");
    find(
        &waiting,
        Kind::Now,
        "report_generate waits for a worker of the queue report, and none is running",
    );
    let by = format!("by {}", stage.user);
    find(&waiting, Kind::Request, &format!("a request {by} asked for a report"));
    find(&waiting, Kind::Report, &format!("the report was requested {by}"));
    let names = |entry: &&Entry| entry.ids.contains(&stage.user.to_string());
    assert_eq!(waiting.entries.iter().filter(names).count(), 2, "{waiting:#?}");
    generate(&stage.generator(), id).await.unwrap();
    find(
        &tell("asked".to_owned()).await,
        Kind::Report,
        "it was completed, at attempt 1",
    );
}

#[tokio::test]
async fn what_is_unknown_is_not_found() {
    let db = TestDb::new().await;
    let id = "0190a1b2c3d4e5f60718293a4b5c6d7e";
    for id in [
        format!("ord_{id}"),
        format!("bkg_{id}"),
        format!("ntf_{id}"),
        format!("rpt_{id}"),
        format!("tup_{id}"),
        format!("job_{id}"),
        "nobody".to_owned(),
    ] {
        let told = tell(&db.pool, now(), &id.parse().unwrap()).await;
        assert!(matches!(told, Err(AppError::NotFound(_))), "{id}: {told:?}");
    }
}

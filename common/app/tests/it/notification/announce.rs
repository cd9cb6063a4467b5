//! What is recorded with a business change.

use app::notification::{Announcement, announce};
use domain::language::Messenger;
use domain::ticket::Event;
use ledger::Cause;
use rstest::rstest;
use testing::database::TestDb;
use testing::world::{Sale, World};

use crate::notification::{announced, now};

async fn count(db: &TestDb, table: &'static str) -> i64 {
    let query = match table {
        "jobs" => "select count(*) from jobs",
        _ => "select count(*) from notifications",
    };
    sqlx::query_scalar(query).fetch_one(&db.pool).await.unwrap()
}

#[tokio::test]
async fn a_message_and_its_job_exist_if_and_only_if_the_change_was_committed() {
    let db = TestDb::new().await;
    let mut tx = db.pool.begin().await.unwrap();
    let mut world = World::new(&mut tx, now()).await;
    let ticket = world.sell(&Sale::default()).await;
    let history_id = world.history(ticket.id, Event::Created).await;
    let announcement = Announcement {
        ticket_id: ticket.id,
        history_id,
        event: Event::Created,
    };
    announce(&mut tx, now(), &Cause::default(), &[announcement])
        .await
        .unwrap();
    tx.rollback().await.unwrap();
    assert_eq!((count(&db, "notifications").await, count(&db, "jobs").await), (0, 0));

    announced(&db, &Sale::default(), Event::Created).await;
    let recorded: Vec<(String, String, String)> = sqlx::query_as(
        "select n.channel, j.queue, j.state from notifications n
         join jobs j on j.dedupe_key = 'ntf_' || replace(n.id::text, '-', '')
             and j.payload ->> 'notification_id' = j.dedupe_key
         where n.event = 'created' and n.state = 'pending' order by 1",
    )
    .fetch_all(&db.pool)
    .await
    .unwrap();
    let job = |channel: &str, queue: &str| (channel.to_owned(), queue.to_owned(), "ready".to_owned());
    assert_eq!(recorded, [job("Email", "email"), job("Viber", "viber")]);
}

#[rstest]
#[case::nothing(None, vec![], &[])]
#[case::empty_address(Some(""), vec![], &[])]
#[case::mail_only(Some("a@example.com"), vec![vec![Messenger::Telegram, Messenger::WhatsApp]], &["Email"])]
#[case::viber_only(None, vec![vec![], vec![Messenger::Telegram, Messenger::Viber]], &["Viber"])]
#[case::two_vibers(Some("a@example.com"), vec![vec![Messenger::Viber], vec![Messenger::Viber]], &["Email", "Viber"])]
#[tokio::test]
async fn only_channels_that_the_passenger_has_are_used(
    #[case] email: Option<&str>,
    #[case] phones: Vec<Vec<Messenger>>,
    #[case] channels: &[&str],
) {
    let db = TestDb::new().await;
    let phones = phones.into_iter().enumerate();
    let sale = Sale {
        email: email.map(str::to_owned),
        phones: phones
            .map(|(n, messengers)| (format!("+38050111223{n}"), messengers))
            .collect(),
        ..Sale::default()
    };
    announced(&db, &sale, Event::Paid).await;
    let used: Vec<String> = sqlx::query_scalar("select channel from notifications order by 1")
        .fetch_all(&db.pool)
        .await
        .unwrap();
    assert_eq!(used, channels);
    assert_eq!(usize::try_from(count(&db, "jobs").await).unwrap(), channels.len());
}

#[tokio::test]
async fn an_event_is_sent_once_however_often_it_is_announced() {
    let db = TestDb::new().await;
    let mut conn = db.pool.acquire().await.unwrap();
    let mut world = World::new(&mut conn, now()).await;
    let ticket = world.sell(&Sale::default()).await;
    let created = world.history(ticket.id, Event::Created).await;
    let paid = world.history(ticket.id, Event::Paid).await;
    let both = [(created, Event::Created), (paid, Event::Paid)].map(|(history_id, event)| Announcement {
        ticket_id: ticket.id,
        history_id,
        event,
    });
    let cause = Cause::new(Some("req-1".to_owned()), None);
    for announcements in [&both[..1], &both, &both, &[]] {
        announce(&mut conn, now(), &cause, announcements).await.unwrap();
    }
    assert_eq!((count(&db, "notifications").await, count(&db, "jobs").await), (4, 4));
    let caused: i64 = sqlx::query_scalar("select count(*) from jobs where request_id = 'req-1'")
        .fetch_one(&db.pool)
        .await
        .unwrap();
    assert_eq!(caused, 4);
}

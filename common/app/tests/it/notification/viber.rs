//! Viber messages over real sockets.

use std::sync::Arc;
use std::time::Duration;

use app::notification::{SendError, Sent, ViberMessages, send_viber};
use clients::Timeouts;
use clients::breaker::THRESHOLD;
use clients::viber::HttpViber;
use domain::id::NotificationId;
use domain::language::{Language, Messenger};
use domain::ticket::Event;
use kernel::clock::Clock;
use rstest::rstest;
use simulators::viber::{Fault, ViberSimulator};
use testing::database::TestDb;
use testing::eventually::eventually;
use testing::world::Sale;

use crate::notification::{
    announced, notification, now, record_again, refuse_to_record, reply, state, tries_to_record,
};

/// A provider, a client of it, and a message that waits.
struct Chat {
    db: TestDb,
    provider: ViberSimulator,
    viber: Arc<HttpViber>,
    id: NotificationId,
}

fn client(url: &str, token: &str) -> HttpViber {
    let timeouts = Timeouts {
        step: Duration::from_millis(500),
        total: Duration::from_millis(800),
    };
    HttpViber::new(url, &token.into(), timeouts).unwrap()
}

impl Chat {
    async fn new(sale: &Sale) -> Self {
        let db = TestDb::new().await;
        announced(&db, sale, Event::Created).await;
        let provider = ViberSimulator::start(([127, 0, 0, 1], 0).into(), "sesame".into())
            .await
            .unwrap();
        Self {
            viber: Arc::new(client(&provider.url(), "sesame")),
            id: notification(&db, "Viber").await,
            db,
            provider,
        }
    }

    async fn send(&self) -> Result<Sent, SendError> {
        send_viber(
            &ViberMessages {
                pool: self.db.pool.clone(),
                clock: Clock::manual(now()),
                viber: self.viber.clone(),
            },
            self.id,
        )
        .await
    }
}

/// After the provider's answer the database takes nothing for a while.
#[tokio::test]
async fn a_message_that_was_accepted_is_recorded_until_it_is_recorded() {
    let phones = vec![("+380501110002".to_owned(), vec![Messenger::Viber])];
    let chat = Chat::new(&Sale {
        phones,
        ..Sale::default()
    })
    .await;
    refuse_to_record(&chat.db).await;
    let recording = async {
        eventually("tries to record", Duration::from_secs(60), async || {
            (tries_to_record(&chat.db).await >= 2).then_some(())
        })
        .await;
        record_again(&chat.db).await;
    };
    let (sent, ()) = tokio::join!(chat.send(), recording);
    assert_eq!(sent.unwrap(), Sent::Now);
    assert_eq!(chat.send().await.unwrap(), Sent::Before);
    assert_eq!(chat.provider.messages().len(), 1);
}

#[tokio::test]
async fn a_message_goes_to_the_first_phone_with_viber_in_the_language_of_the_booking() {
    let chat = Chat::new(&Sale {
        language: Language::Cs,
        phones: vec![
            ("+380501110001".to_owned(), vec![Messenger::Telegram]),
            ("+380501110002".to_owned(), vec![Messenger::WhatsApp, Messenger::Viber]),
            ("+380501110003".to_owned(), vec![Messenger::Viber]),
        ],
        ..Sale::default()
    })
    .await;
    assert_eq!(chat.send().await.unwrap(), Sent::Now);
    assert_eq!(chat.send().await.unwrap(), Sent::Before);
    let [received] = &chat.provider.messages()[..] else {
        panic!("one message")
    };
    assert_eq!(
        (received.message.receiver.as_str(), received.times),
        ("+380501110002", 1)
    );
    assert_eq!(received.message.tracking_data, chat.id.to_string());
    // No Czech names: Ukrainian first, English second.
    assert!(
        received.message.text.contains("Київ – Warsaw"),
        "{}",
        received.message.text
    );
    assert!(
        received.message.text.contains("sobota 21. listopadu 2026"),
        "{}",
        received.message.text
    );
    assert_eq!(state(&chat.db, chat.id).await, ("sent".to_owned(), 1, None));
    let replied = reply(&chat.db, chat.id).await.unwrap();
    assert!(replied.starts_with("message_token 5"), "{replied}");
}

/// An import may take a stop out of its city after the sale; the trip's zone stands in for the city's.
#[tokio::test]
async fn a_stop_that_lost_its_city_still_has_a_name_and_a_clock() {
    let chat = Chat::new(&Sale::default()).await;
    sqlx::query("update stops set city_id = null")
        .execute(&chat.db.pool)
        .await
        .unwrap();
    chat.send().await.unwrap();
    let text = &chat.provider.messages()[0].message.text;
    assert!(text.contains("Kyiv Central – Warszawa Zachodnia"), "{text}");
    assert!(
        text.contains("06:30 (EET, UTC+2)") && text.contains("19:05 (EET, UTC+2)"),
        "{text}"
    );
}

fn status(status: u16, retry_after: Option<u64>) -> Fault {
    Fault::Status { status, retry_after }
}

/// An answer of this status and body.
fn answer(status: u16, body: &str) -> Fault {
    Fault::Answer {
        status,
        retry_after: None,
        body: body.to_owned(),
    }
}

/// A refusal that asks for this.
fn later(status: u16, retry_after: &str) -> Fault {
    Fault::Answer {
        status,
        retry_after: Some(retry_after.to_owned()),
        body: String::new(),
    }
}

/// The outcome of sending a message.
#[derive(Debug, PartialEq, Eq)]
enum Fate {
    /// It fails.
    Fails,
    /// To be retried, after this number of seconds if the provider asked for it.
    Again(Option<u64>),
    /// Again, once an operator has repaired something.
    Mend,
}

#[rstest]
#[case::broken(status(500, None), Fate::Again(None))]
#[case::unavailable(status(503, Some(7)), Fate::Again(Some(7)))]
#[case::too_many(status(429, Some(30)), Fate::Again(Some(30)))]
#[case::until_a_date(later(429, "Sat, 14 Nov 2099 12:15:00 GMT"), Fate::Again(Some(3600)))]
#[case::until_a_date_that_is_past(later(503, "Saturday, 14-Nov-15 12:15:00 GMT"), Fate::Again(Some(0)))]
#[case::for_a_week(later(503, "604800"), Fate::Again(Some(3600)))]
#[case::for_no_time_that_can_be_read(later(503, "soon"), Fate::Again(None))]
#[case::too_slow(status(408, None), Fate::Again(None))]
#[case::too_early(status(425, None), Fate::Again(None))]
#[case::a_conflict(status(409, None), Fate::Again(None))]
#[case::too_many_in_the_body(Fault::Body { status: 12 }, Fate::Again(None))]
#[case::internal_error_in_the_body(Fault::Body { status: 999 }, Fate::Again(None))]
#[case::negative_in_the_body(Fault::Body { status: -1 }, Fate::Again(None))]
#[case::page_of_a_proxy(answer(200, "<html>Sign in to the network</html>"), Fate::Again(None))]
#[case::empty(answer(200, ""), Fate::Again(None))]
#[case::no_content(answer(204, ""), Fate::Again(None))]
#[case::cut_off(answer(200, r#"{"status":0,"status_mes"#), Fate::Again(None))]
#[case::another_api(answer(200, r#"{"result":"ok"}"#), Fate::Again(None))]
#[case::unauthorized(status(401, None), Fate::Mend)]
#[case::forbidden(status(403, None), Fate::Mend)]
#[case::unpaid(status(402, None), Fate::Mend)]
#[case::proxy(status(407, None), Fate::Mend)]
#[case::moved(status(302, None), Fate::Mend)]
#[case::moved_for_good(status(308, None), Fate::Mend)]
#[case::wrong_address(status(404, None), Fate::Mend)]
#[case::wrong_way_to_ask(status(405, None), Fate::Mend)]
#[case::bad_token_in_the_body(Fault::Body { status: 2 }, Fate::Mend)]
#[case::no_balance(Fault::Body { status: 24 }, Fate::Mend)]
#[case::bad_request(status(400, Some(9)), Fate::Fails)]
#[case::too_large(status(413, None), Fate::Fails)]
#[case::unprocessable(status(422, None), Fate::Fails)]
#[case::no_such_receiver(answer(404, r#"{"status":5}"#), Fate::Fails)]
#[case::not_subscribed(Fault::Body { status: 6 }, Fate::Fails)]
#[tokio::test]
async fn only_faults_of_the_message_fail_it(#[case] fault: Fault, #[case] fate: Fate) {
    let chat = Chat::new(&Sale::default()).await;
    chat.provider.fail_next(fault);
    let found = match chat.send().await.unwrap_err() {
        SendError::Retry { needs_people: true, .. } => Fate::Mend,
        SendError::Retry { after, .. } => Fate::Again(after.map(|after| after.as_secs())),
        SendError::Permanent { .. } => Fate::Fails,
        error => panic!("{error:?}"),
    };
    assert_eq!(found, fate);
    assert_eq!(chat.provider.messages(), []);
    let (state, attempts, error) = state(&chat.db, chat.id).await;
    assert_eq!((state.as_str(), attempts), ("failed", 1));
    assert!(!error.unwrap().contains("+380"));
    assert_eq!(chat.send().await.unwrap(), Sent::Now);
}

#[tokio::test]
async fn a_provider_that_hangs_is_left_alone_and_costs_no_attempt() {
    let mut chat = Chat::new(&Sale::default()).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let timeouts = Timeouts {
        step: Duration::from_millis(100),
        total: Duration::from_millis(100),
    };
    let url = format!("http://{}", listener.local_addr().unwrap());
    chat.viber = Arc::new(HttpViber::new(&url, &"sesame".into(), timeouts).unwrap());
    for _ in 0..THRESHOLD {
        assert!(matches!(chat.send().await, Err(SendError::Retry { .. })));
    }
    let before = state(&chat.db, chat.id).await;
    for _ in 0..3 {
        assert!(matches!(chat.send().await, Err(SendError::TurnedAway(_))));
    }
    assert_eq!(state(&chat.db, chat.id).await, before, "nothing was tried");
}

#[tokio::test]
async fn a_message_whose_outcome_is_unknown_is_sent_again_as_the_same_message() {
    let chat = Chat::new(&Sale::default()).await;
    chat.provider.fail_next(Fault::Hang);
    assert!(matches!(chat.send().await, Err(SendError::Retry { .. })));
    assert_eq!(chat.send().await.unwrap(), Sent::Now);
    let messages = chat.provider.messages();
    assert_eq!(messages.iter().map(|m| m.times).collect::<Vec<_>>(), [2]);
}

#[tokio::test]
async fn a_wrong_token_or_a_dead_provider_does_not_fail_the_message() {
    let mut chat = Chat::new(&Sale::default()).await;
    let sesame = std::mem::replace(&mut chat.viber, Arc::new(client(&chat.provider.url(), "wrong")));
    let refused = chat.send().await;
    assert!(
        matches!(refused, Err(SendError::Retry { needs_people: true, .. })),
        "{refused:?}"
    );
    let (_, _, error) = state(&chat.db, chat.id).await;
    let error = error.unwrap();
    assert!(error.contains("HTTP 401, Viber status 2: invalidAuthToken"), "{error}");
    chat.viber = Arc::new(client("http://127.0.0.1:1", "sesame"));
    let away = chat.send().await;
    assert!(
        matches!(
            away,
            Err(SendError::Retry {
                needs_people: false,
                ..
            })
        ),
        "{away:?}"
    );
    assert_eq!(chat.provider.messages(), []);
    chat.viber = sesame;
    assert_eq!(chat.send().await.unwrap(), Sent::Now);
}

#[rstest]
#[case("not a url", "sesame", "VIBER_URL")]
#[case("http://localhost", "two\nlines", "VIBER_TOKEN")]
fn settings_are_checked(#[case] url: &str, #[case] token: &str, #[case] setting: &str) {
    let error = HttpViber::new(url, &token.into(), Timeouts::default()).err().unwrap();
    assert!(error.to_string().starts_with(setting));
}

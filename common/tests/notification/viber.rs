//! Viber messages over real sockets.

use std::time::Duration;

use common::app::notification::{SendError, Sent, send_viber};
use common::clients::Timeouts;
use common::clients::viber::HttpViber;
use common::clock::Clock;
use common::domain::language::{Language, Messenger};
use common::domain::order::Event;
use common::id::NotificationId;
use common::simulators::viber::{Fault, ViberSimulator};
use common::testing::database::TestDb;
use common::testing::eventually::eventually;
use common::testing::world::Sale;
use rstest::rstest;

use crate::{announced, notification, now, record_again, refuse_to_record, state, tries_to_record};

/// A provider, a client of it, and a message that waits.
struct Chat {
    db: TestDb,
    provider: ViberSimulator,
    viber: HttpViber,
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
            viber: client(&provider.url(), "sesame"),
            id: notification(&db, "Viber").await,
            db,
            provider,
        }
    }

    async fn send(&self) -> Result<Sent, SendError> {
        send_viber(&self.db.pool, &self.viber, &Clock::manual(now()), self.id).await
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

#[rstest]
#[case::broken(status(500, None), Some(None))]
#[case::unavailable(status(503, Some(7)), Some(Some(7)))]
#[case::too_many(status(429, Some(30)), Some(Some(30)))]
#[case::too_many_in_the_body(Fault::Body { status: 12 }, Some(None))]
#[case::bad_request(status(400, Some(9)), None)]
#[case::not_found(status(404, None), None)]
#[case::moved(status(302, None), None)]
#[case::not_subscribed(Fault::Body { status: 6 }, None)]
#[tokio::test]
async fn a_refusal_is_tried_again_only_when_that_can_help(#[case] fault: Fault, #[case] retry: Option<Option<u64>>) {
    let chat = Chat::new(&Sale::default()).await;
    chat.provider.fail_next(fault);
    match (chat.send().await.unwrap_err(), retry) {
        (SendError::Retry { after, .. }, Some(seconds)) => assert_eq!(after, seconds.map(Duration::from_secs)),
        (SendError::Permanent { .. }, None) => {}
        (error, _) => panic!("{error:?}"),
    }
    assert_eq!(chat.provider.messages(), []);
    let (state, attempts, error) = state(&chat.db, chat.id).await;
    assert_eq!((state.as_str(), attempts), ("failed", 1));
    assert!(!error.unwrap().contains("+380"));
}

#[tokio::test]
async fn a_message_whose_fate_is_unknown_is_sent_again_as_the_same_message() {
    let chat = Chat::new(&Sale::default()).await;
    chat.provider.fail_next(Fault::Hang);
    assert!(matches!(chat.send().await, Err(SendError::Retry { .. })));
    assert_eq!(chat.send().await.unwrap(), Sent::Now);
    let messages = chat.provider.messages();
    assert_eq!(messages.iter().map(|m| m.times).collect::<Vec<_>>(), [2]);
}

#[tokio::test]
async fn a_wrong_token_is_final_and_a_dead_provider_is_not() {
    let mut chat = Chat::new(&Sale::default()).await;
    chat.viber = client(&chat.provider.url(), "wrong");
    assert!(matches!(chat.send().await, Err(SendError::Permanent { .. })));
    chat.viber = client("http://127.0.0.1:1", "sesame");
    assert!(matches!(chat.send().await, Err(SendError::Retry { .. })));
    assert_eq!(chat.provider.messages(), []);
}

#[rstest]
#[case("not a url", "sesame", "VIBER_URL")]
#[case("http://localhost", "two\nlines", "VIBER_TOKEN")]
fn settings_are_checked(#[case] url: &str, #[case] token: &str, #[case] setting: &str) {
    let error = HttpViber::new(url, &token.into(), Timeouts::default()).err().unwrap();
    assert!(error.to_string().starts_with(setting));
}

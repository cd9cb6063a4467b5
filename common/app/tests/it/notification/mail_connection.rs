//! Connections to mail servers, and their settings.

use app::notification::SendError;
use clients::Timeouts;
use domain::ticket::Event;
use rstest::rstest;
use smtp::SmtpMailer;
use std::sync::Arc;
use testing::world::Sale;

use crate::notification::mail::{Post, mailer};

#[rstest]
#[case::starttls("smtp://{}?tls=required")]
#[case::tls("smtps://{}")]
#[case::nobody_there("smtp://127.0.0.1:1")]
#[tokio::test]
async fn nothing_is_sent_over_a_connection_that_is_not_as_asked(#[case] url: &str) {
    let mut post = Post::new(&Sale::default(), Event::Created).await;
    post.mailer = Arc::new(mailer(url.replace("{}", &post.server.address().to_string())));
    assert!(matches!(post.send().await, Err(SendError::Retry { .. })));
    assert_eq!(post.server.received(), 0);
}

#[rstest]
#[case("smtp://mail.example.com", true)]
#[case("smtp://user:p%40ss@mail.example.com:587?tls=required", true)]
#[case("smtps://user:pass@mail.example.com", true)]
#[case("smtp://mail.example.com?tls=hunter2", false)]
#[case("smtp://hunter2@mail.example.com", false)]
#[case("smtps://:465", false)]
#[case("https://user:hunter2@mail.example.com", false)]
#[case("hunter2", false)]
fn settings_are_checked_and_not_repeated(#[case] url: &str, #[case] good: bool) {
    let built = SmtpMailer::new(&url.into(), "tickets@example.com", Timeouts::default());
    match built {
        Ok(_) => assert!(good, "{url}"),
        Err(error) => {
            assert!(!good, "{url}: {error}");
            let text = error.to_string();
            assert!(text.starts_with("SMTP_URL") && !text.contains("hunter2"), "{text}");
        }
    }
    for wrong in ["nobody", "PREXSELL <tickets@localhost>", "\"a b\"@example.com"] {
        let sender = SmtpMailer::new(&"smtp://localhost".into(), wrong, Timeouts::default());
        assert!(sender.err().unwrap().to_string().starts_with("MAIL_FROM"), "{wrong}");
    }
    let sender = "Автобус <info@автобус.укр>";
    assert!(SmtpMailer::new(&"smtp://localhost".into(), sender, Timeouts::default()).is_ok());
}

//! Mail servers that hang, and domains behind them that do.

use std::sync::Arc;
use std::time::Duration;

use clients::breaker::THRESHOLD;
use clients::mailer::Mailer;
use clients::{DeliveryError, Timeouts};
use simulators::smtp::{Fault, MailSimulator};
use smtp::SmtpMailer;
use tempfile::TempDir;
use testing::eventually::eventually;

use crate::notification::mail::mail_to;

/// Longer than any test takes.
const HANG: Duration = Duration::from_secs(60);

/// A server that asks the receiver's while we wait, and one of those hangs.
#[tokio::test]
async fn a_domain_that_hangs_leaves_slots_to_the_others() {
    let folder = TempDir::new().unwrap();
    let server = MailSimulator::start(([127, 0, 0, 1], 0).into(), folder.path())
        .await
        .unwrap();
    let timeouts = Timeouts {
        step: HANG,
        total: HANG,
    };
    let url = format!("smtp://{}", server.address());
    let mailer = SmtpMailer::new(&url.into(), "tickets@prexsell.example", timeouts).unwrap();
    let mailer = Arc::new(mailer.with_slots(4));
    let mut hanging = tokio::task::JoinSet::new();
    for n in 0..3 {
        server.fail_next(Fault::HangAtReceiver);
        let mailer = Arc::clone(&mailer);
        hanging.spawn(async move { mailer.send(mail_to(&format!("{n}@hangs.example"))).await });
    }
    eventually("three hanging mails", HANG, async || {
        (server.hanging() == 3).then_some(())
    })
    .await;
    let fourth = mailer.send(mail_to("4@hangs.example")).await;
    assert!(matches!(fourth, Err(DeliveryError::TurnedAway(_))), "{fourth:?}");
    for n in 0..10 {
        mailer.send(mail_to(&format!("{n}@answers.example"))).await.unwrap();
    }
    assert_eq!(hanging.len(), 3, "they still hang");
    assert!(hanging.try_join_next().is_none());
}

#[tokio::test]
async fn a_server_that_hangs_is_left_alone_for_every_receiver() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let timeouts = Timeouts {
        step: Duration::from_millis(100),
        total: Duration::from_millis(100),
    };
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let mailer = SmtpMailer::new(&url.into(), "tickets@prexsell.example", timeouts).unwrap();
    for n in 0..THRESHOLD {
        let sent = mailer.send(mail_to(&format!("taras@{n}.example"))).await;
        assert!(matches!(sent, Err(DeliveryError::Retry { .. })), "{sent:?}");
    }
    let sent = mailer.send(mail_to("taras@another.example")).await;
    assert!(matches!(sent, Err(DeliveryError::TurnedAway(_))), "{sent:?}");
}

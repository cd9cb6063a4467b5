//! Mail over real sockets.

use app::notification::{Mails, SendError, Sent, send_email};
use clients::Timeouts;
use clients::mailer::{Mail, Mailer};
use domain::id::NotificationId;
use domain::ticket::{Event, PaymentStatus, TicketStatus};
use kernel::clock::Clock;
use rstest::rstest;
use simulators::smtp::{Fault, MailSimulator};
use smtp::SmtpMailer;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use testing::database::TestDb;
use testing::eventually::eventually;
use testing::world::Sale;

use crate::notification::{
    announced, notification, now, record_again, refuse_to_record, reply, state, tries_to_record,
};

/// A mail server, a mailer for it, and a message that waits.
pub struct Post {
    pub db: TestDb,
    pub folder: TempDir,
    pub server: MailSimulator,
    pub mailer: Arc<SmtpMailer>,
    pub id: NotificationId,
}

pub fn mailer(url: String) -> SmtpMailer {
    let timeouts = Timeouts {
        step: Duration::from_millis(800),
        total: Duration::from_secs(2),
    };
    SmtpMailer::new(&url.into(), "PREXSELL <tickets@prexsell.example>", timeouts).unwrap()
}

impl Post {
    pub async fn new(sale: &Sale, event: Event) -> Self {
        let db = TestDb::new().await;
        announced(&db, sale, event).await;
        let folder = TempDir::new().unwrap();
        let server = MailSimulator::start(([127, 0, 0, 1], 0).into(), folder.path())
            .await
            .unwrap();
        Self {
            mailer: Arc::new(mailer(format!("smtp://{}", server.address()))),
            id: notification(&db, "Email").await,
            db,
            folder,
            server,
        }
    }

    fn with(&self) -> Mails {
        Mails {
            pool: self.db.pool.clone(),
            clock: Clock::manual(now()),
            mailer: self.mailer.clone(),
            draw_pdf: documents::draw,
        }
    }

    pub async fn send(&self) -> Result<Sent, SendError> {
        send_email(&self.with(), self.id).await
    }

    /// Name and text of each mail that arrived.
    pub fn mails(&self) -> Vec<(String, String)> {
        let files = std::fs::read_dir(self.folder.path())
            .unwrap()
            .map(|file| file.unwrap().path());
        files
            .map(|path| {
                let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                (name, std::fs::read_to_string(path).unwrap())
            })
            .collect()
    }
}

#[tokio::test]
async fn a_paid_ticket_arrives_with_its_files_once() {
    let sale = Sale {
        status: TicketStatus::Confirmed,
        payment_status: PaymentStatus::Paid,
        ..Sale::default()
    };
    let post = Post::new(&sale, Event::Paid).await;
    assert_eq!(post.send().await.unwrap(), Sent::Now);
    assert_eq!(post.send().await.unwrap(), Sent::Before);
    assert_eq!(post.server.received(), 1);
    assert_eq!(state(&post.db, post.id).await, ("sent".to_owned(), 1, None));
    let replied = reply(&post.db, post.id).await;
    assert_eq!(replied.as_deref(), Some("250 2.0.0 queued as 1"));

    let [(name, mail)] = &post.mails()[..] else {
        panic!("one mail")
    };
    assert_eq!(name, &format!("{}@prexsell.example.eml", post.id));
    for line in [
        &format!("Message-ID: <{}@prexsell.example>", post.id),
        "From: PREXSELL <tickets@prexsell.example>",
        "To: \"Taras Shevchenko\" <taras@example.com>",
        "Date: Sat, 14 Nov 2026 12:15:00 +0000",
        "Content-ID: <order-qr@ticket>",
        "Content-Type: image/png",
        "Content-Type: application/pdf",
        "Content-Disposition: attachment; filename=\"ticket.pdf\"",
        "Auto-Submitted: auto-generated",
    ] {
        assert!(
            mail.contains(line),
            "{line} is missing in\n{}",
            &mail[..mail.len().min(3000)]
        );
    }
}

#[tokio::test]
async fn a_ticket_that_is_not_confirmed_does_not_come_along() {
    let post = Post::new(&Sale::default(), Event::Created).await;
    post.send().await.unwrap();
    let (_, mail) = &post.mails()[0];
    assert!(mail.contains("multipart/alternative"));
    assert!(!mail.contains("application/pdf") && !mail.contains("image/png"));
}

#[tokio::test]
async fn a_temporary_refusal_is_tried_again() {
    let post = Post::new(&Sale::default(), Event::Created).await;
    post.server.fail_next(Fault::Reject(451));
    assert!(matches!(post.send().await, Err(SendError::Retry { .. })));
    let error = "temporarily not delivered: SMTP 451".to_owned();
    assert_eq!(state(&post.db, post.id).await, ("failed".to_owned(), 1, Some(error)));
    assert_eq!(reply(&post.db, post.id).await, None);
    assert_eq!(post.send().await.unwrap(), Sent::Now);
    assert_eq!(state(&post.db, post.id).await, ("sent".to_owned(), 2, None));
}

#[rstest]
#[case::unknown_mailbox(550, true)]
#[case::rejected_text(554, true)]
#[case::too_large(552, true)]
#[case::our_credentials(535, false)]
#[case::credentials_wanted(530, false)]
#[case::bad_sequence(503, false)]
#[case::full_for_now(452, false)]
#[case::busy(421, false)]
#[tokio::test]
async fn a_refusal_is_final_when_it_is_about_the_mail(#[case] code: u16, #[case] permanent: bool) {
    let post = Post::new(&Sale::default(), Event::Created).await;
    post.server.fail_next(Fault::Reject(code));
    let error = post.send().await.unwrap_err();
    assert_eq!(matches!(error, SendError::Permanent { .. }), permanent, "{error:?}");
    assert_eq!(post.server.received(), 0);
}

#[rstest]
#[case::no_such_mailbox(550, "5.1.1 no such user", Some(false), "refused: SMTP 550 5.1.1")]
#[case::full(552, "5.2.2 mailbox full", None, "temporarily not delivered: SMTP 552 5.2.2")]
#[case::full_disk(552, "5.3.1 system full", None, "temporarily not delivered: SMTP 552 5.3.1")]
#[case::relaying(550, "5.7.1 no relaying", Some(true), "temporarily not delivered: SMTP 550 5.7.1")]
#[case::signature(550, "5.7.26 no DKIM", Some(true), "temporarily not delivered: SMTP 550 5.7.26")]
#[tokio::test]
async fn an_enhanced_code_decides_over_the_basic_one(
    #[case] code: u16,
    #[case] text: &'static str,
    #[case] needs_people: Option<bool>,
    #[case] says: &str,
) {
    let post = Post::new(&Sale::default(), Event::Created).await;
    post.server.fail_next(Fault::Say(code, text));
    match post.send().await.unwrap_err() {
        SendError::Permanent { .. } => assert_eq!(needs_people, Some(false)),
        SendError::Retry { needs_people: mend, .. } => assert_eq!(mend, needs_people == Some(true)),
        error => panic!("{error:?}"),
    }
    let (_, _, error) = state(&post.db, post.id).await;
    assert_eq!(error.as_deref(), Some(says));
}

#[rstest]
#[case::address(Some("info@karpaty.example"), Some("Reply-To: karpaty <info@karpaty.example>"))]
#[case::none(None, None)]
#[case::blank(Some(""), None)]
#[case::no_address(Some("ask at the counter\r\nBcc: eve@example.com"), None)]
#[tokio::test]
async fn answers_go_to_the_company(#[case] email: Option<&str>, #[case] line: Option<&str>) {
    let post = Post::new(&Sale::default(), Event::Created).await;
    sqlx::query("update companies set email = $1")
        .bind(email)
        .execute(&post.db.pool)
        .await
        .unwrap();
    assert_eq!(post.send().await.unwrap(), Sent::Now);
    let (_, mail) = &post.mails()[0];
    let headers = mail.split_once("\r\n\r\n").unwrap().0;
    assert_eq!(headers.lines().find(|line| line.starts_with("Reply-To")), line);
    assert!(!headers.contains("Bcc"), "{headers}");
}

pub fn mail_to(address: &str) -> Mail {
    Mail {
        id: address.replace('@', "-at-"),
        date: now(),
        to_name: String::new(),
        to_address: address.to_owned(),
        reply_to: None,
        subject: "One of many".to_owned(),
        plain: "Text".to_owned(),
        html: "<p>Text</p>".to_owned(),
        picture: None,
        attachment: None,
    }
}

#[rstest]
#[case::dropped(Fault::DropAfterData)]
#[case::silent(Fault::Hang)]
#[tokio::test]
async fn a_mail_whose_outcome_is_unknown_is_sent_again_as_the_same_mail(#[case] fault: Fault) {
    let post = Post::new(&Sale::default(), Event::Created).await;
    post.server.fail_next(fault);
    assert!(matches!(post.send().await, Err(SendError::Retry { .. })));
    assert_eq!(post.send().await.unwrap(), Sent::Now);
    assert_eq!(post.server.received(), 2);
    assert_eq!(post.mails().len(), 1);
}

/// After the server's 250 the database takes nothing for a while, and breaks the connections it had.
#[tokio::test]
async fn a_mail_that_was_accepted_is_recorded_until_it_is_recorded() {
    let post = Post::new(&Sale::default(), Event::Created).await;
    refuse_to_record(&post.db).await;
    let recording = async {
        eventually("tries to record", Duration::from_secs(60), async || {
            (tries_to_record(&post.db).await >= 2).then_some(())
        })
        .await;
        assert_eq!(state(&post.db, post.id).await.0, "sending");
        record_again(&post.db).await;
    };
    let (sent, ()) = tokio::join!(post.send(), recording);
    assert_eq!(sent.unwrap(), Sent::Now);
    assert_eq!(state(&post.db, post.id).await, ("sent".to_owned(), 1, None));
    assert_eq!(post.send().await.unwrap(), Sent::Before);
    assert_eq!(post.server.received(), 1);
}

/// More than there are idle connections, so that some are new, some are used again and some are closed.
#[tokio::test]
async fn mails_at_the_same_time_do_not_mix() {
    let folder = TempDir::new().unwrap();
    let server = MailSimulator::start(([127, 0, 0, 1], 0).into(), folder.path())
        .await
        .unwrap();
    let mailer = Arc::new(mailer(format!("smtp://{}", server.address())).with_slots(40));
    for round in 0..3 {
        let mut sending = tokio::task::JoinSet::new();
        for number in 0..40 {
            let mailer = Arc::clone(&mailer);
            let id = format!("{round}-{number}");
            let mail = Mail {
                plain: format!("This is {id}.\n.\n..\n"),
                html: format!("<p>{id}</p>"),
                id,
                ..mail_to("taras@example.com")
            };
            sending.spawn(async move { mailer.send(mail).await });
        }
        while let Some(sent) = sending.join_next().await {
            sent.unwrap().unwrap();
        }
    }
    assert_eq!(server.received(), 120);
    for id in (0..3).flat_map(|round| (0..40).map(move |number| format!("{round}-{number}"))) {
        let mail = std::fs::read_to_string(folder.path().join(format!("{id}@prexsell.example.eml"))).unwrap();
        assert!(mail.contains(&format!("\r\nThis is {id}.\r\n.\r\n..\r\n")), "{mail}");
    }
}

#[tokio::test]
async fn an_unknown_message_is_not_found() {
    let post = Post::new(&Sale::default(), Event::Created).await;
    let viber = notification(&post.db, "Viber").await;
    for id in [NotificationId::new(), viber] {
        let sent = send_email(&post.with(), id).await;
        assert!(matches!(sent, Err(SendError::NotFound)));
    }
    assert_eq!(state(&post.db, viber).await, ("pending".to_owned(), 0, None));
}

//! Names and addresses in mails.

use app::notification::{SendError, Sent};
use clients::mailer::{Mail, Mailer};
use domain::language::Language;
use domain::ticket::Event;
use domain::{email, name};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use rstest::rstest;
use simulators::smtp::MailSimulator;
use tempfile::TempDir;
use testing::world::Sale;

use crate::notification::mail::{Post, mailer};
use crate::notification::{now, state};

#[tokio::test]
async fn a_name_cannot_add_a_header() {
    let sale = Sale {
        first_name: "Eve\r\nBcc: eve@example.com\r\n\r\n.\r\nQUIT".to_owned(),
        language: Language::Uk,
        ..Sale::default()
    };
    let post = Post::new(&sale, Event::Created).await;
    post.send().await.unwrap();
    let (_, mail) = &post.mails()[0];
    let (headers, _) = mail.split_once("\r\n\r\n").unwrap();
    let names: Vec<_> = headers
        .lines()
        .filter(|line| !line.starts_with(' '))
        .filter_map(|l| l.split(':').next())
        .collect();
    assert_eq!(
        names,
        [
            "Message-ID",
            "Date",
            "From",
            "Auto-Submitted",
            "To",
            "Subject",
            "MIME-Version",
            "Content-Type"
        ]
    );
}

/// All addresses that create accepts: it applies the same rules.
#[tokio::test]
async fn every_name_and_address_that_is_accepted_can_be_sent_to() {
    let folder = TempDir::new().unwrap();
    let server = MailSimulator::start(([127, 0, 0, 1], 0).into(), folder.path())
        .await
        .unwrap();
    let mailer = mailer(format!("smtp://{}", server.address()));
    let send = async |name: &str, address: &str| {
        let mail = Mail {
            id: "one".to_owned(),
            date: now(),
            to_name: name.to_owned(),
            to_address: address.to_owned(),
            reply_to: None,
            subject: "A ticket".to_owned(),
            plain: String::new(),
            html: String::new(),
            picture: None,
            attachment: None,
        };
        mailer
            .send(mail)
            .await
            .unwrap_or_else(|error| panic!("{name:?} {address:?}: {error:?}"));
    };
    let addresses = [
        "olena@example.com",
        "o'neil+bus!#$%&*/=?^_`{|}~.-@mail.example.co.uk",
        "1@1.example",
        "info@автобус.укр",
        "info@bücher.example",
        "x@例え。テスト",
        "\u{441}@x.example",
        "\"a b\"@example.com",
        "a@localhost",
        "<a@b.example>",
    ];
    let names = [
        "Олена Коваленко",
        "O'Neil, Ann (\"the boss\") <x@y.z>; \\ =?utf-8?q?x?=",
        "王小明",
        "x@y.z,",
        "Anna\u{200d}\u{301}",
    ];
    let accepted: Vec<String> = addresses.iter().filter_map(|text| email::normal(text).ok()).collect();
    assert_eq!(accepted.len(), 6);
    for (name, address) in names
        .iter()
        .flat_map(|name| accepted.iter().map(move |address| (name, address)))
    {
        send(&name::normal(name).unwrap(), address).await;
    }
    let mut runner = TestRunner::deterministic();
    let anything = ("\\PC{1,30}", "[!-~]{1,4}", "[a-zäїß例0-9.-]{1,5}");
    for _ in 0..500 {
        let (name, local, domain) = anything.new_tree(&mut runner).unwrap().current();
        let address = email::normal(&format!("{local}@{domain}.example"));
        if let (Ok(name), Ok(address)) = (name::normal(&name), address) {
            send(&name, &address).await;
        }
    }
    assert!(server.received() > 100, "{}", server.received());
}

/// They were sold before quoted local parts and Unicode domains were dealt with.
#[rstest]
#[case("\"taras shevchenko\"@example.com", "<\"taras shevchenko\"@example.com>")]
#[case("taras@B\u{fc}cher.example", "<taras@xn--bcher-kva.example>")]
#[tokio::test]
async fn an_address_that_was_stored_before_there_was_one_form_is_sent_to(#[case] stored: &str, #[case] sent: &str) {
    let sale = Sale {
        email: Some(stored.to_owned()),
        ..Sale::default()
    };
    let post = Post::new(&sale, Event::Created).await;
    assert_eq!(post.send().await.unwrap(), Sent::Now);
    let (_, mail) = &post.mails()[0];
    assert!(mail.contains(sent), "{mail}");
}

#[tokio::test]
async fn a_malformed_address_is_final_and_not_repeated_in_the_error() {
    let sale = Sale {
        email: Some("secret person@@example".to_owned()),
        ..Sale::default()
    };
    let post = Post::new(&sale, Event::Created).await;
    assert!(matches!(post.send().await, Err(SendError::Permanent { .. })));
    let (_, _, error) = state(&post.db, post.id).await;
    assert_eq!(error.as_deref(), Some("refused: the address is malformed"));
    let fault: Option<String> = sqlx::query_scalar("select fault from notifications where id = $1")
        .bind(post.id)
        .fetch_one(&post.db.pool)
        .await
        .unwrap();
    assert_eq!(fault.as_deref(), Some("request"));
}

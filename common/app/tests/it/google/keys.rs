//! Where the keys come from, and how long they are good for.

use chrono::TimeDelta;
use clients::Timeouts;
use clients::google_keys::{GRACE, GoogleKeys, KeyError, LONGEST_PAUSE, PAUSE, TIMEOUTS};
use db::error::AppError;
use futures::future::join_all;
use rstest::rstest;
use testing::issuer::{Answer, name, sign};

use crate::google::{OLENA, Stage};

/// A good token that is signed with the second key.
fn second(stage: &Stage) -> String {
    sign(1, &stage.issuer.claims(OLENA, stage.clock.now()))
}

#[tokio::test]
async fn keys_are_kept_for_as_long_as_their_answer_says() {
    let stage = Stage::new().await;
    for (waited, asked) in [(0, 1), (599, 1), (1, 2), (599, 2), (1, 3)] {
        stage.wait(TimeDelta::seconds(waited));
        stage.identify(&stage.token()).await.unwrap();
        assert_eq!(stage.issuer.asked(), asked);
    }
    stage.issuer.cache_control(Some("max-age=60"));
    for (waited, asked) in [(600, 4), (59, 4), (1, 5)] {
        stage.wait(TimeDelta::seconds(waited));
        stage.identify(&stage.token()).await.unwrap();
        assert_eq!(stage.issuer.asked(), asked);
    }
}

#[tokio::test]
async fn a_new_key_is_fetched_but_not_at_every_request() {
    let stage = Stage::new().await;
    stage.identify(&stage.token()).await.unwrap();
    stage.issuer.answer(Answer::Keys(vec![1, 0]));
    let refused = stage.identify(&second(&stage)).await;
    assert!(matches!(refused, Err(AppError::InvalidCredentials)));
    assert_eq!(stage.issuer.asked(), 1, "it was asked just now");
    stage.wait(PAUSE);
    assert_eq!(stage.identify(&second(&stage)).await.unwrap(), stage.olena);
    assert_eq!(stage.identify(&stage.token()).await.unwrap(), stage.olena);
    assert_eq!(stage.issuer.asked(), 2);
}

#[tokio::test]
async fn a_withdrawn_key_is_refused_after_its_lifetime() {
    let stage = Stage::new().await;
    stage.identify(&stage.token()).await.unwrap();
    stage.issuer.answer(Answer::Keys(vec![1]));
    stage.wait(TimeDelta::seconds(600));
    assert_eq!(stage.identify(&second(&stage)).await.unwrap(), stage.olena);
    let old = stage.identify(&stage.token()).await;
    assert!(matches!(old, Err(AppError::InvalidCredentials)));
}

#[tokio::test]
async fn invented_keys_do_not_each_cause_a_request() {
    let stage = Stage::new().await;
    for _ in 0..3 {
        let asked = stage.issuer.asked();
        let answers = join_all((0..50).map(|_| async { stage.identify(&second(&stage)).await })).await;
        assert!(
            answers
                .iter()
                .all(|answer| matches!(answer, Err(AppError::InvalidCredentials)))
        );
        assert_eq!(stage.issuer.asked(), asked + 1);
        stage.wait(PAUSE);
    }
}

#[tokio::test]
async fn retry_after_is_respected_within_a_bound() {
    let stage = Stage::new().await;
    for (asked, waits) in [
        ("60", 60),
        ("86400", LONGEST_PAUSE.num_seconds()),
        ("1", PAUSE.num_seconds()),
    ] {
        stage.issuer.answer(Answer::Later(asked.to_owned()));
        let before = stage.issuer.asked();
        assert!(matches!(
            stage.identify(&stage.token()).await,
            Err(AppError::Unavailable(_))
        ));
        stage.wait(TimeDelta::seconds(waits - 1));
        assert!(matches!(
            stage.identify(&stage.token()).await,
            Err(AppError::Unavailable(_))
        ));
        assert_eq!(stage.issuer.asked(), before + 1);
        stage.wait(TimeDelta::seconds(1));
    }
    stage.issuer.answer(Answer::Keys(vec![0]));
    stage.identify(&stage.token()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn callers_at_the_same_time_share_one_fetch() {
    let stage = Stage::new().await;
    let token = stage.token();
    for asked in 1..=3 {
        let answers = join_all((0..50).map(|_| stage.identify(&token))).await;
        assert!(
            answers
                .iter()
                .all(|answer| answer.as_ref().is_ok_and(|id| *id == stage.olena))
        );
        assert_eq!(stage.issuer.asked(), asked);
        stage.wait(TimeDelta::seconds(600));
    }
}

#[rstest]
#[case::down(None)]
#[case::broken(Some(Answer::Status(500)))]
#[case::moved(Some(Answer::Status(302)))]
#[case::garbage(Some(Answer::Text("<html>".to_owned())))]
#[case::no_keys(Some(Answer::Text("{ \"keys\": [] }".to_owned())))]
#[case::huge(Some(Answer::Text("x".repeat(10_000_000))))]
#[tokio::test]
async fn the_last_keys_are_accepted_for_a_while_when_the_provider_fails(#[case] failure: Option<Answer>) {
    let mut stage = Stage::new().await;
    stage.identify(&stage.token()).await.unwrap();
    match &failure {
        Some(answer) => stage.issuer.answer(answer.clone()),
        None => stage.issuer.close(),
    }
    let unavailable = |answer| matches!(answer, Err(AppError::Unavailable(_)));
    stage.wait(TimeDelta::seconds(599));
    // Whether this key is new or made up cannot be known now.
    assert!(unavailable(stage.identify(&second(&stage)).await));
    stage.wait(TimeDelta::seconds(1));
    assert_eq!(stage.identify(&stage.token()).await.unwrap(), stage.olena);
    stage.wait(GRACE - TimeDelta::seconds(1));
    assert_eq!(stage.identify(&stage.token()).await.unwrap(), stage.olena);
    stage.wait(TimeDelta::seconds(1));
    assert!(unavailable(stage.identify(&stage.token()).await));

    stage.issuer.answer(Answer::Keys(vec![0]));
    if failure.is_none() {
        stage.issuer.open().await;
    }
    assert!(unavailable(stage.identify(&stage.token()).await), "it failed just now");
    stage.wait(PAUSE);
    assert_eq!(stage.identify(&stage.token()).await.unwrap(), stage.olena);
}

#[tokio::test]
async fn a_failing_provider_is_not_asked_at_every_request() {
    let stage = Stage::new().await;
    stage.issuer.answer(Answer::Status(503));
    for asked in 1..=3 {
        let answers = join_all((0..20).map(|_| async { stage.identify(&stage.token()).await })).await;
        assert!(
            answers
                .iter()
                .all(|answer| matches!(answer, Err(AppError::Unavailable(_))))
        );
        assert_eq!(stage.issuer.asked(), asked);
        stage.wait(PAUSE);
    }
}

/// A request that is dropped does not end the fetch that others wait for.
#[tokio::test]
async fn a_fetch_outlives_the_caller_that_began_it() {
    let stage = Stage::new().await;
    let keys = GoogleKeys::new(&stage.issuer.keys_url(), stage.clock.clone(), TIMEOUTS).unwrap();
    let id = name(0);
    // Polled once, and dropped.
    assert!(futures::FutureExt::now_or_never(keys.key(&id)).is_none());
    assert!(keys.key(&id).await.is_ok());
    assert_eq!(stage.issuer.asked(), 1);
}

#[tokio::test]
async fn a_slow_provider_is_not_waited_for() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/keys", silent.local_addr().unwrap());
    let stage = Stage::new().await;
    let timeouts = Timeouts {
        step: std::time::Duration::from_millis(50),
        total: std::time::Duration::from_millis(100),
    };
    let keys = GoogleKeys::new(&url, stage.clock.clone(), timeouts).unwrap();
    assert_eq!(keys.key("any").await.err(), Some(KeyError::Unavailable));
}

#[test]
fn the_url_is_checked() {
    let error = GoogleKeys::new("not a url", kernel::clock::Clock::system(), TIMEOUTS).unwrap_err();
    assert!(error.to_string().starts_with("GOOGLE_KEYS_URL"));
}

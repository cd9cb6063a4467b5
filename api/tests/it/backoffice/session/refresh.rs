use std::collections::BTreeSet;

use api::auth::cookie;
use chrono::{DateTime, TimeDelta, Utc};
use domain::id::SessionId;
use domain::session::token::{RefreshClaim, SessionKey};
use domain::session::{ACCESS_LIFETIME, LEEWAY, LIFETIME};
use serde_json::json;

use super::{CLEARED, set_cookies, status_and_code};
use crate::backoffice::support::Office;
use crate::harness::browser::Browser;

fn refresh_token(browser: &Browser) -> String {
    browser.cookie(cookie::REFRESH).unwrap()
}

fn instant(text: &serde_json::Value) -> DateTime<Utc> {
    text.as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_refresh_brings_two_new_tokens_and_prolongs_the_session() {
    let office = Office::open().await;
    let browser = office.manager("a@karpaty.example").await;
    let (access, refresh) = (browser.cookie(cookie::ACCESS).unwrap(), refresh_token(&browser));
    office.wait(ACCESS_LIFETIME);
    assert_eq!(status_and_code(&browser.me().await), (401, "SESSION_EXPIRED"));
    let seen = browser.refresh().await;
    seen.status(200);
    assert_eq!(set_cookies(&seen).len(), 2);
    assert_ne!(browser.cookie(cookie::ACCESS).unwrap(), access);
    assert_ne!(refresh_token(&browser), refresh);
    let session = &seen.body["data"]["session"];
    assert_eq!(instant(&session["expiresAt"]), office.clock.now() + LIFETIME);
    assert_eq!(instant(&session["lastUsedAt"]), office.clock.now());
    assert_eq!(browser.me().await.body, seen.body);
    // Repeatedly and without a pause: each time there is a new token.
    let mut tokens = BTreeSet::from([refresh, refresh_token(&browser)]);
    for _ in 0..5 {
        browser.refresh().await.status(200);
        assert!(tokens.insert(refresh_token(&browser)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_tabs_that_refresh_at_once_stay_signed_in_with_one_successor() {
    let office = Office::open().await;
    let browser = office.manager("tabs@karpaty.example").await;
    let before = refresh_token(&browser);
    let tabs: Vec<Browser> = (0..200).map(|_| browser.copy()).collect();
    let answers = futures::future::join_all(tabs.iter().map(Browser::refresh)).await;
    for seen in &answers {
        seen.status(200);
    }
    let successors: BTreeSet<_> = tabs.iter().map(refresh_token).collect();
    assert_eq!(successors.len(), 1);
    assert!(!successors.contains(&before));
    let still = futures::future::join_all(tabs.iter().map(Browser::me)).await;
    assert!(still.iter().all(|seen| seen.status == 200));
    // A quarter of an hour later they all refresh again.
    office.wait(ACCESS_LIFETIME);
    let answers = futures::future::join_all(tabs.iter().map(Browser::refresh)).await;
    assert!(answers.iter().all(|seen| seen.status == 200));
    assert_eq!(office.count_sessions().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn tabs_with_one_cookie_jar_are_never_left_with_a_dead_token() {
    let office = Office::open().await;
    let browser = office.manager("jar@karpaty.example").await;
    for _ in 0..3 {
        // The jar is shared: the last response stays in it, and slow tabs send tokens of earlier ones.
        let tabs = (0..30).map(|_| async {
            let tab = browser.clone();
            for _ in 0..5 {
                tab.refresh().await.status(200);
            }
        });
        futures::future::join_all(tabs).await;
        office.wait(ACCESS_LIFETIME);
        assert_eq!(browser.refresh().await.status, 200, "with what was left in the jar");
        office.wait(ACCESS_LIFETIME);
    }
}

#[tokio::test]
async fn a_token_is_not_superseded_while_answers_with_it_may_be_on_their_way() {
    let office = Office::open().await;
    let first = office.manager("slow@karpaty.example").await;
    let (slow, late) = (first.copy(), first.copy());
    first.refresh().await;
    let successor = refresh_token(&first);
    // A response to `slow` with the same successor may still be on its way when `first` continues.
    slow.refresh().await;
    office.wait(TimeDelta::seconds(5));
    first.refresh().await;
    assert_eq!(refresh_token(&first), successor);
    late.refresh().await;
    assert_eq!(refresh_token(&late), successor);
    office.wait(LEEWAY + TimeDelta::seconds(1));
    first.refresh().await.status(200);
    assert_ne!(refresh_token(&first), successor);
}

#[tokio::test]
async fn a_superseded_token_is_honoured_for_twenty_seconds() {
    let office = Office::open().await;
    let browser = office.manager("old@karpaty.example").await;
    let old = browser.copy();
    browser.refresh().await;
    office.wait(LEEWAY);
    old.refresh().await.status(200);
    assert_eq!(refresh_token(&old), refresh_token(&browser));
    old.me().await.status(200);
}

#[tokio::test]
async fn a_token_that_is_used_long_after_it_was_superseded_ends_the_session() {
    let office = Office::open().await;
    let browser = office.manager("copied@karpaty.example").await;
    let other = office.browse_as("copied@karpaty.example").await;
    let thief = browser.copy();
    browser.refresh().await;
    office.wait(LEEWAY + TimeDelta::milliseconds(1));
    let seen = thief.refresh().await;
    assert_eq!(status_and_code(&seen), (401, "SESSION_REPLAYED"));
    assert_eq!(set_cookies(&seen), CLEARED);
    assert_eq!(seen.header("www-authenticate"), "Session");
    // The whole session ends at once; the user's other session continues.
    assert_eq!(status_and_code(&browser.me().await), (401, "SESSION_EXPIRED"));
    assert_eq!(status_and_code(&browser.refresh().await), (401, "SESSION_EXPIRED"));
    other.me().await.status(200);
    other.refresh().await.status(200);
    let revoked: Vec<DateTime<Utc>> =
        sqlx::query_scalar("select revoked_at from sessions where revoked_at is not null")
            .fetch_all(office.pool())
            .await
            .unwrap();
    assert_eq!(revoked, [office.clock.now()]);
}

#[tokio::test]
async fn a_copied_token_that_is_repeated_every_fifteen_seconds_is_detected() {
    let office = Office::open().await;
    // A token that is superseded already, and the valid one while it is given to several tabs.
    for (name, superseded) in [("old", true), ("valid", false)] {
        let email = format!("{name}@karpaty.example");
        let owner = office.manager(&email).await;
        let (before, tab) = (owner.copy(), owner.copy());
        owner.refresh().await;
        tab.refresh().await;
        let copied = refresh_token(if superseded { &before } else { &owner });
        let mut good = 0;
        let last = loop {
            // The same token each time, whatever the response.
            let thief = office.browser();
            thief.set_cookie(cookie::REFRESH, &copied);
            let seen = thief.refresh().await;
            if seen.status != 200 {
                break seen;
            }
            good += 1;
            office.wait(TimeDelta::seconds(15));
        };
        assert_eq!(status_and_code(&last), (401, "SESSION_REPLAYED"), "{name}");
        assert!(good <= 4, "{name}: alive for {} s", good * 15);
        assert_eq!(status_and_code(&owner.me().await), (401, "SESSION_EXPIRED"), "{name}");
        assert_eq!(
            status_and_code(&owner.refresh().await),
            (401, "SESSION_EXPIRED"),
            "{name}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_of_replays_ends_the_session_once() {
    let office = Office::open().await;
    let browser = office.manager("crowd@karpaty.example").await;
    let old = browser.copy();
    browser.refresh().await;
    office.wait(LEEWAY + TimeDelta::seconds(1));
    let thieves: Vec<Browser> = (0..20).map(|_| old.copy()).collect();
    let answers = futures::future::join_all(thieves.iter().map(Browser::refresh)).await;
    let replayed = answers.iter().filter(|seen| seen.code() == "SESSION_REPLAYED").count();
    let over = answers.iter().filter(|seen| seen.code() == "SESSION_EXPIRED").count();
    assert_eq!((replayed, over), (1, 19));
}

#[tokio::test]
async fn a_session_without_use_for_thirty_days_ends() {
    let office = Office::open().await;
    let browser = office.manager("away@karpaty.example").await;
    office.wait(LIFETIME - TimeDelta::seconds(1));
    browser.refresh().await.status(200);
    office.wait(LIFETIME);
    let seen = browser.refresh().await;
    assert_eq!(status_and_code(&seen), (401, "SESSION_EXPIRED"));
}

#[tokio::test]
async fn foreign_refresh_tokens_are_refused_and_change_nothing() {
    let office = Office::open().await;
    let browser = office.manager("forged@karpaty.example").await;
    let genuine = refresh_token(&browser);
    let claim = RefreshClaim::read(&genuine).unwrap();
    let salt: Vec<u8> = sqlx::query_scalar("select salt from sessions")
        .fetch_one(office.pool())
        .await
        .unwrap();
    let salt = salt.try_into().unwrap();
    let secret = b"0123456789abcdef0123456789abcdef";
    let elsewhere = SessionKey::new(secret, "production").refresh_token(claim.session_id, 0, &salt);
    let unsalted = SessionKey::new(secret, "local").refresh_token(claim.session_id, 0, &[0; 16]);
    let nobody = office.state.session_key.refresh_token(SessionId::new(), 0, &salt);
    let mut flipped = genuine.clone().into_bytes();
    flipped[22] ^= 1;
    let flipped = String::from_utf8(flipped).unwrap();
    let access = browser.cookie(cookie::ACCESS).unwrap();
    for forged in [
        "",
        "x",
        &genuine[..genuine.len() - 4],
        &flipped,
        &elsewhere,
        &unsalted,
        &nobody,
        &access,
        &"A".repeat(4000),
    ] {
        let forger = browser.copy();
        forger.set_cookie(cookie::REFRESH, forged);
        let seen = forger.refresh().await;
        assert_eq!(status_and_code(&seen), (401, "UNAUTHORIZED"), "{forged}");
        assert!(set_cookies(&seen).is_empty());
    }
    let nobody = office.browser().refresh().await;
    assert_eq!(status_and_code(&nobody), (401, "UNAUTHORIZED"));
    // A token of a future generation is not accepted, although it is genuine.
    let ahead = browser.copy();
    let token = office.state.session_key.refresh_token(claim.session_id, 7, &salt);
    ahead.set_cookie(cookie::REFRESH, &token);
    assert_eq!(status_and_code(&ahead.refresh().await), (401, "SESSION_EXPIRED"));
    browser.refresh().await.status(200);
}

#[tokio::test]
async fn a_body_is_not_asked_for() {
    let office = Office::open().await;
    let browser = office.manager("body@karpaty.example").await;
    browser.post("/v2/auth/refresh", &json!({ "a": 1 })).await.status(200);
}

//! The preview of an invitation, as its recipient sees it before accepting it.

use std::time::Duration;

use chrono::TimeDelta;
use domain::role::Role;
use ledger::delivery::NUDGES_KEY;
use serde_json::{Value, json};
use testing::eventually::eventually;
use testing::redis::TestRedis;

use crate::backoffice::people::{accept, invite, invited, newcomer};
use crate::backoffice::support::Office;
use crate::harness::answer::Seen;
use crate::harness::browser::Browser;

const TARAS: &str = "taras@example.com";

async fn look(guest: &Browser, token: &str) -> Seen {
    guest
        .post("/v2/auth/invitations/preview", &json!({ "token": token }))
        .await
}

async fn seen(guest: &Browser, token: &str) -> Value {
    let seen = look(guest, token).await;
    seen.status(200);
    seen.body["data"].clone()
}

#[tokio::test]
async fn it_states_workplace_role_inviter_and_expiry() {
    let office = Office::open().await;
    let admin = office.at_karpaty(Role::Admin).await;
    let me = admin.get("/v2/auth/me").await.body["data"].clone();
    let (_, token) = invited(&office, &admin, "Taras@Example.com", "DISPATCHER").await;
    let name = |user: &Value| {
        format!(
            "{} {}",
            user["firstName"].as_str().unwrap(),
            user["lastName"].as_str().unwrap()
        )
    };
    let expected = json!({
        "status": "Open",
        "email": TARAS,
        "contextType": "COMPANY",
        "name": me["access"]["name"],
        "role": "DISPATCHER",
        "invitedBy": name(&me["user"]),
        "expiresAt": "2027-02-08T08:00:00.000Z",
    });
    let guest = office.browser();
    assert_eq!(seen(&guest, &token).await, expected);
    assert_eq!(seen(&guest, &token).await, expected, "looking changes nothing");
    accept(&guest, &token, newcomer()).await.status(200);
    assert_eq!(seen(&guest, &token).await["status"], "Accepted");
}

#[tokio::test]
async fn expired_accepted_and_withdrawn_invitations_get_different_responses() {
    let office = Office::open().await;
    let admin = office.at_karpaty(Role::Admin).await;
    let guest = office.browser();
    let (_, replaced) = invited(&office, &admin, TARAS, "MANAGER").await;
    let (id, withdrawn) = invited(&office, &admin, TARAS, "MANAGER").await;
    assert_eq!(seen(&guest, &replaced).await["status"], "Withdrawn");
    assert_eq!(seen(&guest, &withdrawn).await["status"], "Open");
    admin.delete(&format!("/v2/people/invitations/{id}")).await.status(204);
    assert_eq!(seen(&guest, &withdrawn).await["status"], "Withdrawn");
    let (_, expired) = invited(&office, &admin, TARAS, "MANAGER").await;
    office.wait(TimeDelta::days(7));
    assert_eq!(seen(&guest, &expired).await["status"], "Expired");
    assert_eq!(seen(&guest, &withdrawn).await["status"], "Withdrawn");
}

#[tokio::test]
async fn an_unknown_token_shows_nothing() {
    let office = Office::open().await;
    let admin = office.at_karpaty(Role::Admin).await;
    let (_, token) = invited(&office, &admin, TARAS, "MANAGER").await;
    for forged in ["", "nonsense", &token[1..], &format!("B{}", &token[1..])] {
        look(&office.browser(), forged).await.refused(404, "NOT_FOUND");
    }
}

#[tokio::test]
async fn its_job_is_announced_to_the_relay() {
    let redis = TestRedis::start().await;
    let url = redis.url();
    let office = Office::open_with(|settings| settings.merge(("redis_url", url))).await;
    let admin = office.at_karpaty(Role::Admin).await;
    let nudges = async || redis.ask::<i64>(&["LLEN", NUDGES_KEY]).await;
    admin.get("/v2/people/invitations").await.status(200);
    assert_eq!(nudges().await, 0);
    invite(&admin, TARAS, "MANAGER").await.status(201);
    eventually("a nudge", Duration::from_secs(60), async || {
        (nudges().await > 0).then_some(())
    })
    .await;
}

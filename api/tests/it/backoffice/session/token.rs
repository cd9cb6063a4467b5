use api::auth::cookie;
use domain::id::{AccessId, SessionId};
use domain::session::ACCESS_LIFETIME;
use domain::session::token::{AccessClaims, SessionKey};
use figment::providers::Serialized;

use super::status_and_code;
use crate::backoffice::support::Office;

const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";

/// The header of a JWT without a signature.
fn header_of_none() -> &'static str {
    "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0" // {"alg":"none","typ":"JWT"}
}

#[tokio::test]
async fn foreign_access_tokens_are_rejected() {
    let office = Office::open().await;
    let browser = office.manager("victim@karpaty.example").await;
    let genuine = browser.cookie(cookie::ACCESS).unwrap();
    let refresh = browser.cookie(cookie::REFRESH).unwrap();
    let parts: Vec<&str> = genuine.split('.').collect();
    let now = office.clock.now();
    let (session_id, access_id): (SessionId, AccessId) = sqlx::query_as("select id, access_id from sessions")
        .fetch_one(office.pool())
        .await
        .unwrap();
    let claims = AccessClaims { session_id, access_id };
    let sign =
        |secret: &[u8], environment: &str, claims| SessionKey::new(secret, environment).sign(claims, now).unwrap();
    let own = sign(SECRET, "local", claims);
    assert_eq!(own, genuine, "what is forged below differs in one thing each");
    let nobody = AccessClaims {
        session_id: SessionId::new(),
        ..claims
    };
    let nowhere = AccessClaims {
        access_id: AccessId::new(),
        ..claims
    };
    for (what, forged) in [
        ("empty", String::new()),
        ("garbage", "garbage".to_owned()),
        ("cut", genuine[..genuine.len() - 1].to_owned()),
        ("unsigned", format!("{}.{}.", parts[0], parts[1])),
        ("no algorithm", format!("{}.{}.", header_of_none(), parts[1])),
        (
            "no algorithm, signed",
            format!("{}.{}.{}", header_of_none(), parts[1], parts[2]),
        ),
        ("another environment", sign(SECRET, "production", claims)),
        (
            "another secret",
            sign(b"another secret of 32 bytes length", "local", claims),
        ),
        ("another session", sign(SECRET, "local", nobody)),
        ("another access", sign(SECRET, "local", nowhere)),
        ("a refresh token", refresh),
        ("long", "a.".repeat(2000)),
    ] {
        let forger = office.browser();
        forger.set_cookie(cookie::ACCESS, &forged);
        for seen in [forger.me().await, forger.press("/v2/auth/logout-all").await] {
            assert_eq!(status_and_code(&seen), (401, "UNAUTHORIZED"), "{what}");
            assert_eq!(seen.header("www-authenticate"), "Session");
        }
    }
    browser.me().await.status(200);
}

#[tokio::test]
async fn the_access_token_of_another_user_does_not_fit_a_session() {
    let office = Office::open().await;
    office.manager("other@karpaty.example").await;
    let others: AccessId = sqlx::query_scalar("select access_id from sessions")
        .fetch_one(office.pool())
        .await
        .unwrap();
    let browser = office.at_wisla(domain::role::Role::Admin).await;
    let own: SessionId = sqlx::query_scalar("select id from sessions where access_id <> $1")
        .bind(others)
        .fetch_one(office.pool())
        .await
        .unwrap();
    let claims = AccessClaims {
        session_id: own,
        access_id: others,
    };
    let token = office.state.session_key.sign(claims, office.clock.now()).unwrap();
    browser.set_cookie(cookie::ACCESS, &token);
    assert_eq!(status_and_code(&browser.me().await), (401, "UNAUTHORIZED"));
}

#[tokio::test]
async fn an_access_token_is_good_for_fifteen_minutes() {
    let office = Office::open().await;
    let browser = office.manager("time@karpaty.example").await;
    office.wait(ACCESS_LIFETIME - chrono::TimeDelta::seconds(1));
    browser.me().await.status(200);
    office.wait(chrono::TimeDelta::seconds(1));
    assert_eq!(status_and_code(&browser.me().await), (401, "SESSION_EXPIRED"));
}

#[tokio::test]
async fn contradicting_cookies_are_refused() {
    let office = Office::open().await;
    let browser = office.manager("twice@karpaty.example").await;
    let token = browser.cookie(cookie::ACCESS).unwrap();
    let pair = |value: &str| (cookie::ACCESS.to_owned(), value.to_owned());
    browser.cookies.lock().unwrap().push(pair(&token));
    assert_eq!(browser.me().await.status, 200, "the same twice is no contradiction");
    browser.cookies.lock().unwrap().push(pair("other"));
    assert_eq!(status_and_code(&browser.me().await), (401, "UNAUTHORIZED"));
}

#[tokio::test]
async fn a_catalogue_that_asks_for_a_key_is_open_to_people_who_are_signed_in() {
    let closed = Serialized::default("catalogue_requires_key", true);
    let office = Office::open_with(|settings| settings.merge(closed)).await;
    let browser = office.manager("reader@karpaty.example").await;
    let schedule = "/v2/offers/schedule?departureCitySlug=a&arrivalCitySlug=b&date=2027-02-02";
    for path in ["/v2/cities", "/v2/stops", schedule] {
        let nobody = office.browser().get(path).await;
        assert_eq!(status_and_code(&nobody), (401, "UNAUTHORIZED"), "{path}");
        assert_eq!(nobody.header("www-authenticate"), "ApiKey");
        let seen = browser.get(path).await;
        assert!([200, 404].contains(&seen.status), "{path}: {}", seen.body);
    }
    let wrong_key = browser.http.get(format!("{}/v2/cities", browser.base));
    let seen = browser.send(wrong_key.header("x-api-key", "nonsense")).await;
    assert_eq!(
        status_and_code(&seen),
        (401, "UNAUTHORIZED"),
        "a key that is sent is checked"
    );
    let offers = "/v2/offers?departureCity=a&arrivalCity=b&departureDate=2027-02-02&passengers=1";
    assert_eq!(status_and_code(&browser.get(offers).await), (401, "UNAUTHORIZED"));
    office.wait(ACCESS_LIFETIME);
    assert_eq!(
        status_and_code(&browser.get("/v2/cities").await),
        (401, "SESSION_EXPIRED")
    );
}

#[tokio::test]
async fn the_catalogue_ignores_expired_cookies() {
    let office = Office::open().await;
    let browser = office.manager("reader@karpaty.example").await;
    office.wait(ACCESS_LIFETIME);
    browser.get("/v2/cities").await.status(200);
}

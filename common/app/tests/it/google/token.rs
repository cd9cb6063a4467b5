//! Which tokens stand for a person.

use app::google::{Google, identify};
use config::{Needs, Settings};
use db::error::AppError;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use kernel::clock::Clock;
use serde_json::{Value, json};
use testing::issuer::{self, sign};
use testing::settings::settings;

use crate::google::{OLENA, Stage};

#[tokio::test]
async fn a_valid_token_identifies_the_user_with_its_address() {
    let stage = Stage::new().await;
    assert_eq!(stage.identify(&stage.token()).await.unwrap(), stage.olena);
    let shouted = stage.issuer.token("OLENA@Karpaty.Example", stage.clock.now());
    assert_eq!(stage.identify(&shouted).await.unwrap(), stage.olena);
    assert_eq!(stage.issuer.asked(), 1);
}

/// Good claims with one thing changed.
fn changed(stage: &Stage, field: &str, value: Value) -> String {
    let mut claims = stage.issuer.claims(OLENA, stage.clock.now());
    claims[field] = value;
    sign(0, &claims)
}

#[tokio::test]
async fn all_invalid_tokens_get_the_same_refusal() {
    let stage = Stage::new().await;
    let now = stage.clock.now().timestamp();
    let good = stage.token();
    let (head, signature) = good.rsplit_once('.').unwrap();
    let (header, claims) = head.split_once('.').unwrap();
    let other = stage.issuer.token("mallory@karpaty.example", stage.clock.now());
    let others_claims = other.split('.').nth(1).unwrap();
    let refused = [
        ("cut", good[..good.len() - 1].to_owned()),
        ("cut in the middle", good[..good.len() / 2].to_owned()),
        ("without a signature", format!("{head}.")),
        ("with a foreign signature", {
            let forged = sign(1, &stage.issuer.claims(OLENA, stage.clock.now()));
            format!("{head}.{}", forged.rsplit_once('.').unwrap().1)
        }),
        (
            "with claims of another",
            format!("{header}.{others_claims}.{signature}"),
        ),
        ("with four parts", format!("{header}.{claims}.{signature}.{signature}")),
        ("empty", String::new()),
        ("a word", "token".to_owned()),
        ("NUL", "\0".to_owned()),
        ("huge", "x".repeat(1_000_000)),
        ("expired", changed(&stage, "exp", json!(now - 61))),
        ("endless", changed(&stage, "exp", json!("never"))),
        ("from the future", changed(&stage, "iat", json!(now + 61))),
        ("without a beginning", changed(&stage, "iat", Value::Null)),
        (
            "of Google, not of ours",
            changed(&stage, "iss", json!("https://accounts.google.com")),
        ),
        (
            "for another client",
            changed(&stage, "aud", json!("other.apps.example")),
        ),
        ("for nobody", changed(&stage, "aud", Value::Null)),
        ("unverified", changed(&stage, "email_verified", json!(false))),
        ("verified in words", changed(&stage, "email_verified", json!("yes"))),
        ("without an address", changed(&stage, "email", Value::Null)),
        (
            "of nobody we know",
            changed(&stage, "email", json!("mallory@karpaty.example")),
        ),
        ("with NUL in its address", changed(&stage, "email", json!("olena\0@x"))),
    ];
    for (what, token) in refused {
        let answer = stage.identify(&token).await;
        assert!(
            matches!(answer, Err(AppError::InvalidCredentials)),
            "{what}: {answer:?}"
        );
    }
    assert_eq!(stage.identify(&good).await.unwrap(), stage.olena);
}

#[tokio::test]
async fn only_the_one_algorithm_is_accepted() {
    let stage = Stage::new().await;
    let claims = stage.issuer.claims(OLENA, stage.clock.now());
    // The public key, in every form that a library might take for a secret.
    let public = issuer::public(0);
    let modulus = public["n"].as_str().unwrap();
    for secret in [modulus.to_owned(), public.to_string()] {
        for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
            let mut header = Header::new(algorithm);
            header.kid = Some(issuer::name(0));
            let token = jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap();
            assert!(matches!(
                stage.identify(&token).await,
                Err(AppError::InvalidCredentials)
            ));
        }
    }
    let good = stage.token();
    let rest = good.split_once('.').unwrap().1;
    // {"alg":"none","kid":"key-0"}, with and without the signature.
    let none = "eyJhbGciOiJub25lIiwia2lkIjoia2V5LTAifQ";
    let unsigned = rest.rsplit_once('.').unwrap().0;
    for token in [format!("{none}.{rest}"), format!("{none}.{unsigned}.")] {
        assert!(matches!(
            stage.identify(&token).await,
            Err(AppError::InvalidCredentials)
        ));
    }
    assert_eq!(stage.issuer.asked(), 0, "nothing to look up");
}

#[tokio::test]
async fn without_a_client_id_it_is_not_set_up() {
    let stage = Stage::new().await;
    let settings = Settings::from_figment(&settings(&stage.db.url), Needs::Api).unwrap();
    let google = Google::new(&settings, Clock::system()).unwrap();
    assert!(google.is_none());
    let answer = identify(&stage.db.pool, None, &stage.token().as_str().into()).await;
    assert!(matches!(answer, Err(AppError::Forbidden(_))));
}

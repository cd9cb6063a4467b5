//! Tests of the checks of ID tokens.

use chrono::{DateTime, TimeDelta, Utc};
use rstest::rstest;

use super::{Audience, Claims, LEEWAY, Refusal, Terms, check, key_id};

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn terms() -> Terms {
    Terms::new("https://accounts.google.com", "us")
}

fn claims() -> Claims {
    Claims {
        iss: "https://accounts.google.com".to_owned(),
        aud: Audience::One("us".to_owned()),
        exp: now().timestamp() + 3600,
        iat: now().timestamp(),
        nbf: None,
        email: Some(" Olena@Karpaty.example ".to_owned()),
        email_verified: Some(true),
        nonce: None,
    }
}

fn many(clients: &[&str]) -> Audience {
    Audience::Many(clients.iter().map(ToString::to_string).collect())
}

#[test]
fn an_address_is_given_as_people_are_stored_under_it() {
    assert_eq!(
        check(&claims(), &terms(), None, now()).unwrap(),
        "olena@karpaty.example"
    );
}

#[test]
fn google_has_two_names_and_others_have_one() {
    let short = Claims {
        iss: "accounts.google.com".to_owned(),
        ..claims()
    };
    assert!(check(&short, &terms(), None, now()).is_ok());
    let other = Terms::new("https://id.example", "us");
    assert_eq!(check(&short, &other, None, now()), Err(Refusal::Issuer));
    let own = Claims {
        iss: "https://id.example".to_owned(),
        ..claims()
    };
    assert!(check(&own, &other, None, now()).is_ok());
    assert_eq!(check(&own, &terms(), None, now()), Err(Refusal::Issuer));
}

#[rstest]
#[case(Audience::One("them".to_owned()), false)]
#[case(Audience::One(String::new()), false)]
#[case(many(&["us"]), true)]
#[case(many(&["us", "them"]), false)]
#[case(many(&[]), false)]
fn it_must_be_for_us_alone(#[case] aud: Audience, #[case] accepted: bool) {
    let answer = check(&Claims { aud, ..claims() }, &terms(), None, now());
    assert_eq!(answer.err(), (!accepted).then_some(Refusal::Audience));
}

#[test]
fn its_times_are_checked_with_a_tolerance_of_a_minute() {
    let end = DateTime::from_timestamp(claims().exp, 0).unwrap() + LEEWAY;
    assert!(check(&claims(), &terms(), None, end - TimeDelta::seconds(1)).is_ok());
    assert_eq!(check(&claims(), &terms(), None, end), Err(Refusal::Expired));
    let start = now() - LEEWAY;
    assert!(check(&claims(), &terms(), None, start).is_ok());
    assert_eq!(
        check(&claims(), &terms(), None, start - TimeDelta::seconds(1)),
        Err(Refusal::Early)
    );
    let later = Claims {
        nbf: Some(now().timestamp() + 61),
        ..claims()
    };
    assert_eq!(check(&later, &terms(), None, now()), Err(Refusal::Early));
    let extreme = Claims {
        exp: i64::MIN,
        iat: i64::MAX,
        ..claims()
    };
    assert_eq!(check(&extreme, &terms(), None, now()), Err(Refusal::Expired));
}

#[rstest]
#[case(None, None, true)]
#[case(Some("n"), None, true)]
#[case(Some("n"), Some("n"), true)]
#[case(None, Some("n"), false)]
#[case(Some("m"), Some("n"), false)]
#[case(Some(""), Some("n"), false)]
fn it_must_be_of_the_sign_in_that_asked_for_it(
    #[case] nonce: Option<&str>,
    #[case] wanted: Option<&str>,
    #[case] accepted: bool,
) {
    let claims = Claims {
        nonce: nonce.map(str::to_owned),
        ..claims()
    };
    let answer = check(&claims, &terms(), wanted, now());
    assert_eq!(answer.err(), (!accepted).then_some(Refusal::Nonce));
}

#[rstest]
#[case(None, Some(true))]
#[case(Some("a@b.example"), None)]
#[case(Some("a@b.example"), Some(false))]
#[case(Some("nobody"), Some(true))]
#[case(Some("a\0@b.example"), Some(true))]
fn the_provider_must_vouch_for_the_address(#[case] email: Option<&str>, #[case] email_verified: Option<bool>) {
    let claims = Claims {
        email: email.map(str::to_owned),
        email_verified,
        ..claims()
    };
    assert_eq!(check(&claims, &terms(), None, now()), Err(Refusal::Unverified));
}

#[rstest]
// {"alg":"RS256","kid":"k"}
#[case("eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.e30.AA", Ok("k"))]
// {"alg":"RS256"}
#[case("eyJhbGciOiJSUzI1NiJ9.e30.AA", Err(Refusal::Malformed))]
// {"alg":"RS256","kid":"k","crit":["b64"]}
#[case(
    "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsiLCJjcml0IjpbImI2NCJdfQ.e30.AA",
    Err(Refusal::Malformed)
)]
// {"alg":"none","kid":"k"}
#[case("eyJhbGciOiJub25lIiwia2lkIjoiayJ9.e30.", Err(Refusal::Malformed))]
// {"alg":"HS256","kid":"k"}
#[case("eyJhbGciOiJIUzI1NiIsImtpZCI6ImsifQ.e30.AA", Err(Refusal::Algorithm))]
#[case("eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.e30", Err(Refusal::Malformed))]
#[case("", Err(Refusal::Malformed))]
#[case("a.b.c.d", Err(Refusal::Malformed))]
fn the_header_must_name_a_key_and_the_one_algorithm(#[case] token: &str, #[case] expected: Result<&str, Refusal>) {
    assert_eq!(key_id(token), expected.map(str::to_owned));
}

#[test]
fn what_is_too_long_is_not_read() {
    let token = format!("eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.{}.AA", "A".repeat(super::LONGEST));
    assert_eq!(key_id(&token), Err(Refusal::Malformed));
}

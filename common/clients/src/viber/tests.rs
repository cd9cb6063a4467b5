//! What is kept of responses of the provider.

use domain::provider::Fault;
use reqwest::StatusCode;
use rstest::rstest;

use super::{ViberMessage, accepted, judged};

fn message() -> ViberMessage {
    ViberMessage {
        receiver: "+380501112233".to_owned(),
        text: "Taras, your bus leaves at 07:00".to_owned(),
        tracking_data: "ntf_17".to_owned(),
    }
}

#[rstest]
#[case::taken(200, r#"{"status":0,"status_message":"ok"}"#, None)]
#[case::taken_with_202(202, r#"{"status":0}"#, None)]
#[case::page_of_a_proxy(200, "<html>Please log in</html>", Some(Fault::Provider))]
#[case::empty(200, "", Some(Fault::Provider))]
#[case::no_content(204, "", Some(Fault::Provider))]
#[case::cut_off(200, r#"{"status":0,"status_mess"#, Some(Fault::Provider))]
#[case::another_api(200, r#"{"ok":true}"#, Some(Fault::Provider))]
#[case::a_text(200, r#""ok""#, Some(Fault::Provider))]
#[case::a_status_of_a_wrong_type(200, r#"{"status":"0"}"#, Some(Fault::Provider))]
#[case::null(200, r#"{"status":null}"#, Some(Fault::Provider))]
#[case::receiver(200, r#"{"status":5}"#, Some(Fault::Request))]
#[case::bad_token(200, r#"{"status":2}"#, Some(Fault::Setup))]
#[case::internal(200, r#"{"status":999}"#, Some(Fault::Provider))]
#[case::no_such_page(404, "<html>Not Found</html>", Some(Fault::Setup))]
#[case::no_such_receiver(404, r#"{"status":5}"#, Some(Fault::Request))]
#[case::bad_request(400, r#"{"status":0}"#, Some(Fault::Request))]
#[case::unauthorized(401, r#"{"status":5}"#, Some(Fault::Setup))]
#[case::broken(502, r#"{"status":0}"#, Some(Fault::Provider))]
fn only_an_explicit_success_of_the_provider_counts(
    #[case] status: u16,
    #[case] body: &str,
    #[case] fault: Option<Fault>,
) {
    let judged = judged(StatusCode::from_u16(status).unwrap(), body.as_bytes(), &message());
    assert_eq!(judged.map(|(fault, _)| fault), fault);
}

#[rstest]
#[case::subscriber(
    200,
    r#"{"status":6,"status_message":"notSubscribed"}"#,
    "Viber status 6: notSubscribed"
)]
#[case::no_words(200, r#"{"status":6}"#, "Viber status 6")]
#[case::no_text(200, r#"{"status":6,"status_message":[]}"#, "Viber status 6")]
#[case::a_phone(
    200,
    r#"{"status":5,"status_message":"no such\nphone: +380671112233"}"#,
    "Viber status 5: no such phone: +***"
)]
#[case::the_receiver(
    200,
    r#"{"status":5,"status_message":"no user tel380501112233 (+380501112233, 050 111-22-33)"}"#,
    "Viber status 5: no user tel*** (***, +***)"
)]
#[case::the_text(
    200,
    r#"{"status":3,"status_message":"bad data: 'Taras, your bus leaves at 07:00'"}"#,
    "Viber status 3: bad data: '***'"
)]
#[case::receiver(404, r#"{"status":5,"status_message":"none"}"#, "HTTP 404, Viber status 5: none")]
#[case::token(
    401,
    r#"{"status":2,"status_message":"bad token"}"#,
    "HTTP 401, Viber status 2: bad token"
)]
#[case::contradiction(400, r#"{"status":0,"status_message":"ok"}"#, "HTTP 400")]
#[case::gateway(502, "<html>Bad gateway</html>", "HTTP 502")]
fn a_refusal_keeps_the_words_of_the_provider(#[case] status: u16, #[case] body: &str, #[case] reason: &str) {
    let judged = judged(StatusCode::from_u16(status).unwrap(), body.as_bytes(), &message());
    assert_eq!(judged.unwrap().1, reason);
}

#[rstest]
#[case(
    r#"{"status":0,"status_message":"ok","message_token":5741311803571721087}"#,
    "message_token 5741311803571721087: ok"
)]
#[case(r#"{"status":0,"message_token":"a-17"}"#, "message_token a-17")]
#[case(r#"{"status":0,"status_message":7,"message_token":{}}"#, "")]
#[case(r#"{"status":0}"#, "")]
fn a_success_keeps_the_words_and_the_token(#[case] body: &str, #[case] kept: &str) {
    assert_eq!(judged(StatusCode::OK, body.as_bytes(), &message()), None);
    assert_eq!(accepted(body.as_bytes(), &message()), kept);
}

#[test]
fn long_words_do_not_cut_off_the_token() {
    let words = "ok ".repeat(100);
    let body = format!(r#"{{"status":0,"status_message":"{words}","message_token":5741311803571721087}}"#);
    let kept = accepted(body.as_bytes(), &message());
    assert!(kept.starts_with("message_token 5741311803571721087: ok ok"), "{kept}");
    assert_eq!(kept.chars().count(), 200);
}

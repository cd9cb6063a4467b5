use poem::Body;
use poem::http::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::http::support::TestApp;

const BOOKING: &str = "/echo/booking";

fn passenger() -> Value {
    json!({ "firstName": "Олена", "lastName": "Коваленко", "phones": [{ "phone": "+380671234567", "messengers": ["Viber"] }] })
}

fn booking() -> Value {
    json!({ "offerId": "token", "currency": "UAH", "passengers": [passenger()] })
}

/// The booking with one value replaced, at a JSON pointer.
fn with(pointer: &str, value: Value) -> String {
    let mut body = booking();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = body.pointer_mut(parent).unwrap();
    match name.parse::<usize>() {
        Ok(at) => parent[at] = value,
        Err(_) => parent[name] = value,
    }
    body.to_string()
}

#[tokio::test]
async fn a_whole_booking_is_read() {
    let app = TestApp::new().await;
    for prepaid in ["0.1", "0.30000000000000004", "1e2", "1.50", "0", "null"] {
        let body = with("/passengers/0/prepaid", json!(0)).replace(":0}", &format!(":{prepaid}}}"));
        let seen = app.post(BOOKING, body).await;
        assert_eq!((seen.status, &seen.body), (200, &json!({ "data": 1 })), "{prepaid}");
    }
}

#[rstest]
#[case("/price", json!(5), "price unknown")]
#[case("/passengers/0/seats", json!([1]), "passengers[0].seats unknown")]
#[case("/currency", json!("GBP"), "currency enum")]
#[case("/currency", json!(5), "currency type")]
#[case("/passengers", json!([]), "passengers minLength")]
#[case("/passengers", json!(vec![passenger(); 11]), "passengers maxLength")]
#[case("/passengers/0/firstName", json!(""), "passengers[0].firstName minLength")]
#[case("/passengers/0/lastName", json!("x".repeat(101)), "passengers[0].lastName maxLength")]
#[case("/passengers/0/email", json!("olena@"), "passengers[0].email email")]
#[case("/passengers/0/phones", json!([]), "passengers[0].phones minLength")]
#[case("/passengers/0/phones/0/phone", json!("0671234567"), "passengers[0].phones[0].phone pattern")]
#[case("/passengers/0/phones/0/messengers", json!(["Signal"]), "passengers[0].phones[0].messengers[0] enum")]
#[case("/passengers/0/prepaid", json!(-0.01), "passengers[0].prepaid min")]
#[case("/passengers/0/prepaid", json!(0.001), "passengers[0].prepaid multipleOf")]
#[case("/passengers/0/prepaid", json!(1e-300), "passengers[0].prepaid type")]
#[case("/passengers/0/prepaid", json!(2e-16), "passengers[0].prepaid multipleOf")]
#[case("/passengers/0/prepaid", json!(100_000_001), "passengers[0].prepaid max")]
#[case("/passengers/0", json!(["Олена", "Коваленко", [["+380671234567", []]], null, null, null]), "passengers[0] type")]
#[case("/passengers/0/email", json!("Олена <olena@example.com>"), "passengers[0].email email")]
#[case("/passengers/0/email", json!("olena@[127.0.0.1]"), "passengers[0].email email")]
#[case("/passengers/0/email", json!("олена@example.com"), "passengers[0].email email")]
#[case("/passengers/0/prepaid", json!("5"), "passengers[0].prepaid type")]
#[case("/note", json!("x".repeat(501)), "note maxLength")]
#[case("/note", json!("a\u{0}b"), "note text")]
#[tokio::test]
async fn a_booking_that_breaks_a_rule_is_refused(#[case] pointer: &str, #[case] value: Value, #[case] refusal: &str) {
    let app = TestApp::new().await;
    assert_eq!(app.post(BOOKING, with(pointer, value)).await.fields(), [refusal]);
}

#[tokio::test]
async fn bodies_that_are_no_json_are_refused() {
    let app = TestApp::new().await;
    for malformed in [
        "{",
        "{\"offerId\":}",
        "nonsense",
        "\u{feff}{}",
        "{\"note\":1e}",
        "\"\0\"",
    ] {
        assert_eq!(
            app.post(BOOKING, malformed.to_owned()).await.fields(),
            ["body json"],
            "{malformed}"
        );
    }
    assert_eq!(app.post(BOOKING, "").await.fields(), ["body required"]);
    assert_eq!(app.post(BOOKING, "[]").await.fields(), ["body type"]);
    assert_eq!(
        app.post(
            BOOKING,
            with("/passengers/0/prepaid", json!(0)).replace(":0}", ":1e400}")
        )
        .await
        .fields(),
        ["passengers[0].prepaid type"]
    );
}

#[tokio::test]
async fn only_json_is_read() {
    let app = TestApp::new().await;
    let send = async |headers: &[(&str, &str)]| {
        app.send(Method::POST, BOOKING, headers, Body::from(booking().to_string()))
            .await
    };
    for wrong in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/jsonp",
        "application/merge-patch+json",
        "",
    ] {
        let seen = send(&[("content-type", wrong)]).await;
        assert_eq!((seen.status, seen.code()), (415, "UNSUPPORTED_MEDIA_TYPE"), "{wrong}");
    }
    send(&[]).await.status(415);
    send(&[("content-type", "Application/JSON; charset=utf-8")])
        .await
        .status(200);
}

#[tokio::test]
async fn an_optional_body_may_be_left_out() {
    let app = TestApp::new().await;
    let empty = app.send(Method::POST, "/echo/orders", &[], Body::empty()).await;
    assert_eq!((empty.status, &empty.body), (200, &json!({ "data": null })));
    app.post("/echo/orders", "").await.status(200);
    assert_eq!(app.post("/echo/orders", "{}").await.body, json!({ "data": null }));
    assert_eq!(
        app.post("/echo/orders", r#"{"orderIds": ["a"]}"#).await.body,
        json!({ "data": ["a"] })
    );
    assert_eq!(
        app.post("/echo/orders", r#"{"orderIds": []}"#).await.fields(),
        ["orderIds minLength"]
    );
    assert_eq!(
        app.post("/echo/orders", r#"{"orderIds": [5]}"#).await.fields(),
        ["orderIds[0] type"]
    );
    assert_eq!(
        app.post("/echo/orders", r#"{"ids": []}"#).await.fields(),
        ["ids unknown"]
    );
    assert_eq!(app.post("/echo/orders", "[]").await.fields(), ["body type"]);
    assert_eq!(app.post("/echo/orders", "null").await.fields(), ["body type"]);
}

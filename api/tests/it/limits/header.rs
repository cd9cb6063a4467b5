use reqwest::Method;

use crate::limits::support::{Replicas, limits};

/// A request with headers; the status and the rate limit class of the response.
type Case<'a> = (Method, &'a str, &'a [(&'a str, &'a str)], u16, &'a str);

#[tokio::test]
async fn every_answer_to_partners_and_people_carries_the_headers_and_no_other_does() {
    let replicas = Replicas::open(1, &[]).await;
    let partner = replicas.partner("reseller").await;
    let key = replicas.key(partner).await;
    let large = ("content-length", "10485760");
    let cases: [Case; 16] = [
        (Method::GET, "/v2/cities", &[], 200, "catalogue"),
        (Method::HEAD, "/v2/cities", &[], 200, "catalogue"),
        (Method::GET, "/v2/cities/nowhere", &[], 404, "catalogue"),
        (Method::GET, "/v2/cities/kyiv/stops/1", &[], 404, "catalogue"),
        (Method::GET, "/v2/stops?take=x", &[], 400, "catalogue"),
        (Method::DELETE, "/v2/stops", &[], 405, "catalogue"),
        (Method::GET, "/v2/cities", &[("x-api-key", "made up")], 401, "catalogue"),
        (Method::GET, "/v2/offers", &[], 401, "search"),
        (Method::GET, "/v2/offers/schedule", &[], 400, "search"),
        (Method::GET, "/v2/bookings/bkg_1", &[("x-api-key", &key)], 404, "read"),
        (Method::GET, "/v2/partner/usage", &[], 401, "read"),
        (Method::POST, "/v2/bookings", &[("x-api-key", &key)], 415, "write"),
        (
            Method::POST,
            "/v2/bookings/bkg_1/pay",
            &[("x-api-key", &key), ("content-encoding", "gzip")],
            415,
            "write",
        ),
        (Method::GET, "/v2/auth/me", &[], 401, "read"),
        (Method::POST, "/v2/auth/login", &[], 415, "write"),
        (Method::POST, "/v2/nothing", &[large], 413, ""),
    ];
    for (method, path, headers, status, class) in cases {
        let seen = replicas
            .send(
                0,
                method.clone(),
                path,
                headers,
                if method == Method::POST { "{}" } else { "" },
            )
            .await;
        let found = limits(&seen).map(|(class, ..)| class).unwrap_or_default();
        assert_eq!((seen.status, &*found), (status, class), "{method} {path}");
        assert_eq!(seen.header("retry-after"), "", "{method} {path}");
    }
    for path in ["/v2/nothing", "/healthz", "/readyz", "/openapi.json", "/docs", "/"] {
        let seen = replicas.get(0, path, &[("x-api-key", &key)]).await;
        assert_eq!(limits(&seen), None, "{path}");
    }
    let seen = replicas
        .get(0, "/v2/partner/usage?from=x", &[("x-api-key", &key)])
        .await;
    assert_eq!(
        (seen.fields(), limits(&seen).is_some()),
        (vec!["from date".to_owned()], true)
    );
    replicas.db.pool.close().await;
    let seen = replicas.get(0, "/v2/cities", &[("x-api-key", &key)]).await;
    assert_eq!((seen.status, limits(&seen).unwrap().0), (503, "catalogue".to_owned()));
}

#[tokio::test]
async fn a_refusal_for_too_many_requests_is_not_kept_for_its_idempotency_key() {
    let replicas = Replicas::open(1, &[("rate_limits_standard", serde_json::json!("write=1/60"))]).await;
    let partner = replicas.partner("reseller").await;
    let key = replicas.key(partner).await;
    let path = "/v2/bookings/bkg_1/pay";
    let pay = async |headers: &[(&str, &str)]| replicas.send(0, Method::POST, path, headers, "").await;
    assert_eq!(pay(&[("x-api-key", &key)]).await.code(), "BOOKING_NOT_FOUND");
    let keyed = [("x-api-key", key.as_str()), ("idempotency-key", "k")];
    for (code, replayed) in [
        ("RATE_LIMITED", ""),
        ("BOOKING_NOT_FOUND", ""),
        ("BOOKING_NOT_FOUND", "true"),
    ] {
        let seen = pay(&keyed).await;
        assert_eq!((seen.code(), seen.header("idempotent-replayed")), (code, replayed));
        replicas.clock.advance(chrono::TimeDelta::seconds(60));
    }
}

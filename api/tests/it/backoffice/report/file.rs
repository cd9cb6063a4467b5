//! The download link of a report, and the file.

use app::report::{self, ReportRemover};
use chrono::TimeDelta;
use serde_json::{Value, json};
use sha2::Digest;

use super::{Desk, REPORTS, id};

async fn download(desk: &Desk, report: &Value) -> (u16, String) {
    let seen = desk.manager.report_link(id(report)).await;
    (seen.status, seen.code().to_owned())
}

async fn fetch(desk: &Desk, path: &str) -> reqwest::Response {
    let url = format!("{}{path}", desk.manager.base);
    desk.manager.http.get(url).send().await.unwrap()
}

#[tokio::test]
async fn a_report_that_has_no_file_cannot_be_downloaded() {
    let desk = Desk::open().await;
    let asked = desk.ask().await;
    let not_ready = (409, "REPORT_NOT_READY".to_owned());
    assert_eq!(download(&desk, &asked).await, not_ready);
    for sql in [
        "update reports set status = 'Processing'",
        "update reports set status = 'Failed', ended_at = now()",
    ] {
        sqlx::raw_sql(sql).execute(desk.office.pool()).await.unwrap();
        assert_eq!(download(&desk, &asked).await, not_ready, "{sql}");
    }
}

#[tokio::test]
async fn delimiter_and_decimal_mark_are_chosen() {
    let desk = Desk::open().await;
    desk.sell(1).await;
    let ask = async |more: Value| {
        let mut body = json!({ "dateFrom": "2026-11-01", "dateTo": "2026-11-30" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let seen = desk.manager.post(REPORTS, &body).await;
        seen.status(202);
        seen.body["data"]["report"].clone()
    };
    let plain = ask(json!({})).await;
    assert_eq!(ask(json!({ "delimiter": ",", "decimal": "." })).await, plain);
    desk.make(&plain).await;
    for (more, head, sum) in [
        (
            json!({ "delimiter": ",", "decimal": "." }),
            "\u{feff}\"Order id\",\"Booking id\",",
            ",0.01,",
        ),
        (
            json!({ "delimiter": ";", "decimal": "," }),
            "\u{feff}\"Order id\";\"Booking id\";",
            ";0,01;",
        ),
        (
            json!({ "delimiter": "tab" }),
            "\u{feff}\"Order id\"\t\"Booking id\"\t",
            "\t0.01\t",
        ),
        (
            json!({ "decimal": "," }),
            "\u{feff}\"Order id\",\"Booking id\",",
            ",\"0,01\",",
        ),
    ] {
        let asked = ask(more.clone()).await;
        assert_eq!(ask(more).await, asked, "the same is the same");
        desk.make(&asked).await;
        let report = desk.get(&asked).await;
        let bytes = fetch(&desk, &desk.link(&asked).await).await.bytes().await.unwrap();
        let digest: String = sha2::Sha256::digest(&bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(report["sha256"], digest);
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        assert!(text.starts_with(head) && text.contains(sum), "{text}");
    }
}

#[tokio::test]
async fn a_file_is_sent_as_it_was_made_to_every_holder_of_the_link() {
    let desk = Desk::open().await;
    desk.sell(20_000).await;
    let asked = desk.ask().await;
    desk.make(&asked).await;
    let report = desk.get(&asked).await;
    assert_eq!(report["rowCount"], 20_000);

    let seen = desk.manager.report_link(id(&asked)).await;
    assert_eq!(seen.body["data"]["expiresAt"], "2027-02-01T08:15:00.000Z");
    let path = desk.link(&asked).await;
    // Without a cookie, and accepting gzip: the file is neither compressed nor held in memory.
    let url = format!("{}{path}", desk.manager.base);
    let file = desk
        .manager
        .http
        .get(&url)
        .header("accept-encoding", "gzip")
        .send()
        .await
        .unwrap();
    assert_eq!(file.status(), 200);
    let header = |name: &str| file.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(header("content-length"), report["sizeBytes"].to_string());
    assert_eq!(
        header("content-disposition"),
        "attachment; filename=\"orders-2026-11-01_2026-11-30.csv\""
    );
    assert!(header("cache-control").contains("no-store"));
    assert!(!file.headers().contains_key("content-encoding"));
    let bytes = file.bytes().await.unwrap();
    assert!(bytes.starts_with("\u{feff}\"Order id\",".as_bytes()));
    assert_eq!(report["sizeBytes"], bytes.len());
    let sum: String = sha2::Sha256::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(report["sha256"], sum);

    let head = desk.manager.http.head(&url).send().await.unwrap();
    assert_eq!(
        (
            head.status().as_u16(),
            head.headers()["content-length"].to_str().unwrap()
        ),
        (200, &*report["sizeBytes"].to_string())
    );
    let post = desk.manager.press(&path).await;
    assert_eq!(
        (post.status, post.code(), post.header("allow")),
        (405, "METHOD_NOT_ALLOWED", "GET, HEAD, OPTIONS")
    );
}

#[tokio::test]
async fn a_link_is_for_one_file_and_a_quarter_of_an_hour() {
    let desk = Desk::open().await;
    let asked = desk.ask().await;
    desk.make(&asked).await;
    let path = desk.link(&asked).await;
    let (key, query) = path.split_once('?').unwrap();
    let (expires, signature) = query.split_once('&').unwrap();
    let later = expires.replace("expires=1", "expires=2");
    let forged = [
        key.to_owned(),
        format!("{key}?{expires}"),
        format!("{key}?{signature}"),
        format!("{key}?{later}&{signature}"),
        format!("{key}?expires=x&{signature}"),
        format!("{key}?{expires}&signature=AAAA"),
        format!("{key}?{expires}&signature=%ff%00"),
        path.replace("orders-2026", "orders-2025"),
        // Dots in a form that the client does not resolve.
        path.replace("/files/", "/files/.%2f"),
        path.replace("/files/", "/files/..%2f"),
        "/files/..%2f..%2fetc/passwd?expires=9999999999&signature=AAAA".to_owned(),
        "/files/%00".to_owned(),
    ];
    for path in forged {
        let seen = desk.manager.get(&path).await;
        assert!(
            matches!((seen.status, seen.code()), (403, "FORBIDDEN") | (404, "NOT_FOUND")),
            "{path}: {} {}",
            seen.status,
            seen.body
        );
    }
    desk.office.wait(TimeDelta::seconds(899));
    assert_eq!(fetch(&desk, &path).await.status(), 200);
    desk.office.wait(TimeDelta::seconds(1));
    let late = desk.manager.get(&path).await;
    late.refused(403, "FORBIDDEN");
    assert_eq!(
        late.body["errors"][0]["message"],
        "The link has expired; request a new one"
    );
    let desk = desk.signed_in_again().await;
    assert_eq!(
        fetch(&desk, &desk.link(&asked).await).await.status(),
        200,
        "a new one is good"
    );
}

#[tokio::test]
async fn a_file_is_gone_after_its_retention() {
    let desk = Desk::open().await;
    let asked = desk.ask().await;
    desk.make(&asked).await;
    let state = std::sync::Arc::clone(&desk.office.state);
    desk.office.wait(TimeDelta::days(30) + TimeDelta::seconds(1));
    let desk = desk.signed_in_again().await;
    let path = desk.link(&asked).await;
    let remover = ReportRemover {
        pool: desk.office.pool().clone(),
        storage: std::sync::Arc::new(state.storage.clone()),
        clock: state.platform.clock.clone(),
        retention_days: 30,
    };
    report::cleanup(&remover).await.unwrap();
    assert_eq!(download(&desk, &asked).await, (410, "GONE".to_owned()));
    let seen = desk.manager.get(&path).await;
    assert_eq!((seen.status, seen.code()), (404, "NOT_FOUND"), "a link of before");
    let report = desk.get(&asked).await;
    assert_eq!(
        (&report["status"], &report["progress"]),
        (&json!("Completed"), &json!(100))
    );
}

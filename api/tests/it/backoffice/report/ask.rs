//! Requesting and reading reports.

use chrono::TimeDelta;
use domain::role::Role;
use rstest::rstest;
use serde_json::{Value, json};

use super::{Desk, REPORTS, id};

#[tokio::test]
async fn a_report_is_asked_for_once_and_read_until_it_is_complete() {
    let desk = Desk::open().await;
    let asked = desk.ask().await;
    let mut plain = asked.clone();
    plain["id"] = Value::Null;
    assert!(id(&asked).starts_with("rpt_"));
    assert_eq!(
        plain,
        json!({
            "id": null, "status": "Pending", "dateFrom": "2026-11-01", "dateTo": "2026-11-30",
            "dateField": "createdAt", "format": "csv", "rowCount": null, "sizeBytes": null, "sha256": null,
            "progress": 0, "errorMessage": null, "createdAt": "2027-02-01T08:00:00.000Z", "startedAt": null,
            "completedAt": null,
        })
    );
    assert_eq!(desk.ask().await, asked, "the same again is the same");
    assert_eq!(desk.get(&asked).await, asked);

    desk.office.wait(TimeDelta::seconds(5));
    desk.make(&asked).await;
    let complete = desk.get(&asked).await;
    for (field, value) in [
        ("status", json!("Completed")),
        ("progress", json!(100)),
        ("rowCount", json!(0)),
        ("startedAt", json!("2027-02-01T08:00:05.000Z")),
        ("completedAt", json!("2027-02-01T08:00:05.000Z")),
    ] {
        assert_eq!(complete[field], value, "{field}");
    }
    assert!(complete["sizeBytes"].as_u64() > Some(0));
    assert_eq!(complete["sha256"].as_str().map(str::len), Some(64));
    assert_ne!(
        id(&desk.ask().await),
        id(&asked),
        "a complete one can be asked for anew"
    );
}

#[tokio::test]
async fn a_failed_report_says_why_and_can_be_asked_for_again() {
    let desk = Desk::open().await;
    let asked = desk.ask().await;
    let sql = "update reports set status = 'Failed', error_message = 'The file store is full', ended_at = now()";
    sqlx::raw_sql(sql).execute(desk.office.pool()).await.unwrap();
    let failed = desk.get(&asked).await;
    assert_eq!(
        (&failed["status"], &failed["errorMessage"], &failed["completedAt"]),
        (&json!("Failed"), &json!("The file store is full"), &Value::Null)
    );
    let again = desk.ask().await;
    assert_ne!(id(&again), id(&asked));
    assert_eq!(again["status"], "Pending");
}

#[tokio::test]
async fn reports_are_listed_by_status() {
    let desk = Desk::open().await;
    let failed = desk.ask().await;
    let sql = "update reports set status = 'Failed', error_message = 'x', ended_at = now()";
    sqlx::raw_sql(sql).execute(desk.office.pool()).await.unwrap();
    let pending = desk.ask().await;
    let listed = async |query: &str| {
        let seen = desk.manager.get(&format!("{REPORTS}?{query}")).await;
        seen.status(200);
        let data = seen.body["data"].clone();
        let ids = data["reports"]
            .as_array()
            .unwrap()
            .iter()
            .map(|report| id(report).to_owned());
        (ids.collect::<Vec<_>>(), data["total"].as_u64().unwrap())
    };
    let (failed, pending) = (id(&failed).to_owned(), id(&pending).to_owned());
    assert_eq!(listed("status=Failed").await, (vec![failed.clone()], 1));
    assert_eq!(listed("status=Pending").await, (vec![pending.clone()], 1));
    assert_eq!(listed("status=Completed").await, (Vec::new(), 0));
    assert_eq!(listed("").await, (vec![pending, failed.clone()], 2));
    assert_eq!(listed("status=Failed&skip=1").await, (Vec::new(), 1));
    let seen = desk.manager.get(&format!("{REPORTS}?status=Broken")).await;
    assert_eq!(seen.fields(), ["status enum"]);
}

#[rstest]
#[case(json!({ "dateFrom": "2026-11-30", "dateTo": "2026-11-01" }), &["dateTo order"])]
#[case(json!({ "dateFrom": "2026-01-01", "dateTo": "2027-01-02" }), &["dateTo maxDays"])]
#[case(json!({ "dateFrom": "yesterday", "dateTo": "01.11.2026" }), &["dateFrom pattern", "dateTo pattern"])]
#[case(json!({ "dateFrom": "2026-02-30", "dateTo": "2026-13-01" }), &["dateFrom date", "dateTo date"])]
#[case(json!({ "dateFrom": "2026-11-01T00:00:00Z", "dateTo": "2026-11-30" }), &["dateFrom pattern"])]
#[case(json!({ "dateFrom": "0000-01-01", "dateTo": "2026-11-30" }), &["dateFrom range"])]
#[case(json!({ "dateFrom": "2026-11-01", "dateTo": "9999-12-31" }), &["dateTo range"])]
#[case(json!({ "dateTo": "2026-11-30" }), &["dateFrom required"])]
#[case(json!({}), &["dateFrom required", "dateTo required"])]
#[case(json!({ "dateFrom": 20261101, "dateTo": null }), &["dateFrom type", "dateTo type"])]
#[case(json!({ "dateFrom": "2026-11-01", "dateTo": "2026-11-30", "dateField": "updatedAt" }), &["dateField enum"])]
#[case(json!({ "dateFrom": "2026-11-01", "dateTo": "2026-11-30", "format": "xlsx" }), &["format unknown"])]
#[case(json!({ "dateFrom": "2026-11-01", "dateTo": "2026-11-30", "delimiter": "\t" }), &["delimiter enum"])]
#[case(json!({ "dateFrom": "2026-11-01", "dateTo": "2026-11-30", "delimiter": "|", "decimal": 0 }), &["delimiter enum", "decimal type"])]
#[tokio::test]
async fn invalid_fields_are_named(#[case] body: Value, #[case] wrong: &[&str]) {
    let desk = Desk::open().await;
    assert_eq!(desk.manager.post(REPORTS, &body).await.fields(), wrong, "{body}");
    let list = desk.manager.get(REPORTS).await;
    assert_eq!(list.body["data"], json!({ "reports": [], "total": 0 }));
}

#[tokio::test]
async fn a_year_and_a_day_of_a_leap_year_fit() {
    let desk = Desk::open().await;
    for (from, to) in [
        ("2026-01-01", "2027-01-01"),
        ("2028-01-01", "2028-12-31"),
        ("2026-11-01", "2026-11-01"),
    ] {
        let body = json!({ "dateFrom": from, "dateTo": to, "dateField": "departureDate" });
        let seen = desk.manager.post(REPORTS, &body).await;
        assert_eq!(
            (seen.status, &seen.body["data"]["report"]["dateField"]),
            (202, &json!("departureDate"))
        );
    }
}

#[tokio::test]
async fn reports_are_listed_newest_first_page_by_page() {
    let desk = Desk::open().await;
    let mut asked = Vec::new();
    for day in 1..=5 {
        let day = format!("2026-11-{day:02}");
        let seen = desk
            .manager
            .post(REPORTS, &json!({ "dateFrom": day, "dateTo": day }))
            .await;
        asked.insert(0, seen.body["data"]["report"].clone());
    }
    let page = async |query: &str| desk.manager.get(&format!("{REPORTS}{query}")).await.body["data"].clone();
    assert_eq!(page("").await, json!({ "reports": asked, "total": 5 }));
    assert_eq!(
        page("?take=2&skip=1").await,
        json!({ "reports": asked[1..3], "total": 5 })
    );
    assert_eq!(page("?skip=9").await, json!({ "reports": [], "total": 5 }));
    let wrong = desk.manager.get(&format!("{REPORTS}?take=101&skip=-1")).await;
    assert_eq!(wrong.fields(), ["take max", "skip min"]);
}

#[tokio::test]
async fn another_companys_report_answers_as_an_unknown_one() {
    let desk = Desk::open().await;
    let asked = desk.ask().await;
    desk.make(&asked).await;
    let stranger = desk.office.at_wisla(Role::Admin).await;
    let unknown = "rpt_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a";
    for end in ["", "/download"] {
        let foreign = stranger.get(&format!("{REPORTS}/{}{end}", id(&asked))).await;
        foreign.refused(404, "REPORT_NOT_FOUND");
        for other in [unknown, "rpt_1", "bkg_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a", "%00"] {
            let seen = desk.manager.get(&format!("{REPORTS}/{other}{end}")).await;
            assert_eq!((seen.status, &seen.body), (404, &foreign.body), "{other}");
        }
    }
    assert_eq!(stranger.get(REPORTS).await.body["data"]["total"], 0);
}

#[tokio::test]
async fn reports_are_for_those_who_have_the_right() {
    let desk = Desk::open().await;
    let asked = desk.ask().await;
    let office = &desk.office;
    let body = json!({ "dateFrom": "2026-11-01", "dateTo": "2026-11-30" });
    let paths = [
        REPORTS.to_owned(),
        format!("{REPORTS}/{}", id(&asked)),
        format!("{REPORTS}/{}/download", id(&asked)),
    ];
    for role in [Role::Admin, Role::Accountant] {
        let person = office.at_karpaty(role).await;
        assert_eq!(person.post(REPORTS, &body).await.status, 202, "{role}");
        assert_eq!(person.get(&paths[1]).await.status, 200, "{role}");
    }
    let refused = [
        (office.at_karpaty(Role::Dispatcher).await, 403, "FORBIDDEN"),
        (office.at_website(Role::Admin).await, 403, "FORBIDDEN"),
        (office.browser(), 401, "UNAUTHORIZED"),
    ];
    for (person, status, code) in refused {
        for path in &paths {
            let seen = person.get(path).await;
            assert_eq!((seen.status, seen.code()), (status, code), "{path}");
        }
        let seen = person.post(REPORTS, &body).await;
        assert_eq!((seen.status, seen.code()), (status, code));
    }
}

//! Scheduled reports, as users of a company manage them. When they are due is tested in `scheduler/tests/it`, what
//! follows in `common/app/tests/it/report`.

use domain::role::Role;
use rstest::rstest;
use serde_json::{Value, json};

use crate::backoffice::support::Office;
use crate::harness::answer::Seen;
use crate::harness::browser::Browser;

const SCHEDULES: &str = "/v2/reports/schedules";

/// Every Monday at seven.
fn weekly() -> Value {
    json!({
        "period": "lastWeek", "dateField": "departureDate", "delimiter": ";", "decimal": ",", "weekdays": ["Monday"],
        "time": "07:00", "language": "UK", "recipients": ["olena@example.com"],
    })
}

/// The same with other fields; null removes one.
fn but(changes: &Value) -> Value {
    let mut body = weekly();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => drop(body.as_object_mut().unwrap().remove(name)),
            _ => body[name] = value.clone(),
        }
    }
    body
}

async fn put(browser: &Browser, id: &str, body: &Value) -> Seen {
    let request = browser.http.put(format!("{}{SCHEDULES}/{id}", browser.base)).json(body);
    browser.send(request).await
}

async fn delete(browser: &Browser, id: &str) -> Seen {
    browser
        .send(browser.http.delete(format!("{}{SCHEDULES}/{id}", browser.base)))
        .await
}

async fn created(browser: &Browser, body: &Value) -> Value {
    let seen = browser.post(SCHEDULES, body).await;
    seen.status(201);
    seen.body["data"]["schedule"].clone()
}

async fn listed(browser: &Browser) -> Vec<Value> {
    let seen = browser.get(SCHEDULES).await;
    seen.status(200);
    let data = &seen.body["data"];
    let schedules = data["schedules"].as_array().unwrap().clone();
    assert_eq!(
        (&data["total"], &data["timeZone"]),
        (&json!(schedules.len()), &json!("Europe/Kyiv"))
    );
    schedules
}

#[tokio::test]
async fn a_report_is_scheduled_changed_switched_off_and_deleted() {
    let office = Office::open().await;
    let accountant = office.at_karpaty(Role::Accountant).await;
    let schedule = created(&accountant, &weekly()).await;
    let id = schedule["id"].as_str().unwrap();
    assert!(id.starts_with("rps_"));
    let mut plain = schedule.clone();
    plain["id"] = Value::Null;
    assert_eq!(
        plain,
        json!({
            "id": null, "period": "lastWeek", "dateField": "departureDate", "delimiter": ";", "decimal": ",",
            "weekdays": ["Monday"], "dayOfMonth": null, "time": "07:00", "language": "UK",
            "recipients": ["olena@example.com"], "enabled": true, "nextRunAt": "2027-02-08T05:00:00.000Z",
            "lastRun": null, "createdAt": "2027-02-01T08:00:00.000Z",
        }),
        "on a Monday at ten in Kyiv, seven is over"
    );
    assert_eq!(listed(&accountant).await, std::slice::from_ref(&schedule));

    let monthly = but(&json!({
        "weekdays": null, "dayOfMonth": 31, "dateField": null, "delimiter": null, "decimal": null,
        "recipients": [" Olena@Example.COM ", "olena@example.com", "taras@exämple.com"],
    }));
    let seen = put(&accountant, id, &monthly).await;
    seen.status(200);
    let changed = &seen.body["data"]["schedule"];
    for (field, value) in [
        ("id", json!(id)),
        ("weekdays", Value::Null),
        ("dayOfMonth", json!(31)),
        ("dateField", json!("createdAt")),
        ("delimiter", json!(",")),
        ("decimal", json!(".")),
        ("recipients", json!(["Olena@example.com", "taras@xn--exmple-cua.com"])),
        ("nextRunAt", json!("2027-02-28T05:00:00.000Z")),
    ] {
        assert_eq!(changed[field], value, "{field}");
    }
    let off = put(&accountant, id, &but(&json!({ "enabled": false }))).await;
    assert_eq!(off.body["data"]["schedule"]["nextRunAt"], Value::Null);
    assert_eq!(listed(&accountant).await[0]["enabled"], false);

    delete(&accountant, id).await.status(204);
    assert_eq!(listed(&accountant).await, Vec::<Value>::new());
    for seen in [delete(&accountant, id).await, put(&accountant, id, &weekly()).await] {
        assert_eq!((seen.status, seen.code()), (404, "NOT_FOUND"));
    }
    let trail: Vec<(String, Value)> =
        sqlx::query_as("select action, details from audit_entries where action like 'report_schedule.%' order by id")
            .fetch_all(office.pool())
            .await
            .unwrap();
    let actions: Vec<_> = trail
        .iter()
        .map(|(action, _)| action.trim_start_matches("report_schedule."))
        .collect();
    assert_eq!(actions, ["created", "changed", "changed", "deleted"]);
    let details = trail.iter().map(|(_, details)| details.to_string()).collect::<String>();
    assert!(
        !details.contains('@') && details.contains(&office.karpaty.to_string()),
        "{details}"
    );
}

#[rstest]
#[case(json!({ "weekdays": null }), &["weekdays required"])]
#[case(json!({ "dayOfMonth": 1 }), &["dayOfMonth rule"])]
#[case(json!({ "weekdays": [] }), &["weekdays minLength"])]
#[case(json!({ "weekdays": ["monday"] }), &["weekdays[0] enum"])]
#[case(json!({ "weekdays": null, "dayOfMonth": 0 }), &["dayOfMonth min"])]
#[case(json!({ "weekdays": null, "dayOfMonth": 32 }), &["dayOfMonth max"])]
#[case(json!({ "weekdays": null, "dayOfMonth": 1.5 }), &["dayOfMonth type"])]
#[case(json!({ "time": "7:00" }), &["time pattern"])]
#[case(json!({ "time": "24:00" }), &["time pattern"])]
#[case(json!({ "period": "always", "language": "RO" }), &["language enum", "period enum"])]
#[case(json!({ "recipients": [] }), &["recipients minLength"])]
#[case(json!({ "recipients": ["olena@example.com", "nobody", "a@b"] }), &["recipients[1] email", "recipients[2] email"])]
#[case(json!({ "recipients": ["a@example.com\r\nBcc: b@example.com"] }), &["recipients[0] email"])]
#[case(json!({ "recipients": vec!["a@example.com"; 11] }), &["recipients maxLength"])]
#[case(json!({ "enabled": "yes" }), &["enabled type"])]
#[case(json!({ "format": "xlsx" }), &["format unknown"])]
#[tokio::test]
async fn what_cannot_be_scheduled_is_refused_by_its_field(#[case] changes: Value, #[case] fields: &[&str]) {
    let office = Office::open().await;
    let manager = office.at_karpaty(Role::Manager).await;
    let kept = created(&manager, &weekly()).await;
    let body = but(&changes);
    for seen in [
        manager.post(SCHEDULES, &body).await,
        put(&manager, kept["id"].as_str().unwrap(), &body).await,
    ] {
        assert_eq!(seen.status, 400, "{}", seen.body);
        let mut found = seen.fields();
        found.sort();
        assert_eq!(found, fields);
    }
    assert_eq!(listed(&manager).await, [kept]);
}

#[tokio::test]
async fn a_company_has_a_bounded_number_of_schedules_however_many_are_asked_for_at_once() {
    let office = Office::open().await;
    let manager = office.at_karpaty(Role::Manager).await;
    for _ in 0..18 {
        created(&manager, &weekly()).await;
    }
    let body = weekly();
    let asked = (0..4).map(|_| manager.post(SCHEDULES, &body));
    let mut answers: Vec<_> = futures::future::join_all(asked).await;
    answers.sort_by_key(|seen| seen.status);
    let statuses: Vec<_> = answers.iter().map(|seen| seen.status).collect();
    assert_eq!(statuses, [201, 201, 400, 400]);
    assert_eq!(answers[3].fields(), ["period max"]);
    assert_eq!(listed(&manager).await.len(), 20);
    let other = office.at_wisla(Role::Manager).await;
    created(&other, &weekly()).await;
}

#[tokio::test]
async fn another_companys_schedule_is_as_an_unknown_one() {
    let office = Office::open().await;
    let (manager, stranger) = (
        office.at_karpaty(Role::Manager).await,
        office.at_wisla(Role::Admin).await,
    );
    let schedule = created(&manager, &weekly()).await;
    let id = schedule["id"].as_str().unwrap();
    let unknown = "rps_00000000000000000000000000000000";
    let later = but(&json!({ "time": "08:00" }));
    assert_eq!(
        put(&stranger, id, &later).await.body,
        put(&stranger, unknown, &later).await.body
    );
    for seen in [put(&stranger, id, &later).await, delete(&stranger, id).await] {
        assert_eq!((seen.status, seen.code()), (404, "NOT_FOUND"));
    }
    assert_eq!(listed(&stranger).await, Vec::<Value>::new());
    assert_eq!(listed(&manager).await, std::slice::from_ref(&schedule));
    let dispatcher = office.at_karpaty(Role::Dispatcher).await;
    for seen in [dispatcher.get(SCHEDULES).await, delete(&dispatcher, id).await] {
        assert_eq!((seen.status, seen.code()), (403, "FORBIDDEN"));
    }
}

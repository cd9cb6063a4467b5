//! Entries in the audit trail about what users of companies and partners change.

use app::timetable::upload;
use domain::id::TimetableUploadId;
use domain::role::Role;
use serde_json::{Value, json};

use crate::backoffice::timetable::{Desk, id, own};
use crate::harness::browser::Browser;

/// An entry: action, actor, subject, request and details.
type Entry = (String, String, String, Option<String>, Value);

/// Sets the terms of the company, and what a partner may do.
async fn set_terms(manager: &Browser, admin: &Browser, partner: &str) {
    let rules = json!({ "rules": [{ "hours": 24, "percent": 75 }, { "hours": 0, "amount": 10.5, "currency": "UAH" }] });
    manager.put("/v2/refund-rules", &rules).await.status(200);
    let settings = json!({ "salesCutoffMinutes": 30, "cancellationCutoffHours": 2 });
    manager.put("/v2/company/sales-settings", &settings).await.status(200);
    let path = format!("/v2/company/partner-permissions/{partner}");
    admin.put(&path, &json!({ "accesses": ["SEARCH"] })).await.status(200);
}

/// Creates a discount and a key, and withdraws both.
async fn create_and_withdraw(manager: &Browser, partner: &Browser) {
    let discount = json!({ "name": "Student", "rule": "Percent", "amount": 10 });
    let seen = manager.post("/v2/company/discounts", &discount).await;
    let discount = seen.status(201).data()["discount"]["id"].as_str().unwrap().to_owned();
    let path = format!("/v2/company/discounts/{discount}");
    for _ in 0..2 {
        let days = json!({ "endDate": "2027-03-31" });
        let set = manager.put(&path, &days).await;
        assert_eq!(set.status(200).data()["discount"]["endDate"], "2027-03-31");
    }
    let seen = partner
        .post("/v2/partner/api-keys", &json!({ "name": "Web shop" }))
        .await;
    let key = seen.status(201).data()["apiKey"]["id"].as_str().unwrap().to_owned();
    for _ in 0..2 {
        manager.delete(&path).await.status(204);
        partner.delete(&format!("/v2/partner/api-keys/{key}")).await.status(204);
    }
}

/// Publishes a timetable and undoes the publication.
async fn publish_and_undo(desk: &Desk) {
    let asked = id(&desk.upload(own()).await);
    let (importer, key) = (desk.importer(), asked.parse::<TimetableUploadId>().unwrap());
    upload::preview(&importer, key).await.unwrap();
    id(&desk
        .manager
        .press(&format!("/v2/timetable/uploads/{asked}/publish"))
        .await);
    upload::run_publication(&importer, key).await.unwrap();
    id(&desk.manager.press("/v2/timetable/undo").await);
}

#[tokio::test]
async fn changes_of_terms_permissions_keys_and_timetables_are_in_the_audit_trail() {
    let desk = Desk::open().await;
    let office = &desk.office;
    let admin = office.at_karpaty(Role::Admin).await;
    let partner = office.at_website(Role::Admin).await;
    for _ in 0..2 {
        // The second time, nothing changes.
        set_terms(&desk.manager, &admin, &office.website.to_string()).await;
    }
    create_and_withdraw(&desk.manager, &partner).await;
    publish_and_undo(&desk).await;

    let trail: Vec<Entry> =
        sqlx::query_as("select action, actor, subject, request_id, details from audit_entries order by id")
            .fetch_all(office.pool())
            .await
            .unwrap();
    let actions: Vec<&str> = trail.iter().map(|entry| entry.0.as_str()).collect();
    let expected = [
        "refund_rules.changed",
        "sales_settings.changed",
        "permission.changed",
        "discount.created",
        "discount.changed",
        "api_key.created",
        "discount.withdrawn",
        "api_key.revoked",
        "timetable.publish",
        "timetable.undo",
    ];
    assert_eq!(actions, expected);
    let places = [office.karpaty.to_string(), office.website.to_string()];
    for (action, actor, subject, request_id, details) in &trail {
        assert!(actor.starts_with("usr_") && request_id.is_some(), "{action}");
        let is_placed = places
            .iter()
            .any(|place| subject == place || details["place"] == **place);
        assert!(is_placed, "{action} {subject} {details}");
        let text = details.to_string();
        assert!(!text.contains("Student") && !text.contains("Web shop"), "{text}");
    }
    assert_eq!(trail[0].4, json!({ "from": [], "to": ["24h:75%", "0h:10.5UAH"] }));
    assert_eq!(trail[2].4["accesses"], json!(["SEARCH"]));

    let operator = office.at_platform().await;
    let path = format!("/v2/ops/audit?subject={}", office.karpaty);
    let entries = operator.get(&path).await.data()["entries"].clone();
    let told: Vec<_> = entries
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["action"])
        .collect();
    assert_eq!(told, ["sales_settings.changed", "refund_rules.changed"]);
    assert!(entries[0]["actorName"].is_string());
    assert_eq!(entries[0]["reason"], "by a user of the company");
}

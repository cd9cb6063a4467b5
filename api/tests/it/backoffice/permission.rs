//! What a company allows partners to do.

use domain::access::Workplace;
use domain::role::Role;
use serde_json::{Value, json};

use crate::backoffice::counter::Counter;
use crate::backoffice::support::Office;
use crate::harness::answer::Seen;
use crate::harness::browser::Browser;

const PERMISSIONS: &str = "/v2/company/partner-permissions";

async fn set(admin: &Browser, partner: impl std::fmt::Display, accesses: Value) -> Seen {
    let path = format!("{PERMISSIONS}/{partner}");
    admin.put(&path, &json!({ "accesses": accesses })).await
}

#[tokio::test]
async fn withdrawn_permissions_end_at_once_for_earlier_offers_too() {
    let counter = Counter::open().await;
    let office = &counter.office;
    let admin = office.signed_in(Workplace::Company(counter.company), Role::Admin).await;
    let (website, reseller) = (counter.website().await, counter.partner(office.reseller).await);
    let token = website.token(50, "kyiv", "lviv", 1).await;
    let sold = website.sell(50, "kyiv", "lviv", 1).await;

    let seen = set(&admin, office.website, json!(["SEARCH", "SEARCH"])).await;
    let permission = &seen.body["data"]["permission"];
    assert_eq!((seen.status, &permission["accesses"]), (200, &json!(["SEARCH"])));
    assert_eq!(permission["updatedAt"], "2027-02-01T08:00:00.000Z");
    let seen = website.create(&token, 1).await;
    seen.refused(403, "FORBIDDEN");
    assert!(website.offer(50, "kyiv", "lviv", 1).await.is_some());
    assert_eq!(website.cancel(&sold.id).await.code(), "FORBIDDEN");
    assert_eq!(website.pay(&sold.id).await.status, 200, "what was sold can be paid");

    set(&admin, office.website, json!([])).await.status(200);
    assert!(website.offer(50, "kyiv", "lviv", 1).await.is_none());
    assert_eq!(reseller.left(50, "kyiv", "lviv").await, 49, "others sell on");
    set(&admin, office.website, json!(["CANCEL", "BOOK", "SEARCH"]))
        .await
        .status(200);
    assert_eq!(website.create(&token, 1).await.status, 201, "the same offer");
    website.cancel(&sold.id).await.status(200);
}

#[tokio::test]
async fn all_partners_are_listed_and_each_company_decides_for_itself() {
    let office = Office::open().await;
    let (karpaty, wisla) = (office.at_karpaty(Role::Admin).await, office.at_wisla(Role::Admin).await);
    let everything = json!(["SEARCH", "BOOK", "CANCEL"]);
    let row = |slug: &str, id: String, accesses: &Value, at: Value| json!({ "partner": { "id": id, "slug": slug, "name": slug }, "accesses": accesses, "updatedAt": at });
    let (website, reseller) = (office.website.to_string(), office.reseller.to_string());
    set(&karpaty, office.website, json!(["SEARCH"])).await.status(200);
    office.wait(chrono::TimeDelta::minutes(1));
    assert_eq!(
        set(&karpaty, office.website, json!(["SEARCH"])).await.status,
        200,
        "nothing changes"
    );
    let seen = karpaty.get(PERMISSIONS).await;
    let own = [
        row("reseller", reseller.clone(), &everything, Value::Null),
        row(
            "website",
            website.clone(),
            &json!(["SEARCH"]),
            "2027-02-01T08:00:00.000Z".into(),
        ),
    ];
    assert_eq!(seen.body["data"], json!({ "permissions": own, "total": 2 }));
    let seen = wisla.get(&format!("{PERMISSIONS}?take=1&skip=1")).await;
    let theirs = [row("website", website, &everything, Value::Null)];
    assert_eq!(seen.body["data"], json!({ "permissions": theirs, "total": 2 }));
    assert_eq!(
        karpaty.get(&format!("{PERMISSIONS}?take=101")).await.fields(),
        ["take max"]
    );
}

#[tokio::test]
async fn invalid_permissions_are_refused_and_change_nothing() {
    let office = Office::open().await;
    let admin = office.at_karpaty(Role::Admin).await;
    let path = format!("{PERMISSIONS}/{}", office.website);
    for (body, wrong) in [
        (json!({}), "accesses required"),
        (json!({ "accesses": null }), "accesses type"),
        (json!({ "accesses": "SEARCH" }), "accesses type"),
        (json!({ "accesses": ["SELL"] }), "accesses[0] enum"),
        (json!({ "accesses": ["SEARCH"], "role": "PARTNER" }), "role unknown"),
        (json!({ "accesses": vec!["SEARCH"; 11] }), "accesses maxLength"),
    ] {
        assert_eq!(admin.put(&path, &body).await.fields(), [wrong], "{body}");
    }
    for unknown in [
        "prt_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a",
        "cmp_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a",
        "x",
    ] {
        let seen = set(&admin, unknown, json!(["SEARCH"])).await;
        assert_eq!((seen.status, seen.code()), (404, "NOT_FOUND"), "{unknown}");
    }
    let grants: i64 = sqlx::query_scalar("select count(*) from partner_permissions")
        .fetch_one(office.pool())
        .await
        .unwrap();
    assert_eq!(grants, 0);
}

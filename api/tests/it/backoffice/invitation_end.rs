//! Invitations end with the right of the user who wrote them, and are limited.

use domain::access::Workplace;
use domain::role::Role;
use futures::future::join_all;
use serde_json::json;

use crate::backoffice::people::{accept, invite, invited, newcomer, patch};
use crate::backoffice::support::Office;

const BO: &str = "bo@example.com";

#[tokio::test]
async fn invitations_end_when_their_writer_may_invite_no_more() {
    let office = Office::open().await;
    let place = Workplace::Company(office.karpaty);
    let admin = office.at_karpaty(Role::Admin).await;
    for end in ["withdrawn", "demoted", "withdrawn by operators", "barred by operators"] {
        let bo = office.signed_in(place, Role::Admin).await;
        let me = bo.get("/v2/auth/me").await.body["data"]["user"].clone();
        let (id, email) = (me["id"].as_str().unwrap(), me["email"].as_str().unwrap());
        let (_, token) = invited(&office, &bo, BO, "ADMIN").await;
        let path = format!("/v2/people/{id}");
        let withdraw = ["withdraw-access", "--email", email, "--access", "company:karpaty"];
        let is_done = match end {
            "withdrawn" => admin.delete(&path).await.status == 204,
            "demoted" => patch(&admin, &path, &json!({ "role": "MANAGER" })).await.status == 200,
            "withdrawn by operators" => office.admin(&withdraw, "").await.0 == 0,
            _ => office.admin(&["disable-user", "--email", email], "").await.0 == 0,
        };
        assert!(is_done, "{end}");
        let open = admin.get("/v2/people/invitations").await;
        assert_eq!(open.body["data"]["total"], 0, "{end}");
        accept(&office.browser(), &token, newcomer()).await.refused(410, "GONE");
    }
}

#[tokio::test]
async fn of_invitations_at_the_same_time_one_of_an_address_is_open_and_five_a_day_are_written() {
    let office = Office::open().await;
    let admin = office.at_karpaty(Role::Admin).await;
    let seen = join_all((0..8).map(|_| invite(&admin, BO, "MANAGER"))).await;
    let mut codes: Vec<_> = seen.iter().map(|seen| seen.status).collect();
    codes.sort_unstable();
    assert_eq!(codes, [201, 201, 201, 201, 201, 429, 429, 429]);
    let open = admin.get("/v2/people/invitations").await;
    assert_eq!(open.body["data"]["total"], 1);
    invite(&admin, "other@example.com", "MANAGER").await.status(201);
}

#[tokio::test]
async fn operators_who_withdraw_an_access_end_the_reports_by_mail() {
    let office = Office::open().await;
    let admin = office.at_karpaty(Role::Admin).await;
    let place = Workplace::Company(office.karpaty);
    office.person(BO, &[(place, Role::Manager)]).await;
    let schedule = json!({
        "period": "lastWeek", "dateField": "departureDate", "delimiter": ";", "decimal": ",", "weekdays": ["Monday"],
        "time": "07:00", "language": "UK", "recipients": [BO, "accounts@example.org"],
    });
    admin.post("/v2/reports/schedules", &schedule).await.status(201);
    let grant = ["grant-access", "--email", BO, "--access", "company:karpaty:DISPATCHER"];
    assert_eq!(office.admin(&grant, "").await.0, 0);
    let left = admin.get("/v2/reports/schedules").await;
    assert_eq!(
        left.body["data"]["schedules"][0]["recipients"],
        json!(["accounts@example.org"])
    );
}
